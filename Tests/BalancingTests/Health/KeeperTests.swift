import MartletBalancing
import Testing

@Suite struct KeeperTests {
    @Test func thereIsNoNewsAtTheStart() {
        var setup = KeeperSetup(servers: 3)
        setup.wait(60_000)
        #expect(setup.actions == [])
    }

    @Test func failuresInARowEjectAndASingleExchangeBringsBack() {
        var setup = KeeperSetup(servers: 3)
        for turn in 0..<16 { setup.loads.observe(latency: 1_000_000, 1, now: UInt64(turn)) }
        #expect(setup.loads.latency(1) > 0)
        setup.note(.failures(server: 1, .connection, inARow: 2))
        #expect(setup.actions == [])
        setup.note(.failures(server: 1, .connection, inARow: 3))
        #expect(setup.members == [0, 2])
        #expect(setup.news() == ["1 up>ejected"])
        setup.wait(999)
        #expect(setup.actions == [])
        setup.wait(1)
        #expect(setup.roster?.probation == [1])
        #expect(setup.news() == ["1 ejected>starting"])
        #expect(setup.loads.takeProbation(1))
        #expect(!setup.loads.takeProbation(1))
        setup.note(.probation(server: 1, passed: true))
        #expect(setup.members == [0, 1, 2])
        #expect(setup.roster?.probation == [])
        #expect(setup.news() == ["1 starting>up"])
        #expect(!setup.loads.takeProbation(1))
        #expect(setup.loads.latency(1) == 0, "what it did before says nothing of it now")
    }

    @Test func aFailedProbationEjectsForLonger() {
        var setup = KeeperSetup(servers: 2)
        setup.note(.failures(server: 0, .server, inARow: 10))
        var pauses: [UInt64] = []
        for _ in 0..<3 {
            let start = setup.now
            while !setup.loads.takeProbation(0) { setup.wait(10) }
            pauses.append(setup.now - start)
            setup.note(.probation(server: 0, passed: false))
        }
        #expect(pauses == [1_000, 2_000, 4_000])
        #expect(setup.keeper.servers[0].reason == EjectionCause.failedProbation.words)
    }

    @Test func aProbationNobodyTellsOfIsOpenedAgain() {
        var setup = KeeperSetup(servers: 2)
        setup.note(.failures(server: 0, .server, inARow: 10))
        setup.wait(1_000)
        #expect(setup.loads.takeProbation(0))
        setup.wait(59_999)
        #expect(!setup.loads.takeProbation(0))
        setup.wait(1)
        #expect(setup.loads.takeProbation(0))
    }

    @Test func noMoreThanAPartIsEjected() {
        var setup = KeeperSetup(servers: 4)
        for server in 0..<4 { setup.note(.failures(server: server, .connection, inARow: 3)) }
        #expect(setup.members == [2, 3])
        #expect(setup.news() == ["0 up>ejected", "1 up>ejected"])
        // The only one that is not taken out is left alone.
        var other = KeeperSetup(servers: 2)
        other.setState(0, .draining)
        _ = other.news()
        other.note(.failures(server: 1, .connection, inARow: 3))
        #expect(other.actions == [])
    }

    @Test func whoIsBackMayBeEjectedAgainAndLeavesItsPlaceToOthers() {
        var setup = KeeperSetup(servers: 2)
        for _ in 0..<3 {
            setup.note(.failures(server: 0, .connection, inARow: 3))
            setup.wait(60_000)
            setup.note(.probation(server: 0, passed: true))
            setup.note(.failures(server: 1, .connection, inARow: 3))
            setup.setState(1, .maintenance)
            setup.setState(1, .up)
        }
        let round = ["0 up>ejected", "0 ejected>starting", "0 starting>up", "1 up>ejected", "1 ejected>maintenance"]
        #expect(setup.news() == Array(repeating: round + ["1 maintenance>up"], count: 3).flatMap { $0 })
    }

    @Test func aHighRateOfFailuresEjects() {
        var setup = KeeperSetup(servers: 2)
        for round in 0..<8 where setup.actions.isEmpty {
            setup.wait(1_000)
            // 8 in a round: 50 are there after the seventh.
            #expect(setup.actions.isEmpty == (round < 7))
            setup.exchange(0, successes: 10)
            setup.exchange(1, successes: 4, failures: 4)
        }
        #expect(setup.members == [0])
        #expect(setup.news() == ["1 up>ejected"])
        #expect(setup.keeper.servers[1].reason == EjectionCause.failureRate.words)
    }

    @Test func fewFailuresOrFewRequestsAreNoReason() {
        var setup = KeeperSetup(servers: 2)
        for _ in 0..<50 {
            setup.wait(1_250)
            setup.exchange(0, successes: 10, failures: 8)
            setup.exchange(1, failures: 4)
        }
        #expect(setup.news() == [])
    }

