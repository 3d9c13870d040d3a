// At random.

/// Draws servers by weight, again as long as they would not do, and then goes through them.
struct RandomChoice: BalancingPolicy {
    static let draws = 8

    private var walk = Walk()

    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance) {}

    mutating func choose(
        _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Int? {
        var found = Find()
        for _ in 0..<Self.draws {
            let place = roster.draw.draw(effort.chance.next())
            effort.looks &+= 1
            if found.note(place, Suitability(roster.members[place], question, loads)) { return place }
        }
        return walk.search(found, question, roster, loads, &effort).place
    }
}
