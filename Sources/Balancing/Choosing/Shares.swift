// Who has had its share: what makes choices even where the loads do not tell servers apart.

/// How far each server is ahead of its share, in fair queueing's way: choosing a server moves it ahead by its price, and
/// each choice moves time on, by so much that a server that gets its share is back when its turn comes.
struct Shares: Sendable {
    private var marks: [Double] = []
    private var time = 0.0
    private var step = 0.0

    /// What is known of servers that stay is kept, new ones begin somewhere in their first turn.
    mutating func update(from old: Roster, to new: Roster, _ chance: inout Chance) {
        let known = Dictionary(zip(old.members.map(\.server), marks)) { first, _ in first }
        marks = new.members.indices.map { place in
            let price = new.prices[place]
            return min(known[new.members[place].server] ?? time + price * chance.fraction(), time + price)
        }
        step = 1 / Double(max(1, new.members.count))
    }

    /// How far a server is ahead: between 0 and two prices.
    func ahead(_ place: Int) -> Double { max(0, marks[place] - time) }

    /// A server was chosen.
    mutating func take(_ place: Int, price: Double) {
        // One turn can be owed; otherwise a server that is chosen often for a while would have to wait for as long.
        marks[place] = min(max(marks[place], time), time + price) + price
        time += step
    }
}
