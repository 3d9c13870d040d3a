// Whatever happens at the same time: each answer belongs to its request.
import MartletTestSupport
import Testing

@Suite(.serialized) struct SoakTests {
    @Test func eachAnswerBelongsToItsRequest() throws {
        let servers = [try SoakServer.start(), try SoakServer.start()]
        // A server that is left alone for its failures, which are many here, has requests wait for another one.
        let config = Configs.proxy(
            to: servers.map(\.address), workers: 2, upstream: ["pool: {maxIdle: 40}", "ejection: off"])
        try withMartlet(config) { martlet in
            let port = try martlet.port()
            let outcome = try Self.run(.seconds(5)) { SoakClient(port: port, name: $0) }
            // All that is not zero tells why, should it be otherwise.
            let seen = try martlet.metrics.filter { $0.value != 0 && !$0.key.contains("_seconds") }
            #expect(outcome.failures.prefix(5) == [], "\(martlet.errors.suffix(4_000)) \(seen)")
            #expect(outcome.answers > 2_000)
            try Self.checkThatNothingIsLeft(martlet, servers)
        }
    }

    /// Nothing stays but the connection that asks, and the pool.
    private static func checkThatNothingIsLeft(_ martlet: RunningMartlet, _ servers: [ScriptedServer]) throws {
        try martlet.waitForMetric("martlet_connections_active", 1)
        try martlet.waitForMetric("martlet_exchanges_active", 1)
        for server in servers {
            let name = "martlet_server_requests_active{upstream=\"app\",server=\"\(server.address)\"}"
            try martlet.waitForMetric(name, 0)
        }
        let metrics = try martlet.metrics
        let idle = metrics["martlet_pool_idle_connections"] ?? .infinity
        #expect(metrics["martlet_upstream_connections_active"] == idle)
        // What one question takes.
        #expect(metrics["martlet_buffer_bytes"] ?? .infinity < 200_000)
        // Listeners, loops and logs have some, too.
        try eventually("as few descriptors as that") { try Double(martlet.descriptors()) < idle + 40 }
    }

    /// With memory for a few requests only, the others are refused: none is left without an answer, none gets a wrong one.
    @Test func scarceMemoryIsNoExcuse() throws {
        let servers = [try SoakServer.start(), try SoakServer.start()]
        let config = Configs.proxy(to: servers.map(\.address), workers: 2, "limits: {bufferMemory: 1MiB}")
        try withMartlet(config) { martlet in
            let port = try martlet.port()
            let outcome = try Self.run(.seconds(3)) { SoakClient(port: port, name: $0, acceptsRefusal: true) }
            #expect(outcome.failures.prefix(5) == [])
            #expect(outcome.answers > 500)
            try Self.checkThatNothingIsLeft(martlet, servers)
        }
    }

    /// Runs 300 clients, each on its own thread.
    private static func run(_ time: Duration, _ client: @escaping @Sendable (Int) -> SoakClient) throws -> Outcome {
        let outcome = Monitor(Outcome(running: 300))
        let end = ContinuousClock.now + time
        for name in 1...300 {
            _ = TestThread {
                var client = client(name)
                let failure = Result { while ContinuousClock.now < end { try client.step() } }
                outcome.change { $0.add(client.answers, failure) }
            }
        }
        if outcome.wait(time + .seconds(20), for: { $0.running == 0 ? true : nil }) == nil {
            throw TestFailure("\(outcome.value.running) clients have not come to an end")
        }
        return outcome.value
    }
}

/// What the clients have come to.
private struct Outcome: Sendable {
    var running: Int
    var answers = 0
    var failures: [String] = []

    mutating func add(_ answers: Int, _ result: Result<Void, any Error>) {
        running -= 1
        self.answers += answers
        if case .failure(let error) = result { failures.append("\(error)") }
    }
}
