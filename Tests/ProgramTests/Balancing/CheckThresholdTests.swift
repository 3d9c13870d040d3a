// check: how many checks decide, when the first one does, and where they go.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct CheckThresholdTests {
    private static let quick = "interval: 50ms, downInterval: 50ms, jitter: 0%"

    /// The checks that a server has had, numbered from 1, and which of them it answers with 500.
    private static func origin(failing: ClosedRange<Int>) throws -> (origin: Origin, checks: Monitor<Int>) {
        let checks = Monitor(0)
        let origin = try Origin { request in
            if request.target != "/health" { return response(200, "answer") }
            let number = checks.change {
                $0 += 1
                return $0
            }
            return response(failing.contains(number) ? 500 : 200)
        }
        return (origin, checks)
    }

    @Test(arguments: [(fall: 3, failures: 2, falls: false), (3, 3, true), (1, 1, true)])
    func fallIsHowManyMustFail(fall: Int, failures: Int, falls: Bool) throws {
        let (origin, checks) = try Self.origin(failing: 3...(2 + failures))
        let check = "check: {path: /health, fall: \(fall), rise: 1, \(Self.quick)}"
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet throws in
            // One more check than those that fail, and what it has led to.
            #expect(checks.wait { $0 > failures + 4 ? true : nil } == true)
            #expect(try martlet.serverMetric("state_changes_total", origin.address) == (falls ? 2 : 0))
        }
    }

    @Test func riseIsHowManyMustPass() throws {
        let (origin, checks) = try Self.origin(failing: 1...1)
        let check = "check: {path: /health, rise: 4, \(Self.quick)}"
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet in
            try martlet.waitForState(origin.address, "up")
            // The state is that before the first check; then it is down until the fifth has passed.
            #expect(checks.wait { $0 > 6 ? true : nil } == true)
            try martlet.waitForState(origin.address, "up")
            #expect(try martlet.serverMetric("state_changes_total", origin.address) == 2)
            #expect(try martlet.serverMetric("checks_total", origin.address, "result=\"passed\"") ?? 0 >= 4)
        }
    }

    /// Until its first check is over a server is what `before` says.
    @Test func beforeDownWaitsForTheFirstCheck() throws {
        let isAnswered = Monitor(false)
        let origin = try Origin { request in
            if request.target == "/health" { _ = isAnswered.wait { $0 ? true : nil } }
            return response(200, "answer")
        }
        let check = "check: {path: /health, before: down, timeout: 9s, \(Self.quick)}"
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet in
            #expect(try martlet.server(origin.address).state == "starting")
            let client = try martlet.begin("GET /")
            try martlet.waitForMetric("martlet_queue_waiting", 1)
            isAnswered.change { $0 = true }
            // The request has waited for it, and for it alone.
            #expect(try client.readResponse().text == "answer")
            #expect(try martlet.server(origin.address).state == "up")
        }
    }

    @Test func beforeUpDoesNotWait() throws {
        let isAnswered = Monitor(false)
        let origin = try Origin { request in
            if request.target == "/health" { _ = isAnswered.wait { $0 ? true : nil } }
            return response(200, "answer")
        }
        let check = "check: {path: /health, before: up, timeout: 9s, \(Self.quick)}"
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet throws in
            #expect(try martlet.tally(5) == ["answer": 5])
            isAnswered.change { $0 = true }
        }
    }

    @Test func anotherPortIsChecked() throws {
        let origin = try Origin { _ in response(200, "answer") }
        let status = Monitor(200)
        let health = try Origin { _ in response(status.value) }
        let check = "check: {path: /health, port: \(health.server.port), \(Self.quick)}"
        try withBalanced(Configs.balanced([origin.address], [check])) { martlet in
            #expect(try health.waitForRequests(1)[0].target == "/health")
            status.change { $0 = 500 }
            try martlet.waitForState(origin.address, "down")
            #expect(origin.requests.isEmpty)
        }
    }

    @Test func aConnectionIsEnoughForTCP() throws {
        let server = try ScriptedServer { socket, _ in
            // Nothing is sent: the end is all that comes.
            if try !socket.receiveUntilGone().bytes.isEmpty { throw TestFailure("a check by TCP has sent something") }
        }
        let check = "check: {kind: tcp, before: down, fall: 1, \(Self.quick)}"
        try withBalanced(Configs.balanced([server.address], [check])) { martlet in
            try martlet.waitForState(server.address, "up")
            #expect(server.waitForConnections(3))
            #expect(server.failures.isEmpty)
            server.stop()
            try martlet.waitForState(server.address, "down")
            #expect(try martlet.server(server.address).reason.contains("refused"))
        }
    }

    /// Checks are made once for the process, and one after the other.
    @Test func checksAreNotMultipliedByWorkers() throws {
        let origin = try Origin()
        let check = "check: {path: /health, interval: 1h}"
        try withBalanced(Configs.balanced([origin.address], workers: 4, [check])) { martlet in
            _ = try origin.waitForRequests(1)
            #expect(try martlet.tally(20).values.reduce(0, +) == 20)
            #expect(origin.requests.count { $0.target == "/health" } == 1)
        }
    }
}
