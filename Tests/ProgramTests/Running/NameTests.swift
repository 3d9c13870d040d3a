import MartletTestSupport
import Testing

/// Servers with names, looked up beside the loops.
@Suite(.timeLimit(.minutes(20))) struct NameTests {
    /// Too long for DNS: it fails at once, whatever resolver this host has.
    private static let bad = String(repeating: "a", count: 63) + "." + String(repeating: "b", count: 63) + ".invalid"

    @Test func localhostIsAServer() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: ["localhost:\(origin.server.port)"])) { martlet in
            try eventually("resolved") { try martlet.request("GET /a").text == "/a" }
            let metrics = try martlet.metrics
            #expect(metrics["martlet_dns_lookups_total{result=\"ok\"}"] ?? 0 >= 1)
            let labels = "{upstream=\"app\",server=\"localhost:\(origin.server.port)\"}"
            #expect(metrics["martlet_server_requests_total\(labels)"] ?? 0 >= 1)
            #expect(martlet.errors.contains("server's name resolved"))
        }
    }

    @Test func aNameIsLookedUpAgain() throws {
        let origin = try Origin()
        let config = Configs.proxy(to: ["localhost:\(origin.server.port)"], upstream: ["resolveInterval: 100ms"])
        try withMartlet(config) { martlet in
            try eventually("looked up again") {
                try martlet.metrics["martlet_dns_lookups_total{result=\"ok\"}"] ?? 0 >= 4
            }
            #expect(try martlet.request("GET /a").text == "/a")
            #expect(martlet.errors.split(separator: "\n").count { $0.contains("name resolved") } == 1)
        }
    }

    @Test func aNameThatDoesNotResolveHoldsUpNobody() throws {
        let origin = try Origin()
        let config = """
            listeners: [{address: 127.0.0.1:0}]
            admin: {address: 127.0.0.1:0}
            routes: [{host: good, upstream: good}, {host: bad, upstream: bad}, {host: mixed, upstream: mixed}]
            upstreams:
              good: {servers: ["\(origin.address)"]}
              bad: {servers: ["\(Self.bad):80"], queue: {noServerTimeout: 0s}}
              mixed: {servers: ["\(Self.bad):80", "\(origin.address)"]}
            """
        let start = ContinuousClock.now
        try withMartlet(config) { martlet in
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(try martlet.request("GET /", ["Host: good"]).status == 200)
            #expect(try martlet.request("GET /", ["Host: bad"]).status == 503)
            let mixed = try (0..<6).map { _ in try martlet.request("GET /", ["Host: mixed"]).status }
            #expect(mixed == [200, 200, 200, 200, 200, 200])
            try eventually("told") { martlet.errors.contains("server's name does not resolve") }
            #expect(try martlet.metrics["martlet_requests_without_server_total"] == 1)
            try eventually("counted") { try martlet.metrics["martlet_dns_lookups_total{result=\"failed\"}"] ?? 0 >= 2 }
        }
    }
}
