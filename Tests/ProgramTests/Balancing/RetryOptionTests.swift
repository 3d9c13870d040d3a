// retry: when a request is sent again.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct RetryOptionTests {
    enum Act { case done, reset }

    /// Servers that do with a request what `act` says, and go on for as long as the connection is there; the number of
    /// requests that have come to each.
    private static func servers(
        _ count: Int, _ act: @escaping @Sendable (_ server: Int, TestSocket, HTTPRequest) throws -> Act
    ) throws -> (servers: [ScriptedServer], tries: Monitor<[Int]>) {
        let tries = Monitor(Array(repeating: 0, count: count))
        let servers = try (0..<count).map { server in
            try ScriptedServer { socket, _ in
                while let request = try socket.readRequest() {
                    tries.change { $0[server] += 1 }
                    if try act(server, socket, request) == .reset { return socket.reset() }
                }
            }
        }
        return (servers, tries)
    }

    private static func config(_ servers: [ScriptedServer], _ retry: String, _ more: [String] = []) -> String {
        Configs.balanced(servers.map(\.address), ["balance: round-robin", "ejection: off", "retry: \(retry)"] + more)
    }

    /// A budget that is in nobody's way.
    private static let free = "budgetFloor: 1000"

    @Test(arguments: [
        ("{attempts: 1}", 1), ("{attempts: 2}", 2), ("{attempts: 3}", 3), ("{}", 3), ("{attempts: 5}", 5),
    ])
    func attemptsAreTriesInAll(retry: String, attempts: Int) throws {
        let (servers, tries) = try Self.servers(6) { _, _, _ in .reset }
        try withBalanced(Self.config(servers, retry)) { martlet throws in
            #expect(try martlet.request("GET /").status == 502)
            #expect(tries.value.reduce(0, +) == attempts)
            // Always another server.
            #expect(tries.value.max() == 1)
            #expect(try martlet.metrics["martlet_retries_total"] == Double(attempts - 1))
        }
    }

    @Test func offIsNever() throws {
        let (servers, tries) = try Self.servers(2) { _, _, _ in .reset }
        try withBalanced(Self.config(servers, "off")) { martlet throws in
            #expect(try martlet.request("GET /").status == 502)
            #expect(tries.value.reduce(0, +) == 1)
        }
    }

    @Test func aTryTakesTryTimeoutAtMost() throws {
        let (servers, tries) = try Self.servers(2) { server, socket, _ in
            if server == 0 { _ = try socket.receiveUntilGone() } else { try socket.send(response(200, "1")) }
            return .done
        }
        try withBalanced(Self.config(servers, "{tryTimeout: 50ms}")) { martlet throws in
            #expect(try martlet.tally(6) == ["1": 6])
            // Retries take turns as well, so it may be more than every other request.
            #expect(tries.value[0] >= 3)
            #expect(try martlet.metrics["martlet_timeouts_total{kind=\"try\"}"] == Double(tries.value[0]))
        }
    }

    /// The time holds for each try; the last one may take as long as a response may take.
    @Test func withoutAnotherServerTheTryGoesOn() throws {
        let (servers, tries) = try Self.servers(1) { _, socket, _ in
            pass(.milliseconds(300))
            try socket.send(response(200, "late"))
            return .done
        }
        try withBalanced(Self.config(servers, "{tryTimeout: 50ms, attempts: 1}")) { martlet throws in
            #expect(try martlet.request("GET /").text == "late")
            #expect(tries.value == [1])
        }
    }

    @Test(arguments: [
        // Statuses of the setting; that of the first server; what the client gets.
        ("", 503, 200), ("", 502, 200), ("", 504, 200), ("", 500, 500), ("", 404, 404),
        (", statuses: [500-502, 404]", 404, 200), (", statuses: [500-502, 404]", 501, 200),
        (", statuses: [500-502, 404]", 503, 503), (", statuses: []", 503, 503),
    ])
    func statusesAreTriedElsewhere(statuses: String, status: Int, result: Int) throws {
        let (servers, _) = try Self.servers(2) { server, socket, _ in
            try socket.send(response(server == 0 ? status : 200, "\(server)"))
            return .done
        }
        try withBalanced(Self.config(servers, "{\(Self.free)\(statuses)}")) { martlet in
            let answers = try (0..<4).map { _ in try martlet.request("GET /").status }
            #expect(Set(answers) == [200, result])
        }
    }

    /// What the last try came to is the answer, as it is.
    @Test func theLastAnswerStands() throws {
        let (servers, tries) = try Self.servers(3) { server, socket, _ in
            try socket.send(response(503, "busy", ["X-Server: \(server)"]))
            return .done
        }
        try withBalanced(Self.config(servers, "{attempts: 3}")) { martlet in
            let answer = try martlet.request("GET /")
            #expect(answer.status == 503 && answer.text == "busy" && answer["X-Server"] != nil)
            #expect(tries.value == [1, 1, 1])
        }
    }

    @Test(arguments: [
        ("idempotent", "POST", 502), ("idempotent", "PUT", 200), ("all", "POST", 200), ("all", "PATCH", 200),
    ])
    func methodsAreTheOnesThatMayBeSentAgain(methods: String, method: String, status: Int) throws {
        let (servers, _) = try Self.servers(2) { server, socket, request in
            if server == 0 { return .reset }
            try socket.send(response(200, request.text))
            return .done
        }
        try withBalanced(Self.config(servers, "{methods: \(methods), \(Self.free)}")) { martlet in
            let answers = try (0..<4).map { try martlet.request("\(method) /", content: "content \($0)") }
            #expect(Set(answers.map(\.status)) == [200, status])
            if status == 200 { #expect(answers.map(\.text) == (0..<4).map { "content \($0)" }) }
        }
    }

    /// There is no other server: it gets time to recover.
    @Test func theSameServerIsTriedAfterAPause() throws {
        let (servers, tries) = try Self.servers(1) { _, socket, _ in
            try socket.send(response(503))
            return .done
        }
        let time = { (retry: String) in
            var time = Duration.zero
            try withBalanced(Self.config(servers, retry)) { martlet throws in
                let start = ContinuousClock.now
                #expect(try martlet.request("GET /").status == 503)
                time = ContinuousClock.now - start
            }
            return time
        }
        // Two pauses: the first is at least half of 800 ms, the second half of 1,600 ms, or of what is the longest.
        #expect(try time("{pause: 800ms, longestPause: 4s}") >= .milliseconds(1_195))
        #expect(try time("{pause: 800ms, longestPause: 800ms}") >= .milliseconds(795))
        #expect(try time("{pause: 0s}") < .milliseconds(795))
        #expect(tries.value == [9])
    }

    /// An outage: every request fails, honestly, and the servers have hardly more work than without retries.
    @Test(arguments: [(budget: 20, floor: 1, most: 30), (50, 0, 50), (0, 2, 20), (0, 0, 0)])
    func retriesKeepToTheirBudget(budget: Int, floor: Int, most: Int) throws {
        let (servers, tries) = try Self.servers(3) { _, _, _ in .reset }
        let retry = "{attempts: 10, pause: 0s, budget: \(budget)%, budgetFloor: \(floor)}"
        try withBalanced(Self.config(servers, retry)) { martlet throws in
            #expect(try martlet.tally(100) == ["502": 100])
            // The share is that of the requests so far; the floor is looked at over ten seconds.
            let retries = tries.value.reduce(0, +) - 100
            #expect(retries <= most && retries >= most / 2, "\(retries) retries")
            #expect(try martlet.metrics["martlet_retries_total"] == Double(retries))
            #expect(try martlet.metrics["martlet_retries_refused_total"] ?? 0 > 0)
        }
    }
}
