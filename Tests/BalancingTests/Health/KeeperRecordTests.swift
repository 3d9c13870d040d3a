import Testing

@testable import MartletBalancing

/// What is known of servers goes from one keeper to another, whose clock is another one.
@Suite struct KeeperRecordTests {
    private static func change(_ settings: inout UpstreamHealthSettings) {
        settings.check = CheckSettings()
        settings.ejection.serverErrors = 2
        settings.ejection.maxEjected = 100
        settings.ejection.time = 30_000
        settings.ejection.longestTime = 300_000
        settings.drainTime = 60_000
        settings.slowStart = 20_000
    }

    /// A keeper that knows what another one knew.
    private static func follower(
        _ records: [(server: Int, record: HealthRecord)], servers: Int = 5,
        _ change: (inout UpstreamHealthSettings) -> Void = Self.change
    ) -> KeeperSetup {
        var setup = KeeperSetup(servers: servers, change)
        setup.now = 5_000_000
        for (server, record) in records { setup.keeper.resume(Self.inherited(server, record), now: setup.now) }
        setup.actions += setup.keeper.settle(now: setup.now)
        return setup
    }

    private static func inherited(
        _ server: Int, _ record: HealthRecord?, wanted: OperatorState? = nil
    ) -> InheritedServer {
        var inherited = InheritedServer(server)
        (inherited.record, inherited.wanted) = (record, wanted)
        return inherited
    }

    private static func states(_ setup: borrowing KeeperSetup) -> [HealthState] {
        setup.keeper.servers.map(\.standing.state)
    }

    @Test func thereIsNothingToSayOfWhoIsWell() {
        let setup = KeeperSetup(servers: 3)
        #expect(setup.keeper.records(now: setup.now).isEmpty)
    }

    @Test func whereServersStandGoesOn() {
        var before = KeeperSetup(servers: 5, Self.change)
        _ = before.check([1: .failed("status 503")])
        before.note(.failures(server: 2, .server, inARow: 2))
        before.setState(3, .draining)
        before.wait(10_000)
        #expect(Self.states(before) == [.up, .down, .ejected, .draining, .up])

        var after = Self.follower(before.keeper.records(now: before.now))
        // What the operator wants is told on its own.
        #expect(Self.states(after) == [.up, .down, .ejected, .up, .up])
        #expect(after.members == [0, 3, 4])
        #expect(after.keeper.servers[1].reason == "its check fails: status 503")
        #expect(after.news() == [], "nothing of it is news")
        after.setState(3, .draining)
        #expect(after.news() == ["3 up>draining"])
        // Of the ejection, 20 s are left.
        after.wait(19_999)
        #expect(after.keeper.servers[2].standing.state == .ejected)
        after.wait(1)
        #expect(after.keeper.servers[2].standing == .probation)
        #expect(after.loads.takeProbation(2))
    }

    @Test func itTakesAsManyChecksAsBefore() {
        var before = KeeperSetup(servers: 2, Self.change)
        _ = before.check([1: .failed("no")])
        var after = Self.follower(before.keeper.records(now: before.now), servers: 2)
        _ = after.check()
        #expect(Self.states(after) == [.up, .down], "one that passes is not enough")
        after.wait(60_000)
        _ = after.check()
        #expect(after.news() == ["1 down>starting"], "its share grows as it does for everybody who comes back")
    }

    @Test func howLongAndHowOftenGoesOn() {
        var before = KeeperSetup(servers: 2) { settings in
            Self.change(&settings)
            settings.check = nil
        }
        before.note(.failures(server: 1, .server, inARow: 2))
        before.wait(5_000)
        var after = KeeperSetup(servers: 2) { settings in
            Self.change(&settings)
            settings.check = nil
        }
        for (server, record) in before.keeper.records(now: before.now) {
            after.keeper.resume(Self.inherited(server, record), now: after.now)
        }
        #expect(after.now - after.keeper.servers[1].since == 5_000)
        #expect(after.keeper.servers[1].ejection.count == 1)
        after.wait(25_000)
        after.note(.probation(server: 1, passed: false))
        after.wait(59_999)
        #expect(Self.states(after) == [.up, .ejected], "the second one lasts twice as long")
    }

    @Test func whatTheOperatorWantsGoesOnFromWhereItWas() {
        var before = KeeperSetup(servers: 3, Self.change)
        before.setState(1, .draining)
        before.setState(2, .maintenance)
        before.wait(10_000)
        var after = KeeperSetup(servers: 3, Self.change)
        for (server, record) in before.keeper.records(now: before.now) {
            let wanted: OperatorState = server == 1 ? .draining : .maintenance
            after.keeper.resume(Self.inherited(server, record, wanted: wanted), now: after.now)
        }
        after.wait(0)
        #expect(Self.states(after) == [.up, .draining, .maintenance] && after.members == [0])
        #expect(after.now - after.keeper.servers[1].since == 10_000)
        #expect(after.check() == [.check(server: 0), .check(server: 1)], "nobody is disturbed in maintenance")
        after.wait(49_999)
        #expect(after.news() == [])
        after.wait(1)
        #expect(after.news() == ["1 is cut", "2 is cut"])
    }

    @Test func whatTheConfigDoesNotHaveIsPassedOver() {
        var record = HealthRecord(state: .down, time: 5)
        (record.passes, record.failure) = (false, "status 503")
        record.ejected = HealthRecord.Ejected(cause: "serverErrors", rest: .max)
        record.agent = HealthRecord.Agent(percent: 0, wish: "drain", down: "stopped")
        record.slowStart = 1
        record.cut = .max
        let plain = Self.follower([(0, record), (7, record)], servers: 2) { $0.ejection.maxEjected = 0 }
        #expect(Self.states(plain) == [.up, .up])
        let alone = Self.follower([(0, record)], servers: 1, Self.change)
        #expect(Self.states(alone) == [.down])
        #expect(!alone.keeper.servers[0].ejection.isOut, "the last one is not ejected")
    }

    @Test func nonsenseIsKeptWithinBounds() {
        var record = HealthRecord(state: .ejected, time: .max)
        record.ejected = HealthRecord.Ejected(cause: "serverErrors", rest: .max)
        (record.ejections, record.backFor) = (.max, .max)
        record.failure = String(repeating: "x", count: 100_000)
        record.passes = false
        record.agent = HealthRecord.Agent(percent: .max, wish: "fly", down: nil, limit: 0)
        var setup = Self.follower([(0, record)], servers: 2) { settings in
            Self.change(&settings)
            settings.agent = AgentSettings(port: 1)
        }
        #expect(setup.keeper.servers[0].reason.count < 300)
        setup.wait(300_000)
        #expect(setup.keeper.servers[0].ejection.phase == .probation(since: 5_300_000, .serverErrors))
        record.ejected?.cause = "moon"
        #expect(!Self.follower([(0, record)]).keeper.servers[0].ejection.isOut)
    }

    @Test func whatAnAgentHasSaidGoesOn() {
        func change(_ settings: inout UpstreamHealthSettings) { settings.agent = AgentSettings(port: 1) }
        var before = KeeperSetup(servers: 3, change)
        before.agent(1) { ($0.percent, $0.limit) = (50, 7) }
        before.wait(10_000)
        before.agent(2) { $0.wish = .drain }
        let after = Self.follower(before.keeper.records(now: before.now), servers: 3, change)
        #expect(Self.states(after) == [.up, .up, .draining])
        #expect(after.roster?.members.map(\.weight) == [Candidate.unit, Candidate.unit / 2])
        #expect(after.roster?.members.last?.limit == 7)
    }
}
