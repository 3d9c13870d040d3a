// balance: hash.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct HashTests {
    /// What a key is made from, and a request with a key.
    struct Source: CustomTestStringConvertible, Sendable {
        let hash: String
        let request: @Sendable (_ key: Int) -> (line: String, fields: [String])
        var testDescription: String { hash }
    }

    static let sources = [
        Source(hash: "header X-Tenant") { ("GET /\($0 % 7)", ["x-tenant: tenant-\($0)"]) },
        Source(hash: "cookie id") { ("GET /", ["Cookie: a=\($0 % 7); id=user-\($0); z=1"]) },
        Source(hash: "query user") { ("GET /find?page=\($0 % 7)&user=u\($0)", []) },
        Source(hash: "path") { ("GET /page/\($0)?random=\($0 % 7)", []) },
    ]

    /// The server of each of some keys.
    private func servers(_ martlet: RunningMartlet, _ source: Source, keys: Range<Int>) throws -> [String] {
        let client = try martlet.connect()
        return try keys.map { key in
            let request = source.request(key)
            return try client.exchange(request.line, request.fields).text
        }
    }

    @Test(arguments: sources)
    func aKeyHasItsServerInEveryProxy(source: Source) throws {
        let fleet = try Fleet(4)
        let lines = ["balance: hash", "hash: \(source.hash)"]
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            let first = try servers(martlet, source, keys: 0..<40)
            #expect(Set(first).count == 4)
            #expect(try servers(martlet, source, keys: 0..<40) == first)
            // The order of the servers in the config says nothing.
            try withBalanced(Configs.balanced(fleet.addresses.reversed(), workers: 2, lines)) { other in
                let again = try servers(other, source, keys: 0..<40)
                let list = try other.admin("/servers").text
                #expect(again == first, "\(list)\n\(other.errors)")
            }
        }
    }

    @Test(arguments: sources)
    func keysOfOthersStayWhenAServerLeaves(source: Source) throws {
        let fleet = try Fleet(4)
        let config = Configs.balanced(fleet.addresses, ["balance: hash", "hash: {key: \(source.hash), bound: off}"])
        try withBalanced(config) { martlet in
            let before = try servers(martlet, source, keys: 0..<80)
            try martlet.order(fleet.addresses[2], "maintenance")
            let after = try servers(martlet, source, keys: 0..<80)
            #expect(!after.contains("2"))
            let moved = zip(before, after).count { $0 != $1 && $0 != "2" }
            #expect(moved <= 8, "\(moved) keys of servers that stayed have moved")
            try martlet.order(fleet.addresses[2], "up")
            #expect(try servers(martlet, source, keys: 0..<80) == before)
        }
    }

    /// The client's address is the key by default, and for requests that have no key.
    @Test(arguments: [
        ["balance: hash"], ["balance: hash", "hash: client-address"], ["balance: hash", "hash: header X"],
    ])
    func aClientHasItsServer(lines: [String]) throws {
        let fleet = try Fleet(4)
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            let tally = try martlet.tally(10)
            #expect(tally.count == 1)
            #expect(try martlet.tally(10) == tally)
        }
    }

    @Test(.enabled(if: MartletBinary.hasProgram("curl")))
    func clientsOfOtherAddressesHaveOtherServers() throws {
        let fleet = try Fleet(4)
        try withBalanced(Configs.balanced(fleet.addresses, ["balance: hash"])) { martlet in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            let arguments = { (client: Int) in ["-s", "--interface", "127.0.0.\(client)", url] }
            let first = try (2..<14).map { try ChildProcess.run("curl", arguments($0)).output }
            let second = try (2..<14).map { try ChildProcess.run("curl", arguments($0)).output }
            #expect(first == second && Set(first).count > 1)
        }
    }

    @Test(arguments: [("125%", 3), ("200%", 4), ("off", 8)])
    func aBoundLetsAPopularKeySpillOver(bound: String, most: Int) throws {
        let fleet = try Fleet(4)
        let lines = ["balance: hash", "hash: {key: header X-Key, bound: \(bound)}"]
        try withBalanced(Configs.balanced(fleet.addresses, lines)) { martlet in
            let clients = try fleet.hold(8, at: martlet, ["X-Key: popular"])
            #expect(fleet.active.max() == most, "\(fleet.active)")
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
        }
    }

    @Test func weightsHold() throws {
        let fleet = try Fleet(2)
        let servers = [fleet.addresses[0], Configs.server(fleet.addresses[1], "weight: 3")]
        let lines = ["balance: hash", "hash: path"]
        try withBalanced(Configs.balanced(servers, lines)) { martlet in
            let client = try martlet.connect()
            let texts = try (0..<200).map { try client.exchange("GET /\($0)").text }
            // Around 50, within five standard deviations.
            let light = texts.count { $0 == "0" }
            #expect((20...80).contains(light), "\(light) of 200 keys are the light server's")
        }
    }
}