    @Test func ejectionMayBeOff() {
        var setup = KeeperSetup(servers: 2) {
            $0.ejection.connectionFailures = 0
            $0.ejection.serverErrors = 0
            $0.ejection.failureRate = 0
        }
        setup.exchange(0, failures: 1_000)
        setup.note(.failures(server: 0, .connection, inARow: 100))
        setup.note(.failures(server: 0, .server, inARow: 100))
        setup.wait(60_000)
        #expect(setup.actions == [])
    }

    @Test func inAPanicNobodyNeedsAProbation() {
        var setup = KeeperSetup(servers: 2) { $0.check = CheckSettings() }
        _ = setup.check()
        setup.note(.failures(server: 0, .server, inARow: 10))
        for _ in 0..<2 {
            setup.wait(2_400)
            _ = setup.check([1: .failed("no")])
        }
        // 0 was on probation when 1 went down.
        #expect(setup.members == [0])
        #expect(setup.news() == ["0 up>ejected", "0 ejected>starting", "1 up>down", "1 is down", "0 starting>up"])
    }

    @Test func theOperatorDrainsAndCuts() {
        var setup = KeeperSetup(servers: 2) { $0.drainTime = 5_000 }
        setup.setState(0, .draining)
        #expect(setup.members == [1])
        setup.wait(4_999)
        #expect(setup.news() == ["0 up>draining"])
        setup.wait(1)
        #expect(setup.news() == ["0 is cut"])
        setup.wait(60_000)
        setup.setState(0, .maintenance)
        setup.setState(0, .up)
        #expect(setup.members == [0, 1])
        setup.wait(60_000)
        #expect(setup.news() == ["0 draining>maintenance", "0 maintenance>up"])
        // Who comes back in time keeps its exchanges.
        setup.setState(0, .draining)
        setup.wait(4_999)
        setup.setState(0, .up)
        setup.wait(60_000)
        #expect(setup.news() == ["0 up>draining", "0 draining>up"])
    }

    @Test func drainingMayTakeAnyTime() {
        var setup = KeeperSetup(servers: 2) { $0.drainTime = 0 }
        setup.setState(0, .draining)
        setup.wait(10_000_000)
        #expect(setup.news() == ["0 up>draining"])
    }

    @Test func backupsTakeOverAndGoAgain() {
        var setup = KeeperSetup(servers: 1, backups: 1)
        setup.setState(0, .maintenance)
        #expect(setup.members == [1])
        #expect(setup.news() == ["0 up>maintenance", "backup"])
        setup.setState(0, .up)
        #expect(setup.members == [0])
        #expect(setup.news() == ["0 maintenance>up", "healthy"])
    }

    @Test func namesComeInWhenTheyAreResolved() {
        var setup = KeeperSetup(servers: 2) { $0.servers[1].isNamed = true }
        #expect(setup.keeper.servers[1].standing == .awaitingAddress)
        setup.note(.resolved(server: 1))
        #expect(setup.members == [0, 1])
        setup.note(.resolved(server: 1))
        #expect(setup.news() == ["1 starting>up"])
    }

    @Test func whoComesBackStartsSlowly() {
        var setup = KeeperSetup(servers: 2) { $0.slowStart = 10_000 }
        setup.setState(1, .maintenance)
        setup.setState(1, .up)
        #expect(setup.roster?.members.map(\.weight) == [256, 12])
        #expect(setup.keeper.servers[1].standing == .slowStart)
        setup.wait(5_000)
        #expect(setup.roster?.members.map(\.weight) == [256, 140])
        setup.wait(5_000)
        #expect(setup.roster?.members.map(\.weight) == [256, 256])
        #expect(setup.news() == ["1 up>maintenance", "1 maintenance>starting", "1 starting>up"])
        #expect(setup.keeper.nextTime != nil)
    }

    @Test func atTheStartAllHaveTheirShareAtOnce() {
        var setup = KeeperSetup(servers: 3) {
            $0.slowStart = 10_000
            for place in $0.servers.indices { $0.servers[place].isNamed = true }
        }
        setup.note(.resolved(server: 0))
        setup.wait(9_000)
        setup.note(.resolved(server: 1))
        #expect(setup.roster?.members.map(\.weight) == [256, 256])
        setup.wait(1_000)
        setup.note(.resolved(server: 2))
        #expect(setup.roster?.members.map(\.weight) == [256, 256, 12])
    }

    @Test func reportsBecomeSharesWhereNobodyLooksAtThem() {
        for (policy, isShared) in [(PolicyKind.roundRobin, true), (.leastBusy, false)] {
            var setup = KeeperSetup(servers: 2) { $0.policy = policy }
            for _ in 0..<10 {
                setup.exchange(0, successes: 100)
                setup.exchange(1, successes: 100)
                setup.loads.report(utilisation: 800, 0, now: setup.now * 1_000_000)
                setup.loads.report(utilisation: 200, 1, now: setup.now * 1_000_000)
                setup.wait(1_000)
            }
            guard let weights = setup.roster?.members.map(\.weight) else {
                #expect(!isShared)
                continue
            }
            #expect(isShared)
            #expect(weights[1] > weights[0] * 3)
        }
    }
}
