// An upstream's way to choose, as one loop has it.

/// Chooses servers for one loop. Each loop has its own memory (turn, random numbers); the loads are shared.
package struct Chooser {
    private let kind: PolicyKind
    private var roster: Roster
    private var turn = RoundRobin()

    /// - Parameter seed: where chance and turns begin; another one for each loop.
    package init(_ kind: PolicyKind, _ roster: Roster, seed: UInt64) {
        self.kind = kind
        self.roster = roster
        turn = RoundRobin(start: UInt32(truncatingIfNeeded: seed))
    }

    /// Others may be chosen from now on.
    package mutating func update(_ roster: Roster) { self.roster = roster }

    /// Chooses. The caller then counts the exchange with `ServerLoads.begin`, whose limit may be reached meanwhile.
    package mutating func choose(_ question: Question, _ loads: ServerLoads) -> Choice {
        if roster.members.isEmpty { return .nobody }
        for isSecondChance in [false, true] {
            for _ in 0..<roster.members.count {
                let member = roster.members[turn.choose(among: roster.members.count, after: nil)]
                let server = Int(member.server)
                if !isSecondChance && question.tried.contains(server) { continue }
                if loads.inFlight(server) < Int(member.limit) { return .server(server) }
            }
        }
        return .saturated
    }
}
