// An upstream's way to choose, as one loop has it.

/// Chooses servers for one loop. Each loop has its own memory (turns, random numbers); the loads are shared.
///
/// Servers at their limit are passed over. Those that the exchange has tried are chosen only if there is no other, and so,
/// before them, are those that asked to be left alone.
package struct Chooser {
    private let kind: PolicyKind
    /// Who may be chosen.
    package private(set) var roster: Roster
    private var effort: Effort
    private var leastBusy = LeastBusy()
    private var leastRequest = LeastRequest()
    private var turns = RoundRobin()
    private var random = RandomChoice()
    private var first = First()
    private var hash: HashChoice

    /// - Parameter seed: where chance and turns begin; another one for each loop.
    package init(_ kind: PolicyKind, _ roster: Roster, seed: UInt64) {
        self.kind = kind
        self.roster = roster
        effort = Effort(seed: seed)
        if case .hash(let bound) = kind { hash = HashChoice(bound: bound) } else { hash = HashChoice(bound: 0) }
        update(from: Roster([], for: kind), to: roster)
    }

    /// How many servers have been looked at in order to choose, ever.
    package var looks: Int { effort.looks }

    /// Others may be chosen from now on. Turns and shares of those that stay are kept.
    package mutating func update(_ roster: Roster) {
        let old = self.roster
        self.roster = roster
        update(from: old, to: roster)
    }

    /// Chooses. The caller then counts the exchange with `ServerLoads.begin`, whose limit may be reached meanwhile.
    ///
    /// With more than a few hundred servers, `.saturated` may be said although one of them has room: not all are looked at
    /// each time, other ones the next time.
    package mutating func choose(_ question: Question, _ loads: ServerLoads) -> Choice {
        if roster.members.isEmpty { return .nobody }
        let place: Int? =
            switch kind {
            case .leastBusy: leastBusy.choose(question, roster, loads, &effort)
            case .leastRequest: leastRequest.choose(question, roster, loads, &effort)
            case .roundRobin: turns.choose(question, roster, loads, &effort)
            case .random: random.choose(question, roster, loads, &effort)
            case .first: first.choose(question, roster, loads, &effort)
            case .hash: hash.choose(question, roster, loads, &effort)
            }
        guard let place else { return .saturated }
        return .server(Int(roster.members[place].server))
    }

    private mutating func update(from old: Roster, to new: Roster) {
        switch kind {
        case .leastBusy: leastBusy.update(from: old, to: new, &effort.chance)
        case .leastRequest: leastRequest.update(from: old, to: new, &effort.chance)
        case .roundRobin: turns.update(from: old, to: new, &effort.chance)
        case .random: random.update(from: old, to: new, &effort.chance)
        case .first: first.update(from: old, to: new, &effort.chance)
        case .hash: hash.update(from: old, to: new, &effort.chance)
        }
    }
}
