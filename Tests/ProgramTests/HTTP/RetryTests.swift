// When another connection, or another server, is tried.
import MartletTestSupport
import Testing

@Suite struct RetryTests {
    /// Answers the first request of its first connection, and dies of the second before a byte of response.
    private static func dyingServer(resets: Bool) throws -> (server: ScriptedServer, seen: Monitor<[String]>) {
        let seen = Monitor<[String]>([])
        let server = try ScriptedServer { socket, number in
            while let request = try socket.readRequest() {
                seen.change { $0.append("\(number) \(request.target) \(request.text)") }
                if number == 0 && request.target != "/first" { return resets ? socket.reset() : () }
                try socket.send(response(200, "from \(number)"))
            }
        }
        return (server, seen)
    }

    @Test(arguments: ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"], [true, false])
    func aSafeRequestThatDiesOnAReusedConnectionIsSentAgain(method: String, resets: Bool) throws {
        let (server, seen) = try Self.dyingServer(resets: resets)
        try withMartlet(Configs.proxy(to: server)) { martlet in
            _ = try martlet.request("GET /first")
            let answer = try martlet.request(method + " /second", content: method == "PUT" ? "content" : "")
            #expect(answer.status == 200)
            let content = method == "PUT" ? "content" : ""
            #expect(seen.value == ["0 /first ", "0 /second \(content)", "1 /second \(content)"])
            try martlet.waitForMetric("martlet_upstream_requests_resent_total", 1)
        }
    }

    @Test(arguments: ["POST", "PATCH", "UNKNOWN"], [true, false])
    func oneThatIsNotSafeIsNotSentTwice(method: String, resets: Bool) throws {
        let (server, seen) = try Self.dyingServer(resets: resets)
        try withMartlet(Configs.proxy(to: server)) { martlet in
            _ = try martlet.request("GET /first")
            #expect(try martlet.request(method + " /second", content: "content").status == 502)
            #expect(seen.value == ["0 /first ", "0 /second content"])
            let line = try martlet.accessLogLine(target: "/second")
            #expect(line["side"] == "server" && line["server"] == server.address)
        }
    }

    /// A request that the server may have carried out is tried again only if it is idempotent, and `retry` lets it.
    @Test(arguments: [("GET", "attempts: 3", 3), ("POST", "attempts: 3", 1), ("POST", "methods: all", 3)])
    func aFreshConnectionThatDiesIsTheServersAnswer(method: String, retry: String, count: Int) throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        try withMartlet(Configs.proxy(to: server, upstream: ["retry: {\(retry), pause: 1ms}"])) { martlet in
            let answer = try martlet.request(method + " /", content: method == "POST" ? "content" : "")
            #expect(answer.status == 502)
            #expect(server.connectionCount == count)
            let retries = try martlet.metrics["martlet_retries_total"]
            #expect(retries == Double(count - 1))
        }
    }

    @Test func withoutRetriesAFreshConnectionThatDiesIsTheEnd() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        try withMartlet(Configs.proxy(to: server, upstream: ["retry: off"])) { martlet in
            let answer = try martlet.request("GET /")
            #expect(answer.status == 502)
            #expect(server.connectionCount == 1)
        }
    }

    /// For an idle connection that the server has closed meanwhile, whatever `retry` says.
    @Test func aRequestIsSentAgainOnceOnly() throws {
        let server = try ScriptedServer { socket, number in
            while let request = try socket.readRequest() {
                if request.target != "/first" { return }
                try socket.send(response(200))
            }
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["retry: off"])) { martlet in
            _ = try martlet.request("GET /first")
            #expect(try martlet.request("GET /second").status == 502)
            #expect(server.connectionCount == 2)
        }
    }

    /// Ports on which nobody listens. They are kept, so that no server of another test gets one.
    private static let dead = (0..<3).compactMap { _ in try? ReservedPort() }

    private static func deadAddress(_ index: Int = 0) throws -> String {
        try #require(dead.count == 3)
        return "127.0.0.1:\(dead[index].port)"
    }

    @Test func anotherServerIsTriedWhenOneDoesNotConnect() throws {
        let origin = try Origin { response(200, $0.text) }
        let config = Configs.proxy(to: [try Self.deadAddress(), origin.address, try Self.deadAddress(1)])
        try withMartlet(config) { martlet in
            // Nothing was sent yet, so that a POST may go elsewhere, too.
            let texts = try (0..<6).map { try martlet.request("POST /", content: "\($0)").text }
            #expect(texts == ["0", "1", "2", "3", "4", "5"])
            #expect(origin.requests.count == 6)
            #expect(try martlet.metrics["martlet_upstream_connect_failures_total"] ?? 0 > 0)
        }
    }

    @Test func attemptsAreALimit() throws {
        let origin = try Origin()
        let servers = [try Self.deadAddress(), try Self.deadAddress(1), try Self.deadAddress(2), origin.address]
        // In turns, and none is left alone: which servers are tried is known.
        let upstream = [
            "balance: round-robin", "ejection: off", "retry: {attempts: 2}", "queue: {noServerTimeout: 0s}",
        ]
        try withMartlet(Configs.proxy(to: servers, upstream: upstream)) { martlet in
            let statuses = try (0..<8).map { _ in try martlet.request("GET /").status }
            #expect(statuses.contains(502) && statuses.contains(200))
        }
    }

    @Test func allServersDownIsABadGatewayIfNobodyIsToWait() throws {
        let servers = [try Self.deadAddress(), try Self.deadAddress(1)]
        try withMartlet(Configs.proxy(to: servers, upstream: ["queue: {noServerTimeout: 0s}"])) { martlet in
            let client = try martlet.connect()
            // The connection stays: the client has done nothing wrong.
            for _ in 0..<3 {
                let answer = try client.exchange("POST /", content: "abc")
                #expect(answer.status == 502 && answer["Connection"] == nil)
            }
            #expect(try martlet.metrics["martlet_upstream_connect_failures_total"] == 9)
            #expect(try martlet.metrics["martlet_queue_entered_total"] == 0)
        }
    }

    @Test func allServersDownIsWaitedForAndThenUnavailable() throws {
        let servers = [try Self.deadAddress(), try Self.deadAddress(1)]
        try withMartlet(Configs.proxy(to: servers, upstream: ["queue: {noServerTimeout: 300ms}"])) { martlet in
            let client = try martlet.connect()
            for _ in 0..<2 {
                let start = ContinuousClock.now
                let answer = try client.exchange("POST /", content: "abc")
                #expect(ContinuousClock.now - start >= .milliseconds(300))
                #expect(answer.status == 503 && answer["Retry-After"] != nil && answer["Connection"] == nil)
            }
            let metrics = try martlet.metrics
            #expect(metrics["martlet_queue_timeouts_total"] == 2 && metrics["martlet_queue_waiting"] == 0)
            #expect(metrics["martlet_unanswered_total"] == 0)
        }
    }
}
