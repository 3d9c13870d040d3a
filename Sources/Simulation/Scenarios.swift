// The scenarios of docs/balancing.md.

extension Scenario {
    private static let second: UInt64 = 1_000_000_000

    private static func equal(_ count: Int) -> [ServerPlan] {
        [ServerPlan](repeating: ServerPlan(), count: count)
    }

    private static func slow(_ slow: Int, of count: Int) -> [ServerPlan] {
        (0..<count).map { ServerPlan(slowness: $0 < slow ? 5 : 1) }
    }

    /// All of them.
    package static let all: [Scenario] = [
        Scenario("equal", "8 equal servers", equal(8)),
        Scenario("one-slow", "8 servers, one of them 5 times slower", slow(1, of: 8)),
        Scenario("two-slow", "8 servers, two of them 5 times slower", slow(2, of: 8)),
        Scenario("half-slow", "2 servers, one of them 5 times slower", slow(1, of: 2)),
        twoSlowWaiting, alike, bimodal, failing, cold, skewed, antagonist, many,
    ]

    private static var twoSlowWaiting: Scenario {
        var scenario = Scenario(
            "two-slow-waiting", "the same with servers that wait rather than work, so that nothing queues",
            slow(2, of: 8))
        for index in scenario.servers.indices { scenario.servers[index].workers = 64 }
        scenario.load = 0.03
        return scenario
    }

    private static var alike: Scenario {
        let servers = (0..<8).map { ServerPlan(slowness: 1 + Double($0) * 0.015) }
        var scenario = Scenario(
            "alike", "8 servers that take 5.0 to 5.5 ms, each always the same, at a load of 10 %", servers)
        scenario.service = .constant(5_000_000)
        scenario.load = 0.1
        return scenario
    }

    private static var bimodal: Scenario {
        var scenario = Scenario(
            "bimodal", "8 equal servers, 2 ms for 95 % of the requests, 60 ms for the others", equal(8))
        scenario.service = .bimodal(short: 2_000_000, long: 60_000_000, probability: 0.05)
        return scenario
    }

    private static var failing: Scenario {
        var scenario = Scenario(
            "fails-fast", "8 servers, one of which answers 503 within 0.2 ms from second 40 on", equal(8))
        scenario.servers[3].fails = 40 * second ..< .max
        return scenario
    }

    private static var cold: Scenario {
        var scenario = Scenario(
            "cold", "7 servers, and an eighth that joins at second 40 and is 5 times slower for 10 s", equal(8))
        scenario.servers[3].joins = 40 * second
        scenario.servers[3].pace = .cold(slowness: 5, until: 50 * second)
        return scenario
    }

    private static var skewed: Scenario {
        let speeds = (0..<16).map { ServerPlan(slowness: 0.5 + Double($0) * 0.1) }
        return Scenario("skewed", "16 servers, the slowest 4 times slower than the fastest", speeds)
    }

    private static var antagonist: Scenario {
        let servers = (0..<8).map { place in
            var plan = ServerPlan()
            plan.pace = .antagonist(slowness: 5, period: 3 * second, place: place, servers: 8)
            return plan
        }
        return Scenario("antagonist", "8 servers, one of them 5 times slower, every 3 s another one", servers)
    }

    private static var many: Scenario {
        var scenario = Scenario("many", "400 servers, 40 of them 5 times slower", slow(40, of: 400))
        scenario.requests = 1_000_000
        return scenario
    }
}
