import MartletBalancing
import Testing

@Suite struct KeeperCheckTests {
    @Test func checksComeInTheirIntervals() {
        var setup = KeeperSetup(servers: 2) { $0.check = CheckSettings() }
        var first = setup.check()
        #expect(first == [.check(server: 0), .check(server: 1)])
        for _ in 0..<100 {
            guard let next = setup.keeper.nextCheck else { break }
            #expect((setup.now...(setup.now + 2_200)).contains(next))
            setup.now = next
            first = setup.check()
            #expect(!first.isEmpty)
        }
        #expect((180_000...222_000).contains((setup.now - 1_000_000) * 2))
        #expect(setup.actions == [])
    }

    @Test func failedChecksTakeAServerDownAndPassedOnesUp() {
        var setup = KeeperSetup(servers: 2) { $0.check = CheckSettings() }
        _ = setup.check()
        for _ in 0..<2 {
            setup.wait(2_200)
            _ = setup.check([1: .failed("status 500")])
        }
        #expect(setup.members == [0])
        #expect(setup.news() == ["1 up>down", "1 is down"])
        #expect(setup.keeper.servers[1].reason == "its check fails: status 500")
        for _ in 0..<2 {
            setup.wait(550)
            _ = setup.check()
        }
        #expect(setup.members == [0, 1])
        #expect(setup.news() == ["1 down>up"])
    }

    @Test func theFirstCheckMayDecideBeforeTraffic() {
        var setup = KeeperSetup(servers: 3) {
            $0.check = CheckSettings()
            $0.check?.isUpBeforeFirst = false
        }
        #expect(setup.keeper.servers[0].standing == .awaitingCheck)
        _ = setup.check([1: .failed("no"), 2: .impossible])
        #expect(setup.members == [0])
        #expect(setup.news() == ["0 starting>up", "1 starting>down", "1 is down"])
        #expect(setup.keeper.servers[2].standing == .awaitingCheck)
    }

    @Test func inMaintenanceNobodyAsks() {
        var setup = KeeperSetup(servers: 1) {
            $0.check = CheckSettings()
            $0.agent = AgentSettings(port: 1)
            $0.drainTime = 0
        }
        let order = setup.keeper.takeCheck(now: setup.now)
        #expect(order == .check(server: 0))
        setup.setState(0, .maintenance)
        #expect(setup.keeper.nextCheck == nil)
        // What was on its way is no news.
        setup.keeper.checked(0, .failed("gone"), now: setup.now)
        setup.wait(100_000)
        #expect(setup.news() == ["0 up>maintenance"])
        #expect(setup.keeper.nextCheck == nil)
        setup.setState(0, .up)
        let orders = setup.check([0: .failed("gone")])
        #expect(orders == [.check(server: 0), .agent(server: 0)])
        #expect(setup.news() == ["0 maintenance>up", "0 up>down", "0 is down", "panic"])
    }

    @Test func aNameIsNotCheckedBeforeItHasAnAddress() {
        var setup = KeeperSetup(servers: 1) {
            $0.check = CheckSettings()
            $0.servers[0].isNamed = true
        }
        #expect(setup.keeper.nextCheck == nil)
        setup.note(.resolved(server: 0))
        #expect(setup.keeper.nextCheck == setup.now)
    }

    @Test func aPassedCheckBringsBackWhoCouldNotBeConnectedTo() {
        for (origin, state) in [(FailureOrigin.connection, HealthState.up), (.server, .starting)] {
            var setup = KeeperSetup(servers: 2) { $0.check = CheckSettings() }
            _ = setup.check()
            setup.note(.failures(server: 0, origin, inARow: 10))
            setup.wait(900)
            #expect(setup.keeper.servers[0].standing.state == .ejected)
            setup.wait(1_500)
            _ = setup.check()
            #expect(setup.keeper.servers[0].standing.state == state)
        }
    }

    @Test func downIsDownWhateverEjectionSays() {
        var setup = KeeperSetup(servers: 3) { $0.check = CheckSettings() }
        _ = setup.check()
        setup.note(.failures(server: 0, .connection, inARow: 3))
        for _ in 0..<2 {
            setup.wait(2_200)
            _ = setup.check([0: .failed("no")])
        }
        #expect(setup.news() == ["0 up>ejected", "0 ejected>starting", "0 starting>down", "0 is down"])
        setup.wait(10_000)
        #expect(setup.actions == [])
        #expect(setup.keeper.servers[0].standing.state == .down)
    }

    @Test func agentsAreFollowed() {
        var setup = KeeperSetup(servers: 2) { $0.agent = AgentSettings(port: 9) }
        setup.agent(0) {
            $0.percent = 50
            $0.limit = 7
        }
        #expect(setup.roster?.members.map(\.weight) == [128, 256])
        #expect(setup.roster?.members.map(\.limit) == [7, .max])
        setup.wait(2_000)
        setup.agent(0) { $0.wish = .drain }
        #expect(setup.members == [1])
        setup.wait(2_000)
        setup.agent(0) {
            $0.wish = .ready
            $0.condition = .down("failed (disk)")
        }
        #expect(setup.keeper.servers[0].reason == "its agent says: failed (disk)")
        setup.wait(2_000)
        setup.agent(0) {
            $0.condition = .up
            $0.percent = 100
        }
        #expect(setup.news() == ["0 up>draining", "0 draining>down", "0 down>up"])
        setup.wait(2_000)
        setup.agent(0) { $0.wish = .maintenance }
        setup.setState(0, .draining)
        #expect(setup.keeper.servers[0].standing == .maintenance(by: .agent))
    }

    @Test func anAgentThatSaysNothingChangesNothing() {
        var setup = KeeperSetup(servers: 1) { $0.agent = AgentSettings(port: 9) }
        for _ in 0..<10 {
            let order = setup.keeper.takeCheck(now: setup.now)
            #expect(order == .agent(server: 0))
            setup.keeper.replied(0, nil, now: setup.now)
            setup.wait(2_000)
        }
        #expect(setup.actions == [])
    }

    @Test func thousandsAreChecked() {
        var setup = KeeperSetup(servers: 5_000) { $0.check = CheckSettings() }
        var count = 0
        let end = setup.now + 20_000
        while let next = setup.keeper.nextCheck, next < end {
            setup.now = max(setup.now, next)
            let orders = setup.check([7: .failed("no")])
            count += orders.count
        }
        #expect((49_000...56_000).contains(count))
        #expect(setup.news() == ["7 up>down", "7 is down"])
    }
}
