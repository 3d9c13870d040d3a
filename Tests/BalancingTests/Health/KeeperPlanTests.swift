import Testing

@testable import MartletBalancing

/// Another plan while servers are watched.
@Suite struct KeeperPlanTests {
    private static func settings(
        _ servers: [Int], _ change: (inout UpstreamHealthSettings) -> Void = { _ in }
    ) -> UpstreamHealthSettings {
        var settings = UpstreamHealthSettings()
        settings.policy = .roundRobin
        settings.servers = servers.map { ServerFacts(server: $0) }
        change(&settings)
        return settings
    }

    private static func keeper(_ upstreams: [UpstreamHealthSettings]) -> KeeperStateMachine {
        KeeperStateMachine(upstreams, ServerLoads(servers: 8), seed: 1, now: 1_000)
    }

    private static func rosters(_ actions: [KeeperAction]) -> [Int: [UInt32]] {
        var rosters: [Int: [UInt32]] = [:]
        for case .publish(let upstream, let roster) in actions { rosters[upstream] = roster.members.map(\.server) }
        return rosters
    }

    @Test func whoStaysKeepsWhatIsKnownOfIt() {
        var keeper = Self.keeper([Self.settings([0, 1]), Self.settings([2])])
        keeper.setState(1, .draining, now: 1_000)
        _ = keeper.settle(now: 1_000)
        let change = keeper.adopt([Self.settings([0, 1, 3]), Self.settings([2])], now: 2_000)
        #expect(change.joined == [3] && change.gone.isEmpty)
        // The second upstream is as it was: nobody is told of it.
        #expect(Self.rosters(keeper.settle(now: 2_000)) == [0: [0, 3]])
        #expect(keeper.servers[1].standing.state == .draining)
        #expect(keeper.servers[1].since == 1_000)
    }

    @Test func whoIsGoneIsNoNews() {
        var keeper = Self.keeper([Self.settings([0, 1]) { $0.drainTime = 500 }])
        let change = keeper.adopt([Self.settings([1])], now: 2_000)
        #expect(change.gone.map(\.server) == [0] && change.gone.map(\.state) == [.up])
        #expect(Self.rosters(keeper.settle(now: 2_000)) == [0: [1]])
        for _ in 0..<9 { keeper.note(.failures(server: 0, .connection, inARow: 3), now: 2_000) }
        keeper.note(.probation(server: 0, passed: false), now: 2_000)
        keeper.setState(0, .up, now: 2_000)
        #expect(keeper.settle(now: 2_499) == [])
        // What it has begun has the time that it would have if it were drained.
        #expect(keeper.settle(now: 2_500) == [.drainExpired(server: 0)])
    }

    @Test func whoComesBackBeginsAnew() {
        var keeper = Self.keeper([Self.settings([0, 1]) { $0.drainTime = 500 }])
        keeper.setState(0, .maintenance, now: 1_500)
        _ = keeper.adopt([Self.settings([1])], now: 2_000)
        let change = keeper.adopt([Self.settings([0, 1])], now: 2_100)
        #expect(change.joined == [0])
        #expect(Self.rosters(keeper.settle(now: 2_100)) == [0: [0, 1]])
        #expect(keeper.settle(now: 9_000) == [], "its exchanges are not cut any more")
    }

    @Test func whoComesLateGetsAGrowingShare() {
        var keeper = Self.keeper([Self.settings([0]) { $0.slowStart = 10_000 }])
        _ = keeper.adopt([Self.settings([0, 1]) { $0.slowStart = 10_000 }], now: 50_000)
        #expect(keeper.servers[1].standing == .slowStart)
        _ = keeper.settle(now: 50_000)
        #expect(keeper.weights[1] < keeper.weights[0])
        var now: UInt64 = 50_000
        while let next = keeper.nextTime, next <= 61_000 {
            now = max(now, next)
            _ = keeper.settle(now: now)
        }
        #expect(keeper.weights[1] == keeper.weights[0])
    }

    @Test func checksThatComeDoNotTakeOutWhoServes() {
        var keeper = Self.keeper([Self.settings([0])])
        var check = CheckSettings()
        check.isUpBeforeFirst = false
        let change = keeper.adopt([Self.settings([0, 1]) { $0.check = check }], now: 2_000)
        #expect(change.joined == [1])
        #expect(Self.rosters(keeper.settle(now: 2_000)) == [0: [0]])
        #expect(keeper.servers[1].standing == .awaitingCheck)
        var orders: [Int] = []
        while let order = keeper.takeCheck(now: 2_000) { orders.append(order.server) }
        #expect(orders.sorted() == [0, 1])
        keeper.checked(1, .passed, now: 2_000)
        #expect(Self.rosters(keeper.settle(now: 2_000)) == [0: [0, 1]])
    }

    @Test func checksThatGoAreForgotten() {
        let check = CheckSettings()
        var keeper = Self.keeper([Self.settings([0]) { $0.check = check }])
        #expect(keeper.takeCheck(now: 1_000) == .check(server: 0))
        keeper.checked(0, .failed("no"), now: 1_000)
        _ = keeper.settle(now: 1_000)
        #expect(keeper.servers[0].standing.state == .down)
        _ = keeper.adopt([Self.settings([0])], now: 2_000)
        #expect(Self.rosters(keeper.settle(now: 2_000)) == [0: [0]])
        #expect(keeper.takeCheck(now: 100_000) == nil)
    }

    @Test func theConfigsWordOnAServerHoldsWhenItChanges() {
        var keeper = Self.keeper([Self.settings([0, 1])])
        keeper.setState(0, .draining, now: 1_000)
        _ = keeper.adopt([Self.settings([0, 1]) { $0.panicThreshold = 20 }], now: 2_000)
        #expect(keeper.servers[0].wanted == .draining, "the operator's word stays")
        _ = keeper.adopt([Self.settings([0, 1]) { $0.servers[1].state = .maintenance }], now: 3_000)
        #expect(keeper.servers[1].wanted == .maintenance)
        #expect(keeper.servers[0].wanted == .draining)
    }

    @Test func anUpstreamThatIsGoneHasNobody() {
        var keeper = Self.keeper([Self.settings([0]), Self.settings([1])])
        let change = keeper.adopt([Self.settings([0]), Self.settings([]), Self.settings([2])], now: 2_000)
        #expect(change.gone.map(\.server) == [1] && change.joined == [2])
        #expect(Self.rosters(keeper.settle(now: 2_000)) == [1: [], 2: [2]])
    }
}
