// Requests of one route for several upstreams.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct SplitTests {
    /// Two upstreams, `old` and `new`, that answer with their names.
    private func withSplit(_ split: String, _ test: (RunningMartlet) throws -> Void) throws {
        let origins = try ["old", "new"].map { name in try Origin { _ in response(200, name) } }
        let config = """
            workers: 1
            listeners: [{address: "127.0.0.1:0", proxyProtocol: [127.0.0.1]}]
            admin: {address: "127.0.0.1:0"}
            routes: [{split: {\(split)}}]
            upstreams:
              old: {servers: ["\(origins[0].address)"]}
              new: {servers: ["\(origins[1].address)"]}
            """
        try withMartlet(config, test)
    }

    /// Who answers a client of this address.
    private func ask(_ martlet: RunningMartlet, from client: Int = 1, _ fields: [String] = []) throws -> HTTPResponse {
        let socket = try martlet.connect()
        let address = "10.0.\(client / 250).\(client % 250 + 1)"
        try socket.send("PROXY TCP4 \(address) 192.0.2.9 4000 80\r\n" + requestText("GET /", fields))
        return try socket.readResponse()
    }

    @Test func clientsAreSharedOutByWeightAndStay() throws {
        try withSplit("upstreams: {old: 80, new: 20}") { martlet in
            var counts: [String: Int] = [:]
            for client in 0..<300 {
                let first = try ask(martlet, from: client).text
                counts[first, default: 0] += 1
                if client % 10 == 0 { #expect(try ask(martlet, from: client).text == first) }
            }
            // 60 of 300 are expected; six standard deviations are 42.
            #expect((18...102).contains(counts["new"] ?? 0) && counts.count == 2)
            let metrics = try martlet.metrics
            let shares = ["old", "new"].map {
                metrics["martlet_route_split_requests_total{route=\"routes[0]\",upstream=\"\($0)\"}"] ?? 0
            }
            #expect(shares[0] + shares[1] == 330 && shares[1] >= Double(counts["new"] ?? 0))
        }
    }

    @Test func aRandomShareIsNotTheClients() throws {
        try withSplit("upstreams: {old: 50, new: 50}, key: random") { martlet in
            let answers = try Set((0..<64).map { _ in try ask(martlet).text })
            #expect(answers == ["old", "new"])
        }
    }

    @Test func aKeyPlacesRequests() throws {
        try withSplit("upstreams: {old: 50, new: 50}, key: header X-User") { martlet in
            let users = try (0..<64).map { try ask(martlet, ["X-User: u\($0)"]).text }
            #expect(Set(users) == ["old", "new"])
            for user in 0..<8 { #expect(try ask(martlet, from: 7, ["X-User: u\(user)"]).text == users[user]) }
        }
    }

    @Test func aFieldNamesTheUpstream() throws {
        try withSplit("upstreams: {old: 1, new: 0}, override: X-Upstream, sticky: {cookie: release}") { martlet in
            let named = try ask(martlet, ["X-Upstream: new"])
            #expect(named.text == "new" && named["Set-Cookie"] == nil)
            #expect(try ask(martlet, ["X-Upstream: none"]).text == "old")
            #expect(try ask(martlet).text == "old")
        }
    }

    @Test func aCookieKeepsTheUpstream() throws {
        let split = "key: random, sticky: {cookie: release, secret: 0123456789abcdef0123456789abcdef, ttl: 60s}"
        var kept: [(pair: String, upstream: String)] = []
        try withSplit("upstreams: {old: 50, new: 50}, " + split) { martlet in
            for _ in 0..<16 {
                let answer = try ask(martlet)
                let field = try #require(answer["Set-Cookie"])
                #expect(field.hasSuffix("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"))
                #expect(!field.contains("old") && !field.contains("new"))
                let pair = String(field.prefix { $0 != ";" })
                kept.append((pair, answer.text))
                let again = try ask(martlet, ["Cookie: a=b; " + pair])
                #expect(again.text == answer.text && again["Set-Cookie"] == nil)
            }
            let forged = try ask(martlet, ["Cookie: release=new"])
            #expect(forged["Set-Cookie"] != nil)
        }
        // Weights change, clients stay.
        try withSplit("upstreams: {old: 0, new: 100}, " + split) { martlet in
            for (pair, upstream) in kept {
                let answer = try ask(martlet, ["Cookie: " + pair])
                #expect(answer.text == upstream)
            }
        }
    }
}
