// hedge: a second server is asked when the first is slow.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct HedgeTests {
    /// Two servers, of which the one that gets the first request for `/slow` takes `first`, and the other one `second`.
    private static func fleet(first: Duration, second: Duration) throws -> (fleet: Fleet, isAsked: Monitor<Bool>) {
        let isAsked = Monitor(false)
        let fleet = try Fleet(2) { server, request in
            if request.target != "/slow" { return response(200, "\(server)") }
            let isFirst = isAsked.change { isAsked in
                defer { isAsked = true }
                return !isAsked
            }
            pass(isFirst ? first : second)
            return response(200, isFirst ? "first" : "second")
        }
        return (fleet, isAsked)
    }

    private static func config(_ fleet: Fleet, _ hedge: String, _ more: [String] = []) -> String {
        Configs.balanced(fleet.addresses, ["balance: round-robin", "hedge: \(hedge)"] + more)
    }

    /// Lets the proxy learn how long responses take: a hundred are the least.
    /// - Parameter method: what is sent by POST is never hedged, however slow the machine is.
    private func warmUp(_ martlet: RunningMartlet, _ method: String = "GET") throws {
        #expect(try martlet.tally(120, method + " /").values.reduce(0, +) == 120)
    }

    @Test(arguments: [
        "{}", "{percentile: 99, leastTime: 20ms}", "{percentile: 50, leastTime: 10ms, longestTime: 20ms}",
    ])
    func theSecondServerAnswers(hedge: String) throws {
        let (fleet, isAsked) = try Self.fleet(first: .seconds(1), second: .zero)
        try withBalanced(Self.config(fleet, hedge)) { martlet in
            try warmUp(martlet)
            let before = fleet.seen
            let start = ContinuousClock.now
            #expect(try martlet.request("GET /slow").text == "second")
            #expect(ContinuousClock.now - start < .seconds(1))
            #expect(fleet.seen == before.map { $0 + 1 }, "both were asked")
            #expect(try martlet.metrics["martlet_hedges_won_total"] ?? 0 >= 1)
            #expect(try martlet.metrics["martlet_hedges_total"] ?? 0 >= 1)
            isAsked.change { $0 = false }
            #expect(try martlet.request("GET /slow").text == "second")
        }
    }

    @Test func theFirstServerMayStillAnswer() throws {
        let (fleet, _) = try Self.fleet(first: .milliseconds(300), second: .milliseconds(900))
        try withBalanced(Self.config(fleet, "{leastTime: 50ms, longestTime: 100ms}")) { martlet in
            try warmUp(martlet, "POST")
            #expect(try martlet.request("GET /slow").text == "first")
            #expect(try martlet.metrics["martlet_hedges_total"] == 1)
            #expect(try martlet.metrics["martlet_hedges_won_total"] == 0)
        }
    }

    /// A quarter of the requests takes long: that is usual for the 99th percentile, and not for the median.
    @Test(arguments: [("50", true), ("99", false), ("99.9", false)])
    func thePercentileSaysWhatIsSlow(percentile: String, isHedged: Bool) throws {
        let fleet = try Fleet(2) { server, request in
            if request.target == "/long" { pass(.milliseconds(20)) }
            return response(200, "\(server)")
        }
        let config = Self.config(
            fleet, "{percentile: \(percentile), leastTime: 1ms, longestTime: 10s}",
            ["retry: {budget: 0%, budgetFloor: 0}"])
        try withBalanced(config) { martlet in
            let client = try martlet.connect()
            for number in 0..<160 { _ = try client.exchange(number % 4 == 0 ? "GET /long" : "GET /") }
            let before = try martlet.metrics["martlet_retries_refused_total"] ?? 0
            for _ in 0..<3 { _ = try client.exchange("GET /long") }
            // The budget refuses what would have been asked.
            let asked = (try martlet.metrics["martlet_retries_refused_total"] ?? 0) - before
            #expect(isHedged ? asked == 3 : asked < 3)
        }
    }

    @Test(arguments: [
        // Not asked for; not before so long a time; not what may not be sent twice; beyond the budget.
        ("off", "", "GET"), ("{leastTime: 10m, longestTime: 10m}", "", "GET"), ("{leastTime: 20ms}", "", "POST"),
        ("{leastTime: 20ms}", "retry: {budget: 0%, budgetFloor: 0}", "GET"),
    ])
    func noSecondServerIsAsked(hedge: String, more: String, method: String) throws {
        let fleet = try Fleet(2) { server, request in
            if request.target == "/slow" { pass(.milliseconds(150)) }
            return response(200, "\(server)")
        }
        try withBalanced(Self.config(fleet, hedge, more.isEmpty ? [] : [more])) { martlet in
            try warmUp(martlet, "POST")
            let before = fleet.seen.reduce(0, +)
            #expect(try martlet.request(method + " /slow").status == 200)
            #expect(fleet.seen.reduce(0, +) == before + 1)
            #expect(try martlet.metrics["martlet_hedges_total"] == 0)
        }
    }
}
