import MartletBalancing
import MartletSimulation
import Testing

/// What docs/balancing.md claims, on shorter runs.
@Suite struct SimulationTests {
    private func scenario(_ name: String, requests: Int = 20_000, proxies: Int = 1) throws -> Scenario {
        var scenario = try #require(Scenario.all.first { $0.name == name })
        scenario.requests = requests
        scenario.proxies = proxies
        return scenario
    }

    private func ratio(_ scenario: Scenario, _ share: Double = 0.99) -> Double {
        let leastBusy = Simulation.run(scenario, .leastBusy)
        let leastRequest = Simulation.run(scenario, .leastRequest)
        return Double(leastBusy.percentile(share)) / Double(leastRequest.percentile(share))
    }

    /// The goal: p99 at most 0.7 of choosing by the fewest requests, with two of eight servers five times slower.
    @Test(arguments: ["two-slow", "two-slow-waiting", "one-slow"], [1, 3])
    func slowServersAreKeptOutOfTheTail(name: String, proxies: Int) throws {
        #expect(ratio(try scenario(name, proxies: proxies)) < 0.7)
    }

    @Test(arguments: [0.05, 0.7, 0.9])
    func equalServersGetEqualShares(load: Double) throws {
        var scenario = try scenario("equal")
        scenario.load = load
        let outcome = Simulation.run(scenario, .leastBusy)
        #expect(outcome.requestSpread < 0.05)
        #expect(outcome.repeats < 0.125)
    }

    @Test func serversThatAreAlikeGetEqualShares() throws {
        #expect(Simulation.run(try scenario("alike"), .leastBusy).requestSpread < 0.05)
    }

    /// Where latency tells nothing, nothing is lost.
    @Test(arguments: ["equal", "bimodal", "skewed"])
    func neverMuchWorseThanTheFewestRequests(name: String) throws {
        #expect(ratio(try scenario(name)) < 1.1)
    }

    @Test func aServerThatFailsAtOnceGetsNearlyNothing() throws {
        var scenario = try scenario("fails-fast")
        scenario.servers[3].fails = 0 ..< .max
        #expect(Simulation.run(scenario, .leastBusy).failed < 0.005)
        #expect(Simulation.run(scenario, .leastRequest).failed > 0.1)
    }

    @Test func aColdServerNeitherStarvesNorIsFlooded() throws {
        var scenario = try scenario("cold", requests: 30_000)
        let second: UInt64 = 1_000_000_000
        scenario.servers[3].joins = 5 * second
        scenario.servers[3].pace = .cold(slowness: 5, until: 8 * second)
        let outcome = Simulation.run(scenario, .leastBusy)
        #expect(outcome.percentile(0.999) < 80_000_000)
        // It was there for four fifths of the time.
        let share = Double(outcome.requests[3]) * 8 / 30_000
        #expect(share > 0.25 && share < 1)
    }

    @Test func anAntagonistThatMovesIsFollowed() throws {
        #expect(ratio(try scenario("antagonist")) < 0.8)
    }

    @Test func manyServersAreChosenAmongByAFewLooks() throws {
        let scenario = try scenario("many", requests: 30_000)
        let outcome = Simulation.run(scenario, .leastBusy)
        #expect(outcome.looks < 9)
        #expect(outcome.percentile(0.99) < 40_000_000)
    }

    @Test func theSameSeedGivesTheSame() throws {
        let scenario = try scenario("two-slow", requests: 5_000)
        #expect(Simulation.run(scenario, .leastBusy).times == Simulation.run(scenario, .leastBusy).times)
        #expect(Simulation.run(scenario, .leastBusy).times != Simulation.run(scenario, .leastBusy, seed: 2).times)
    }
}
