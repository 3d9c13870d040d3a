// ejection: servers are left alone for what requests meet there.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct EjectionTests {
    /// What the first of two servers does with requests.
    enum Mood: Sendable { case fine, failing, resetting }

    /// Two servers, of which the first one has moods. Both count their requests.
    private final class Pair: Sendable {
        let mood: Monitor<Mood>
        private let arrivals = Monitor<[ContinuousClock.Instant]>([])
        let moody: ScriptedServer
        let steady: Origin
        var addresses: [String] { [moody.address, steady.address] }
        /// When requests have come to the first server.
        var times: [ContinuousClock.Instant] { arrivals.value }
        var count: Int { times.count }

        init(_ first: Mood) throws {
            let mood = Monitor(first)
            let arrivals = self.arrivals
            self.mood = mood
            moody = try ScriptedServer { socket, _ in
                while try socket.readRequest() != nil {
                    arrivals.change { $0.append(.now) }
                    switch mood.value {
                    case .fine: try socket.send(response(200, "moody"))
                    case .failing: try socket.send(response(500, "failed"))
                    case .resetting: return socket.reset()
                    }
                }
            }
            steady = try Origin { _ in response(200, "steady") }
        }
    }

    private static func lines(_ ejection: String) -> [String] {
        ["balance: round-robin", "retry: off", "ejection: {\(ejection)}"]
    }

    @Test(arguments: [
        (
            "connectionFailures: 2, serverErrors: off, failureRate: off", Mood.resetting, 2,
            "too many failed connections"
        ),
        ("connectionFailures: off, serverErrors: 4, failureRate: off", .failing, 4, "too many server errors in a row"),
        ("serverErrors: 1, connectionFailures: off", .failing, 1, "too many server errors in a row"),
    ])
    func failuresInARowEject(ejection: String, mood: Mood, failures: Int, reason: String) throws {
        let pair = try Pair(mood)
        let config = Configs.balanced(pair.addresses, Self.lines(ejection + ", time: 1h, longestTime: 1h"))
        try withBalanced(config) { martlet in
            let client = try martlet.connect()
            // Every other request is the first server's.
            for _ in 0..<2 * failures { _ = try client.exchange("GET /") }
            try martlet.waitForState(pair.moody.address, "ejected")
            #expect(pair.count == failures)
            #expect(try martlet.server(pair.moody.address).reason.contains(reason))
            try martlet.waitForLog("server is ejected", pair.moody.address, reason)
            #expect(try martlet.serverMetric("ejections_total", pair.moody.address) == 1)
            #expect(try martlet.server(pair.moody.address).number("failures") == Double(failures))
            #expect(try martlet.tally(10) == ["steady": 10])
        }
    }

    @Test func aRefusedConnectionIsAFailure() throws {
        let pair = try Pair(.fine)
        pair.moody.stop()
        let config = Configs.balanced(
            pair.addresses, ["balance: round-robin", "ejection: {connectionFailures: 3, time: 1h, longestTime: 1h}"])
        try withBalanced(config) { martlet in
            // Nobody notices: the other server is tried.
            #expect(try martlet.tally(10) == ["steady": 10])
            try martlet.waitForState(pair.moody.address, "ejected")
            // One more may be on its way by the time that the loop hears of it.
            #expect(try martlet.serverMetric("connect_failures_total", pair.moody.address) ?? 0 >= 3)
        }
    }

    @Test func aResponseThatDoesNotComeIsAFailure() throws {
        let steady = try Origin { _ in response(200, "steady") }
        let silent = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let lines = [
            "balance: round-robin", "retry: {tryTimeout: 50ms}",
            "ejection: {connectionFailures: 2, time: 1h, longestTime: 1h}",
        ]
        try withBalanced(Configs.balanced([silent.address, steady.address], lines)) { martlet in
            #expect(try martlet.tally(6) == ["steady": 6])
            try martlet.waitForState(silent.address, "ejected")
            #expect(try martlet.metrics["martlet_timeouts_total{kind=\"try\"}"] ?? 0 >= 2)
        }
    }

    /// A failure now and then does not make a row, but a share.
    @Test func aShareOfFailuresEjects() throws {
        let count = Monitor(0)
        let fleet = try Fleet(2) { server, _ in
            if server == 1 { return response(200, "1") }
            let number = count.change {
                $0 += 1
                return $0
            }
            return number % 2 == 0 ? response(500) : response(200, "0")
        }
        let ejection = """
            connectionFailures: off, serverErrors: 5, failureRate: 40%, minimumRequests: 20, window: 1s, time: 1h, \
            longestTime: 1h
            """
        try withBalanced(Configs.balanced(fleet.addresses, Self.lines(ejection))) { martlet in
            let client = try martlet.connect()
            try eventually("an ejection") {
                for _ in 0..<10 { _ = try client.exchange("GET /") }
                return try martlet.server(fleet.addresses[0]).state == "ejected"
            }
            #expect(fleet.seen[0] >= 20)
            #expect(try martlet.server(fleet.addresses[0]).reason == "too large a share of failed requests")
        }
    }

    @Test(arguments: [
        "off", "{connectionFailures: off, serverErrors: off, failureRate: off}",
        // Half of the requests fail, and fewer than there have to be.
        "{connectionFailures: off, serverErrors: off, failureRate: 60%, minimumRequests: 1000}",
    ])
    func whatIsOffDoesNotEject(ejection: String) throws {
        let pair = try Pair(.failing)
        let config = Configs.balanced(pair.addresses, ["balance: round-robin", "retry: off", "ejection: \(ejection)"])
        try withBalanced(config) { martlet throws in
            #expect(try martlet.tally(60) == ["500": 30, "steady": 30])
            #expect(try martlet.server(pair.moody.address).state == "up")
        }
    }

    /// After its time one request tries the server, which another one serves should it fail.
    @Test func oneRequestIsTheProbation() throws {
        let pair = try Pair(.resetting)
        let lines = ["balance: round-robin", "ejection: {connectionFailures: 1, time: 100ms, longestTime: 400ms}"]
        try withBalanced(Configs.balanced(pair.addresses, lines)) { martlet in
            let address = pair.moody.address
            #expect(try martlet.tally(4) == ["steady": 4])
            // Nobody asks: it waits for its probation.
            try martlet.waitForState(address, "starting")
            #expect(try martlet.server(address).reason == "its ejection is over; a single request may try it")
            let before = pair.count
            #expect(try martlet.tally(10) == ["steady": 10])
            try martlet.waitForLog("server is ejected", "it failed its probation")
            #expect(pair.count == before + 1, "one request, and no second one")
            try martlet.waitForState(address, "starting")
            pair.mood.change { $0 = .fine }
            _ = try martlet.tally(2)
            try martlet.waitForState(address, "up")
            try martlet.waitForLog("server is up", "it has passed its probation")
            #expect(try martlet.tally(10) == ["moody": 5, "steady": 5])
        }
    }

    /// Each failed probation doubles the time, up to the longest.
    @Test func timesDouble() throws {
        let pair = try Pair(.resetting)
        let lines = ["balance: round-robin", "ejection: {connectionFailures: 1, time: 50ms, longestTime: 200ms}"]
        try withBalanced(Configs.balanced(pair.addresses, lines)) { martlet in
            let client = try martlet.connect()
            while pair.count < 1 { #expect(try client.exchange("GET /").status == 200) }
            // Until every loop knows, a second request may come.
            try martlet.waitForState(pair.moody.address, "ejected")
            while pair.count < 5 { #expect(try client.exchange("GET /").status == 200) }
            let times = zip(pair.times, pair.times.dropFirst()).map { $1 - $0 }
            // On a machine that has little time it takes longer, and never less.
            for (time, least) in zip(times, [50, 100, 200, 200]) {
                #expect(time >= .milliseconds(least - 2) && time < .milliseconds(least + 2_000), "\(times)")
            }
        }
    }

    @Test(arguments: [(50, 2), (25, 1), (1, 1)])
    func noMoreThanMaxEjected(percent: Int, most: Int) throws {
        let fleet = try Fleet(4) { server, _ in response(server < 3 ? 500 : 200, "\(server)") }
        let ejection = "serverErrors: 1, failureRate: off, maxEjected: \(percent)%, time: 1h, longestTime: 1h"
        try withBalanced(Configs.balanced(fleet.addresses, Self.lines(ejection))) { martlet in
            for _ in 0..<40 { _ = try martlet.request("GET /") }
            let ejected = try fleet.addresses.count { try martlet.server($0).state == "ejected" }
            #expect(ejected == most)
        }
    }

    @Test func theOnlyServerIsNeverEjected() throws {
        let origin = try Origin { _ in response(500) }
        let config = Configs.balanced([origin.address], Self.lines("serverErrors: 1, connectionFailures: 1"))
        try withBalanced(config) { martlet throws in
            #expect(try martlet.tally(10) == ["500": 10])
            #expect(try martlet.server(origin.address).state == "up")
        }
    }
}
