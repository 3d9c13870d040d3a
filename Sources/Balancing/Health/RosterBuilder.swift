// From where servers stand to whom loops may choose. Pure, and the same for the same input.

/// What the builder has to know of a server.
package struct RosterEntry: Sendable, Equatable {
    package let facts: ServerFacts
    package var standing: Standing
    /// Its share of its configured weight: what its agent says, in percent, and what slow start and load reports make of
    /// it, in thousandths.
    package var agentPercent: UInt32 = 100
    package var ramp: UInt32 = 1_000
    package var reported: UInt32 = 1_000
    /// The most exchanges at a time; `.max` for no limit.
    package var limit: UInt32

    package init(_ facts: ServerFacts, _ standing: Standing) {
        self.facts = facts
        self.standing = standing
        limit = facts.inFlightLimit
    }

    /// As a server to choose from.
    var candidate: Candidate {
        var weight = UInt64(Candidate.unit) * UInt64(facts.weight)
        weight = weight * UInt64(agentPercent) / 100
        weight = weight * UInt64(ramp) / 1_000
        weight = weight * UInt64(reported) / 1_000
        return Candidate(
            server: UInt32(facts.server), weight: UInt32(clamping: max(weight, 1)), limit: limit,
            identity: facts.identity)
    }
}

/// Whom a roster is to list; a roster without its tables, which take time to make.
package struct RosterPlan: Sendable, Equatable {
    package var members: [Candidate] = []
    package var probation: [UInt32] = []
    package var tier = Roster.Tier.healthy

    /// Nobody.
    package init() {}

    /// The roster, with the tables that `policy` draws from.
    package func roster(for policy: PolicyKind) -> Roster {
        Roster(members, probation: probation, tier: tier, for: policy)
    }
}

/// Decides whom loops may choose.
package enum RosterBuilder {
    /// The roster at the start: servers by name have no address yet, and where the first check decides, nobody is in.
    package static func initial(_ settings: UpstreamHealthSettings) -> Roster {
        let entries = settings.servers.map { RosterEntry($0, .initial($0, settings)) }
        return plan(entries, panicThreshold: settings.panicThreshold).roster(for: settings.policy)
    }

    /// Primaries that are well, if enough of them are. Else those with the backups that are well; if no backup is, all
    /// that may be asked, ill or not: some may be better than it seems, and a refusal is no worse than none.
    /// - Parameter panicThreshold: in percent, of the primaries of which something is known.
    package static func plan(_ entries: [RosterEntry], panicThreshold: UInt32) -> RosterPlan {
        var well = 0
        var known = 0
        for entry in entries where !entry.facts.isBackup {
            if entry.standing.isWell { well += 1 }
            if entry.standing.isWell || entry.standing.isIll { known += 1 }
        }
        if well > 0 && well * 100 >= Int(panicThreshold) * known {
            return list(entries, tier: .healthy) { !$0.facts.isBackup && $0.standing.isWell }
        }
        if entries.contains(where: { $0.facts.isBackup && $0.standing.isWell }) {
            return list(entries, tier: .backup) { $0.standing.isWell }
        }
        if !entries.contains(where: { $0.standing.isIll }) { return RosterPlan() }
        return list(entries, tier: .panic) { $0.standing.isWell || $0.standing.isIll }
    }

    private static func list(
        _ entries: [RosterEntry], tier: Roster.Tier, _ isMember: (RosterEntry) -> Bool
    ) -> RosterPlan {
        var plan = RosterPlan()
        plan.tier = tier
        for entry in entries {
            if isMember(entry) {
                plan.members.append(entry.candidate)
            } else if entry.standing == .probation && (tier != .healthy || !entry.facts.isBackup) {
                plan.probation.append(UInt32(entry.facts.server))
            }
        }
        return plan
    }
}

extension Standing {
    /// Before anything has happened.
    package static func initial(_ facts: ServerFacts, _ settings: UpstreamHealthSettings) -> Standing {
        switch facts.state {
        case .maintenance: return .maintenance(by: .operator)
        case .draining: return .draining(by: .operator)
        case .up: break
        }
        if facts.isNamed { return .awaitingAddress }
        if let check = settings.check, !check.isUpBeforeFirst { return .awaitingCheck }
        return .well
    }
}
