// Requests that are tied to a server, by a cookie or by a key.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct AffinityTests {
    private func servers(_ count: Int) throws -> [ScriptedServer] {
        try (0..<count).map { try ScriptedServer.answering(Responses.named("\($0)")) }
    }

    private func end(_ proxy: TestProxy, _ servers: [ScriptedServer]) throws {
        for server in servers { server.stop() }
        try proxy.end()
    }

    // MARK: Cookies

    private func sticky(_ servers: [ScriptedServer]) -> ProxySetup {
        ProxySetup(servers.map { ServerModel($0) }).inOrder.with {
            let values = servers.indices.map { "secret\($0)" }
            $0.affinity.sticky = StickyModel(cookie: "lb", attributes: "; Path=/; HttpOnly", values: values)
        }
    }

    @Test func aCookieIsSetOnce() throws {
        let servers = try servers(2)
        let proxy = try TestProxy(sticky(servers))
        let first = try proxy.answer()
        #expect(first.text == "0" && first.values("Set-Cookie") == ["lb=secret0; Path=/; HttpOnly"])
        let next = try proxy.answer(to: Requests.get("/", "Cookie: lb=secret0"))
        #expect(next.text == "0" && next["Set-Cookie"] == nil)
        try end(proxy, servers)
    }

    /// The second server's cookie leads there, although the first would be chosen; anything else is nobody's.
    @Test(
        arguments: [
            ("lb=secret1", "1", nil), ("a=b; lb=secret1; c=d", "1", nil), ("a=b;lb=secret1", "1", nil),
            ("lb=secret2", "0", "lb=secret0"), ("lb=", "0", "lb=secret0"), ("lb", "0", "lb=secret0"),
            ("lb=secret1x", "0", "lb=secret0"), ("lb=SECRET1", "0", "lb=secret0"), ("LB=secret1", "0", "lb=secret0"),
            ("xlb=secret1", "0", "lb=secret0"), ("lb=secret1,", "0", "lb=secret0"), ("", "0", "lb=secret0"),
            // The first that is ours holds.
            ("lb=forged; lb=secret1", "0", "lb=secret0"),
        ] as [(String, String, String?)])
    func aCookieIsHonouredIfItIsOurs(cookie: String, server: String, set: String?) throws {
        let servers = try servers(2)
        let proxy = try TestProxy(sticky(servers))
        let answer = try proxy.answer(to: Requests.get("/", "Cookie: \(cookie)"))
        #expect(answer.text == server)
        #expect(answer["Set-Cookie"] == set.map { $0 + "; Path=/; HttpOnly" })
        try end(proxy, servers)
    }

    @Test func theSecondCookieLineIsReadAsWell() throws {
        let servers = try servers(2)
        let proxy = try TestProxy(sticky(servers))
        #expect(try proxy.answer(to: Requests.get("/", "Cookie: a=b", "Cookie: lb=secret1")).text == "1")
        try end(proxy, servers)
    }

    /// Gone from the roster, unreachable, or full: another server answers, and has the client from now on.
    @Test(arguments: ["gone", "refuses", "full"])
    func anotherServerTakesOver(fault: String) throws {
        let servers = try servers(2)
        let dead = try ReservedPort()
        let setup = sticky(servers).with {
            if fault == "refuses" { $0.servers[1] = ServerModel(port: dead.port) }
            $0.inFlightLimit = 5
        }
        let proxy = try TestProxy(setup)
        if fault == "gone" { try proxy.tell(.roster(upstream: 0, setup.roster([0]))) }
        if fault == "full" { for _ in 0..<5 { #expect(proxy.balance.loads.begin(1)) } }
        let answer = try proxy.answer(to: Requests.get("/", "Cookie: lb=secret1"))
        #expect(answer.text == "0" && answer["Set-Cookie"] == "lb=secret0; Path=/; HttpOnly")
        if fault == "full" { for _ in 0..<5 { proxy.balance.loads.end(1) } }
        try end(proxy, servers)
    }

    /// Our own pages are no server's.
    @Test func errorPagesSetNoCookie() throws {
        let dead = try ReservedPort()
        let proxy = try TestProxy(
            ProxySetup([ServerModel(port: dead.port)]).with {
                $0.affinity.sticky = StickyModel(cookie: "lb", attributes: "", values: ["a"])
            })
        let answer = try proxy.answer()
        #expect(answer.status == 502 && answer["Set-Cookie"] == nil)
        try proxy.end()
    }

    // MARK: Keys

    private func hashed(_ servers: [ScriptedServer], by key: KeySource) -> ProxySetup {
        ProxySetup(servers.map { ServerModel($0) }).with {
            $0.health.policy = .hash(bound: 0)
            $0.affinity.key = key
        }
    }

    /// A request whose key is a number, and other things that do not matter.
    private func request(_ key: KeySource, _ number: Int, other: Int) -> String {
        switch key {
        case .clientAddress: Requests.get("/\(other)")
        case .path: Requests.get("/\(number)?x=\(other)")
        case .query(let name): Requests.get("/\(other)?a=b&\(name)=\(number)")
        case .field(let name): Requests.get("/\(other)", "\(name.uppercased()): \(number)")
        case .cookie(let name): Requests.get("/\(other)", "Cookie: a=\(other); \(name)=\(number)")
        }
    }

    /// Requests with the same key go to the same server, and those with others to others: of so many, to each of the four.
    @Test(arguments: [KeySource.path, .query("k"), .field("x-key"), .cookie("k")])
    func aKeyLeadsToAServer(key: KeySource) throws {
        let servers = try servers(4)
        let proxy = try TestProxy(hashed(servers, by: key))
        var found: Set<String> = []
        for number in 0..<64 {
            let answers = Set(try (0..<3).map { try proxy.answer(to: request(key, number, other: $0)).text })
            #expect(answers.count == 1, "key \(number)")
            found.formUnion(answers)
        }
        #expect(found.count == 4)
        try end(proxy, servers)
    }

    /// All clients of these tests have the same address; whoever lacks the key is spread by it, too.
    @Test(arguments: [KeySource.clientAddress, .query("k"), .field("x-key"), .cookie("k")])
    func withoutAKeyItIsTheAddress(key: KeySource) throws {
        let servers = try servers(4)
        let proxy = try TestProxy(hashed(servers, by: key))
        let answers = Set(try (0..<12).map { try proxy.answer(to: Requests.get("/\($0)")).text })
        #expect(answers.count == 1)
        try end(proxy, servers)
    }

    /// Another loop, or another proxy, leads a key to the same server.
    @Test func allProxiesAgree() throws {
        let servers = try servers(4)
        let proxies = try (0..<2).map { _ in try TestProxy(hashed(servers, by: .path)) }
        for number in 0..<16 {
            let answers = Set(try proxies.map { try $0.answer(to: Requests.get("/\(number)")).text })
            #expect(answers.count == 1)
        }
        for server in servers { server.stop() }
        for proxy in proxies { try proxy.end() }
    }
}
