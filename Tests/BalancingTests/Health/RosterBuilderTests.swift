import MartletBalancing
import Testing

@Suite struct RosterBuilderTests {
    /// Entries by their standings, primaries first.
    private func entries(_ primaries: [Standing], backups: [Standing] = []) -> [RosterEntry] {
        (primaries + backups).enumerated().map { index, standing in
            var facts = ServerFacts(server: index)
            facts.isBackup = index >= primaries.count
            return RosterEntry(facts, standing)
        }
    }

    private func servers(_ plan: RosterPlan) -> [UInt32] { plan.members.map(\.server) }

    @Test func listsThoseThatAreWell() {
        let plan = RosterBuilder.plan(
            entries(
                [
                    .well, .failingCheck("x"), .slowStart, .draining(by: .operator), .maintenance(by: .agent),
                    .probation,
                    .ejected(.serverErrors), .downByAgent(""), .awaitingCheck, .awaitingAddress,
                ],
                backups: [.well, .probation]), panicThreshold: 10)
        #expect(servers(plan) == [0, 2])
        #expect(plan.probation == [5])
        #expect(plan.tier == .healthy)
    }

    @Test(arguments: [
        (well: 2, ill: 8, threshold: 20, tier: Roster.Tier.healthy), (2, 8, 21, .panic), (1, 19, 0, .healthy),
        (0, 3, 0, .panic), (1, 9, 10, .healthy), (1, 10, 10, .panic),
    ])
    func panicsBelowTheThreshold(well: Int, ill: Int, threshold: UInt32, tier: Roster.Tier) {
        let standings =
            Array(repeating: Standing.well, count: well) + Array(repeating: .ejected(.failureRate), count: ill)
        let plan = RosterBuilder.plan(entries(standings), panicThreshold: threshold)
        #expect(plan.tier == tier)
        #expect(plan.members.count == (tier == .panic ? well + ill : well))
    }

    @Test func thoseWhoAreOutOrUnknownDoNotCount() {
        let standings: [Standing] = [
            .well, .draining(by: .operator), .maintenance(by: .operator), .awaitingCheck, .awaitingAddress,
        ]
        let plan = RosterBuilder.plan(entries(standings), panicThreshold: 100)
        #expect(servers(plan) == [0])
        #expect(plan.tier == .healthy)
    }

    @Test func backupsComeBeforePanic() {
        let ill = Standing.failingCheck("no")
        var plan = RosterBuilder.plan(entries([ill, ill], backups: [.well, ill]), panicThreshold: 10)
        #expect(servers(plan) == [2])
        #expect(plan.tier == .backup)
        // Too few are well, but those that are serve with the backups.
        plan = RosterBuilder.plan(entries([.well, ill, ill], backups: [.well]), panicThreshold: 50)
        #expect(servers(plan) == [0, 3])
        #expect(plan.tier == .backup)
        plan = RosterBuilder.plan(entries([ill], backups: [ill, .draining(by: .agent)]), panicThreshold: 10)
        #expect(servers(plan) == [0, 1])
        #expect(plan.tier == .panic)
        plan = RosterBuilder.plan(entries([.maintenance(by: .operator)], backups: [.well]), panicThreshold: 10)
        #expect(servers(plan) == [1])
    }

    @Test func nobodyIsNoPanic() {
        let plan = RosterBuilder.plan(entries([.awaitingCheck, .draining(by: .operator)]), panicThreshold: 50)
        #expect(plan == RosterPlan())
        #expect(RosterBuilder.plan([], panicThreshold: 50) == RosterPlan())
    }

    @Test func weightsAreMultiplied() {
        var facts = ServerFacts(server: 3)
        facts.weight = 10
        facts.inFlightLimit = 7
        var entry = RosterEntry(facts, .well)
        #expect(weight(entry) == 2_560)
        entry.agentPercent = 50
        entry.ramp = 100
        entry.reported = 2_000
        #expect(weight(entry) == 256)
        entry.ramp = 0
        #expect(weight(entry) == 1)
        entry.limit = 5
        #expect(RosterBuilder.plan([entry], panicThreshold: 0).members.first?.limit == 5)
    }

    private func weight(_ entry: RosterEntry) -> UInt32? {
        RosterBuilder.plan([entry], panicThreshold: 0).members.first?.weight
    }

    @Test func theFirstRosterLeavesOutWhatIsNotKnown() {
        var settings = UpstreamHealthSettings()
        settings.servers = (4..<9).map { ServerFacts(server: $0) }
        settings.servers[1].isNamed = true
        settings.servers[2].state = .draining
        settings.servers[3].state = .maintenance
        settings.servers[4].isBackup = true
        var roster = RosterBuilder.initial(settings)
        #expect(roster.members.map(\.server) == [4])
        #expect(roster.tier == .healthy)
        settings.check = CheckSettings()
        #expect(RosterBuilder.initial(settings).members.map(\.server) == [4])
        settings.check?.isUpBeforeFirst = false
        roster = RosterBuilder.initial(settings)
        #expect(roster.members.isEmpty)
    }
}
