// Which servers of an upstream may be chosen now. Made anew when that changes, never changed.

/// A server that may be chosen.
package struct Candidate: Sendable, Equatable, BitwiseCopyable {
    /// The server, as an index of the model.
    package let server: UInt32
    /// Its share: the configured weight times what slow start, agent and load reports make of it. At least 1; a plain
    /// server of weight 1 at full share has 256.
    package let weight: UInt32
    /// The most exchanges at a time, over all loops; `.max` for no limit.
    package let limit: UInt32

    /// The weight of a server of weight 1.
    package static var unit: UInt32 { 256 }

    package init(server: UInt32, weight: UInt32 = Candidate.unit, limit: UInt32 = .max) {
        self.server = server
        self.weight = weight
        self.limit = limit
    }
}

/// The servers of an upstream that may be chosen.
package struct Roster: Sendable, Equatable {
    /// Whom the roster lists.
    package enum Tier: UInt8, Sendable {
        /// Servers that are well.
        case healthy
        /// Those kept for when the others are down.
        case backup
        /// Too few are well: all of them, whatever is known, as some may be better than it seems.
        case panic
    }

    /// In the order of the config; empty when there is nobody to ask.
    package let members: [Candidate]
    /// Servers on probation: not among the members, each may be tried by one exchange (`ServerLoads.takeProbation`).
    package let probation: [UInt32]
    package let tier: Tier
    /// Where keys lead, for `hash`; empty for the other policies.
    package let table: MaglevTable
    /// How to draw by weight; empty where nobody draws.
    package let draw: AliasTable

    package init(
        _ members: [Candidate], probation: [UInt32] = [], tier: Tier = .healthy, for policy: PolicyKind
    ) {
        self.members = members
        self.probation = probation
        self.tier = tier
        table = policy.usesKeys ? MaglevTable(members) : MaglevTable([])
        draw = policy.draws ? AliasTable(members.map(\.weight)) : AliasTable([])
    }
}
