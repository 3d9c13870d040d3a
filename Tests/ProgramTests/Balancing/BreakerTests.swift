// breaker: limits of an upstream as a whole.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct BreakerTests {
    @Test(arguments: [1, 2])
    func requestsAreLimitedOverAllServers(workers: Int) throws {
        let fleet = try Fleet(3)
        let config = Configs.balanced(fleet.addresses, workers: workers, ["breaker: {requests: 4}"])
        try withBalanced(config) { martlet in
            var clients = try fleet.hold(4, at: martlet)
            clients += try (0..<3).map { try martlet.begin("GET /\($0)") }
            try martlet.waitForMetric("martlet_queue_waiting", 3)
            #expect(fleet.active.reduce(0, +) == 4)
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
        }
    }

    @Test func connectionsAreLimitedOverAllServers() throws {
        let fleet = try Fleet(3)
        try withBalanced(Configs.balanced(fleet.addresses, ["breaker: {connections: 2}"])) { martlet in
            // Idle ones count, but are in nobody's way.
            #expect(try martlet.tally(12).values.reduce(0, +) == 12)
            #expect(try martlet.metrics["martlet_upstream_connections_active"] ?? 9 <= 2)
            var clients = try fleet.hold(2, at: martlet)
            clients.append(try martlet.begin("GET /third"))
            try martlet.waitForMetric("martlet_queue_waiting", 1)
            #expect(try martlet.metrics["martlet_upstream_connections_active"] == 2)
            fleet.release()
            for client in clients { #expect(try client.readResponse().status == 200) }
        }
    }

    /// Loops give each other what they do not need: nobody waits for an idle connection of another loop.
    @Test func loopsShareConnections() throws {
        let fleet = try Fleet(3)
        try withBalanced(Configs.balanced(fleet.addresses, workers: 2, ["breaker: {connections: 2}"])) { martlet in
            let clients = (0..<6).map { _ in Background { try martlet.tally(20) } }
            for client in clients {
                let tally = try client.result()
                #expect(tally.values.reduce(0, +) == 20 && tally["503"] == nil)
            }
            #expect(try martlet.metrics["martlet_upstream_connections_active"] ?? 9 <= 2)
        }
    }

    /// One request is being retried, and waits for its answer; the next one that fails is not.
    @Test func retriesAreLimited() throws {
        let fleet = try Fleet(1)
        let failing = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil { try socket.send(response(503, "busy")) }
        }
        let lines = ["balance: first", "ejection: off", "breaker: {retries: 1}", "retry: {budgetFloor: 1000}"]
        try withBalanced(Configs.balanced([failing.address, fleet.addresses[0]], lines)) { martlet in
            #expect(try martlet.tally(3) == ["0": 3])
            let held = try fleet.hold(1, at: martlet)
            #expect(try martlet.tally(3) == ["503": 3])
            #expect(try martlet.metrics["martlet_retries_refused_total"] == 3)
            fleet.release()
            #expect(try held[0].readResponse().status == 200)
            #expect(try martlet.tally(3) == ["0": 3])
        }
    }
}
