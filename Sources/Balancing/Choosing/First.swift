// One before the next.

/// Takes the first server of the config that has room, so that those at the end may rest.
struct First: BalancingPolicy {
    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance) {}

    mutating func choose(
        _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Int? {
        var found = Find()
        for place in 0..<roster.members.count {
            effort.looks &+= 1
            if found.note(place, Suitability(roster.members[place], question, loads)) { break }
        }
        return found.place
    }
}
