// Whatever happens at the same time: each answer belongs to its request.
import MartletTestSupport
import Testing

@Suite(.serialized) struct SoakTests {
    @Test func eachAnswerBelongsToItsRequest() throws {
        let servers = [try SoakServer.start(), try SoakServer.start()]
        let config = Configs.proxy(to: servers.map(\.address), workers: 2, upstream: ["pool: {maxIdle: 40}"])
        try withMartlet(config) { martlet in
            let outcome = try Self.run(clients: 300, for: .seconds(5), port: martlet.port())
            #expect(outcome.failures.prefix(5) == [])
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
        #expect(try Double(martlet.descriptors()) < idle + 40)
    }

    /// Runs the clients, each on its own thread.
    private static func run(clients: Int, for time: Duration, port: UInt16) throws -> Outcome {
        let outcome = Monitor(Outcome(running: clients))
        let end = ContinuousClock.now + time
        for name in 1...clients {
            _ = TestThread {
                var client = SoakClient(port: port, name: name)
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
