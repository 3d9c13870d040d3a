// Where keys lead.

/// Spreads keys over members by weight, so that few keys lead elsewhere when members come or go: Maglev hashing
/// (Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", 2016, section 3.4). Each member has
/// an order of its own in which it would like the table's entries, and they take turns in taking one.
package struct MaglevTable: Sendable, Equatable {
    /// Whose entry it is, as a place in the roster.
    private var entries: [UInt32]

    /// How many entries there are: a prime, so that every order reaches every entry, and a hundred for each member up to
    /// ten thousand. Two sizes only, as all keys lead elsewhere when the size changes.
    static func size(members: Int) -> Int { members <= 655 ? 65_537 : 1_048_583 }

    package init(_ members: [Candidate]) {
        entries = []
        if members.isEmpty { return }
        entries = Self.fill(members, size: Self.size(members: members.count))
    }

    /// How many entries there are; 0 for nobody.
    var count: Int { entries.count }

    /// The entry of a key.
    func place(of key: UInt64) -> Int { Chance.place(Chance.mix(key), below: entries.count) }

    /// Whose the entry is.
    func member(at place: Int) -> Int { Int(entries[place]) }

    private static func fill(_ members: [Candidate], size: Int) -> [UInt32] {
        var entries = [UInt32](repeating: .max, count: size)
        var orders = members.map { Order($0, size: size) }
        // The heaviest takes an entry each turn; several, where many light ones would wait for long otherwise.
        let total = members.reduce(0) { $0 + UInt64($1.weight) }
        let heaviest = members.reduce(0) { max($0, UInt64($1.weight)) }
        let price = max(1, min(heaviest, 16 * total / UInt64(members.count)))
        var left = size
        while true {
            for index in members.indices {
                orders[index].credit += max(1, UInt64(members[index].weight))
                while orders[index].credit >= price {
                    orders[index].credit -= price
                    while entries[orders[index].next(size)] != .max {}
                    entries[orders[index].last] = UInt32(index)
                    left -= 1
                    if left == 0 { return entries }
                }
            }
        }
    }

    /// The order in which a member would like the entries.
    private struct Order {
        var credit: UInt64 = 0
        private(set) var last: Int
        private let step: Int

        init(_ member: Candidate, size: Int) {
            let hash = Chance.mix(member.identity &+ 0x9e37_79b9_7f4a_7c15)
            last = Chance.place(hash, below: size)
            step = 1 + Chance.place(Chance.mix(hash), below: size - 1)
        }

        mutating func next(_ size: Int) -> Int {
            last += step
            if last >= size { last -= size }
            return last
        }
    }
}
