// By a key of the request.

/// Leads each key to a server of its own, as long as that has no more than its part of the load: consistent hashing with
/// bounded loads (Mirrokni, Thorup and Zadimoghaddam, 2018) over a Maglev table. What is too much goes on to the servers of the table's
/// next entries, the same ones for the same key.
struct HashChoice: BalancingPolicy {
    /// How many entries are looked at.
    static let entries = 64
    /// How many servers' loads are taken anew for each choice.
    static let refreshed = 8

    /// So many exchanges in flight are never too many: with a few in all, a part of them is less than one, and keys would
    /// leave their servers whenever two requests meet.
    static let free = 2

    /// The most exchanges of a server in percent of the average for its weight; 0 for no bound.
    private let bound: Double
    private var walk = Walk()
    /// What each member had in flight when it was last looked at, and the sum of that: adding up thousands of servers for each
    /// choice would be too much, so a few are taken anew each time.
    private var seen: [Int] = []
    private var total = 0
    private var next = 0

    init(bound: UInt32) { self.bound = Double(bound) / 100 }

    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance) {
        if bound == 0 { return }
        let known = Dictionary(zip(old.members.map(\.server), seen)) { first, _ in first }
        seen = new.members.map { known[$0.server] ?? 0 }
        total = seen.reduce(0, +)
        next = 0
    }

    mutating func choose(
        _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Int? {
        if bound != 0 { refresh(roster, loads, &effort) }
        let average = Double(total + 1) / Double(roster.members.count) * bound
        var found = Find()
        var entry = roster.table.place(of: question.key)
        var previous = -1
        for _ in 0..<Self.entries {
            let place = roster.table.member(at: entry)
            entry = entry + 1 < roster.table.count ? entry + 1 : 0
            if place == previous { continue }
            previous = place
            effort.looks &+= 1
            let suitability = Suitability(roster.members[place], question, loads)
            if suitability == .full { continue }
            if !hasRoom(place, roster, loads, average) { continue }
            if found.note(place, suitability) { return place }
        }
        return walk.search(found, question, roster, loads, &effort).place
    }

    /// Whether one more exchange keeps a member within its part.
    private func hasRoom(
        _ place: Int, _ roster: borrowing Roster, _ loads: ServerLoads, _ average: Double
    ) -> Bool {
        if bound == 0 { return true }
        let inFlight = loads.inFlight(Int(roster.members[place].server))
        return inFlight < Self.free || Double(inFlight) < average / roster.prices[place]
    }

    private mutating func refresh(_ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort) {
        let count = min(roster.members.count, Self.refreshed)
        for _ in 0..<count {
            next = next + 1 < roster.members.count ? next + 1 : 0
            let inFlight = loads.inFlight(Int(roster.members[next].server))
            total += inFlight - seen[next]
            seen[next] = inFlight
        }
        effort.looks &+= count
    }
}
