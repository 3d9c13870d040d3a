// The fewest exchanges in flight.

/// Takes the server with the fewest exchanges in flight for its weight, and among those whoever is least ahead of its
/// share. Looks at all servers up to 128, at 16 drawn at random beyond.
struct LeastRequest: BalancingPolicy {
    static let most = 128
    static let samples = 16

    private var shares = Shares()
    private var walk = Walk()

    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance) {
        shares.update(from: old, to: new, &chance)
    }

    mutating func choose(
        _ question: Question, _ roster: borrowing Roster, _ loads: ServerLoads, _ effort: inout Effort
    ) -> Int? {
        let members = roster.members.count
        let count = members <= Self.most ? members : Self.samples
        var best = Ranked()
        for index in 0..<count {
            let place = members <= Self.most ? index : Chance.place(effort.chance.next(), below: members)
            let member = roster.members[place]
            let ahead = shares.ahead(place)
            let queue = Ranked.queue(loads.inFlight(Int(member.server)), price: roster.prices[place], ahead: ahead)
            best.compare(place, Suitability(member, question, loads), cost: queue, ahead: ahead)
        }
        effort.looks &+= count
        var found = best.found
        if found.suitability != .good && members > Self.most {
            found = walk.search(found, question, roster, loads, &effort)
        }
        if let place = found.place { shares.take(place, price: roster.prices[place]) }
        return found.place
    }
}
