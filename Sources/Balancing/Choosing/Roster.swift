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
    /// Who it is, whatever its place in the model: keys lead to identities, so that they stay where they are when
    /// servers are added to the config. `Candidate.identity(of:)` of its name; `ServerFacts.identity` has it.
    package let identity: UInt64

    /// The weight of a server of weight 1.
    package static var unit: UInt32 { 256 }

    /// - Parameter identity: `nil` for one that follows from the place in the model.
    package init(
        server: UInt32, weight: UInt32 = Candidate.unit, limit: UInt32 = .max, identity: UInt64? = nil
    ) {
        self.server = server
        self.weight = weight
        self.limit = limit
        self.identity = identity ?? UInt64(server)
    }

    /// What a server's name, as the user wrote it, makes of its identity: the same in every process (FNV-1a).
    package static func identity(of name: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
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
    /// What an exchange costs each member: the mean weight over its own, so that it is 1 where all weigh the same.
    let prices: [Double]

    package init(
        _ members: [Candidate], probation: [UInt32] = [], tier: Tier = .healthy, for policy: PolicyKind
    ) {
        self.members = members
        self.probation = probation
        self.tier = tier
        table = policy.usesKeys ? MaglevTable(members) : MaglevTable([])
        draw = policy.draws ? AliasTable(members.map(\.weight)) : AliasTable([])
        let mean = members.reduce(0) { $0 + Double(max(1, $1.weight)) } / Double(members.count)
        prices = members.map { mean / Double(max(1, $0.weight)) }
    }
}
