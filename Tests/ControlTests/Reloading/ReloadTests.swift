import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTestSupport
import Testing

@testable import MartletControl

@Suite(.timeLimit(.minutes(20)), .oneAtATime) struct ReloadTests {
    private static let listener = "listeners: [{address: '127.0.0.1:0'}]\n"

    private static func config(_ routes: String, _ upstreams: String) -> String {
        listener + "routes: [\(routes)]\nupstreams: {\(upstreams)}\n"
    }

    @Test func aConnectionTakesTheNewRouteAtItsNextRequest() async throws {
        let (a, b) = (try ScriptedServer.named("a"), try ScriptedServer.named("b"))
        // However long the test takes, nothing is closed because of that.
        let pool = "pool: {idleTimeout: 1h}"
        let upstreams = "a: {servers: ['\(a.address)'], \(pool)}, b: {servers: ['\(b.address)'], \(pool)}"
        let proxy = try ReloadedProxy(Self.config("{upstream: a}, {path: /b, upstream: b}", upstreams))
        let client = try proxy.connect()
        #expect(try client.get().text == "a")
        try await proxy.reload(Self.config("{path: /x, upstream: a}, {path: /*, upstream: b}", upstreams))
        #expect(try client.get().text == "b")
        #expect(try client.get("/x").text == "a")
        #expect(a.connectionCount == 1, "the idle connection to the server is kept")
        await proxy.end()
    }

    @Test func serversComeAndGo() async throws {
        let (a, b) = (try ScriptedServer.named("a"), try ScriptedServer.named("b"))
        let proxy = try ReloadedProxy(
            Self.config("{upstream: u}", "u: {servers: ['\(a.address)'], balance: round-robin}"))
        let client = try proxy.connect()
        #expect(try client.get().text == "a")
        try await proxy.reload(
            Self.config("{upstream: u}", "u: {servers: ['\(a.address)', '\(b.address)'], balance: round-robin}"))
        #expect(Set(try (0..<4).map { _ in try client.get().text }) == ["a", "b"])
        let note = try await proxy.reload(
            Self.config("{upstream: u}", "u: {servers: ['\(b.address)'], balance: round-robin}"))
        #expect(note.draining == ["server u/\(a.address)"])
        #expect(Set(try (0..<4).map { _ in try client.get().text }) == ["b"])
        await proxy.end()
    }

    @Test func whatIsOnItsWayComesAsItsRouteWanted() async throws {
        let gate = Monitor(false)
        let (a, b) = (try ScriptedServer.named("a", gate), try ScriptedServer.named("b"))
        let old = "{upstream: a, responseFields: {set: {X-Route: '{path}'}}}"
        let proxy = try ReloadedProxy(Self.config(old, "a: {servers: ['\(a.address)']}"))
        let client = try proxy.connect()
        try client.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(a.waitForConnections(1))
        let other = "{upstream: b, responseFields: {set: {X-Other: b}}}"
        let note = try await proxy.reload(Self.config(other, "b: {servers: ['\(b.address)']}"))
        #expect(note.draining == ["upstream a", "server a/\(a.address)"])
        // And once more, so that what the exchange refers to is moved twice.
        try await proxy.reload(Self.config("{upstream: b}", "b: {servers: ['\(b.address)']}"))
        gate.change { $0 = true }
        let response = try client.readResponse()
        #expect(response.text == "a")
        #expect(response.values("X-Route") == ["/slow"])
        let next = try client.get()
        #expect(next.text == "b" && next.values("X-Route") == [])
        await proxy.end()
    }

    @Test func whatCannotBeHadChangesNothing() async throws {
        let a = try ScriptedServer.named("a")
        let proxy = try ReloadedProxy(Self.config("{upstream: a}", "a: {servers: ['\(a.address)']}"))
        let client = try proxy.connect()
        #expect(try client.get().text == "a")
        let taken = "listeners: [{address: '127.0.0.1:0'}, {address: '\(a.address)'}]\n"
        let result = await proxy.server.reload(try ReloadedProxy.parse(taken + "routes: [{respond: {status: 204}}]\n"))
        #expect(result.failure == .listening(address: a.address, .addressInUse))
        #expect(proxy.server.addresses.count == 1)
        #expect(try client.get().text == "a")
        await proxy.end()
    }

    @Test func moreServersThanThereIsRoomForAreRefused() async throws {
        let a = try ScriptedServer.named("a")
        let limits = "limits: {servers: 1}\n"
        let proxy = try ReloadedProxy(limits + Self.config("{upstream: a}", "a: {servers: ['\(a.address)']}"))
        let more = Self.config("{upstream: a}", "a: {servers: ['\(a.address)', '127.0.0.1:1']}")
        let result = await proxy.server.reload(try ReloadedProxy.parse(more))
        #expect(result.failure == .noRoom("limits.servers", "servers", 1))
        #expect(try proxy.get().text == "a")
        await proxy.end()
    }

    @Test func listenersComeAndGo() async throws {
        let a = try ScriptedServer.named("a")
        let rest = "routes: [{upstream: a}]\nupstreams: {a: {servers: ['\(a.address)']}}\n"
        let proxy = try ReloadedProxy("listeners: [{address: '127.0.0.1:0'}]\n" + rest)
        let first = try proxy.connect()
        #expect(try first.get().text == "a")
        try await proxy.reload("listeners: [{address: '127.0.0.1:0'}, {address: '127.0.0.1:0', name: two}]\n" + rest)
        let second = try proxy.connect(1)
        #expect(try second.get().text == "a")
        let port = proxy.server.addresses[1].port
        let note = try await proxy.reload("listeners: [{address: '127.0.0.1:0'}]\n" + rest)
        #expect(note.draining == ["listener two"])
        #expect(throws: TestFailure.self) { try TestSocket(port: port) }
        #expect(try second.receiveUntilEnd() == [], "an idle connection is closed")
        #expect(try first.get().text == "a")
        await proxy.end()
    }

    @Test func manyReloadsLeaveNothingBehind() async throws {
        let servers = try (0..<4).map { try ScriptedServer.named("\($0)") }
        let proxy = try ReloadedProxy(
            Self.config("{upstream: u}", "u: {servers: ['\(servers[0].address)'], balance: round-robin}"))
        let client = try proxy.connect()
        for round in 0..<300 {
            let (one, other) = (servers[round % 4].address, servers[(round + 1) % 4].address)
            let fields = "responseFields: {set: {X-Round: '\(round)'}}"
            try await proxy.reload(
                Self.config(
                    "{path: /r\(round), upstream: u}, {upstream: v\(round % 3), \(fields)}",
                    "u: {servers: ['\(one)']}, v\(round % 3): {servers: ['\(one)', '\(other)'], balance: round-robin}"))
            let response = try client.get()
            #expect(response.status == 200 && response.values("X-Round") == ["\(round)"])
        }
        let model = proxy.server.model
        #expect(
            model.servers.count <= 16 && model.upstreams.count <= 8, "\(model.servers.count) \(model.upstreams.count)")
        await proxy.end()
    }

    @Test func settingsThatCannotChangeAreNamed() async throws {
        let proxy = try ReloadedProxy(Self.listener)
        let note = try await proxy.reload(
            Self.listener + "workers: 7\nlimits: {connections: 9, uri: 1KiB}\ntimeouts: {idle: 3s}\n")
        #expect(note.atNextStart == ["workers", "limits.connections"])
        #expect(proxy.server.model.settings.connections == 50_000)
        #expect(proxy.server.model.settings.idleTime == 3_000)
        let client = try proxy.connect()
        #expect(try client.get("/" + String(repeating: "a", count: 2_000)).status == 414)
        await proxy.end()
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
