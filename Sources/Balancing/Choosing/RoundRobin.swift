// Servers in turn, by weight.

/// Takes the servers in turn, each as often as its weight says and as evenly as can be: the one whose turn is due first. A heap has it on
/// top, so that a choice takes as many steps as the number of servers has digits.
struct RoundRobin: BalancingPolicy {
    private struct Turn: BitwiseCopyable {
        var due: Double
        var place: UInt32

        func isBefore(_ other: Turn) -> Bool { due < other.due || (due == other.due && place < other.place) }
    }

    private var turns: [Turn] = []

    /// Servers that stay keep their turns; new ones begin somewhere in their first one, so that loops do not march in
    /// step.
    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance) {
        let now = turns.first?.due ?? 0
        var known: [UInt32: Double] = [:]
        for turn in turns { known[old.members[Int(turn.place)].server] = turn.due }
        turns = new.members.indices.map { place in
            let price = new.prices[place]
            let due = known[new.members[place].server] ?? now + price * chance.fraction()
            return Turn(due: min(due, now + price), place: UInt32(place))
        }
        turns.sort { $0.isBefore($1) }
    }

    mutating func choose(
        _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Int? {
        var found = Find()
        for _ in 0..<min(turns.count, Walk.length) {
            let place = Int(turns[0].place)
            // Who cannot take its turn misses it.
            advance(by: roster.prices[place])
            effort.looks &+= 1
            if found.note(place, Suitability(roster.members[place], question, loads)) { break }
        }
        return found.place
    }

    /// Puts the first one's turn off.
    private mutating func advance(by price: Double) {
        var turn = turns[0]
        turn.due += price
        var hole = 0
        while true {
            var child = 2 * hole + 1
            if child >= turns.count { break }
            if child + 1 < turns.count && turns[child + 1].isBefore(turns[child]) { child += 1 }
            if turn.isBefore(turns[child]) { break }
            turns[hole] = turns[child]
            hole = child
        }
        turns[hole] = turn
    }
}
