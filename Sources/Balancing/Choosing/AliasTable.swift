// Drawing by weight in constant time.

/// Draws places by weight, with one look whatever their number: the alias method (Vose, "A linear algorithm for
/// generating random numbers with a given distribution", 1991). Each slot is a place and an alias for the rest of it.
package struct AliasTable: Sendable, Equatable {
    private struct Slot: Equatable, BitwiseCopyable {
        /// Up to here, of 2³², the slot stands for its own place.
        var own: UInt32 = .max
        var alias: UInt32
    }

    private var slots: [Slot]

    /// - Parameter weights: of each place; a place of weight 0 is not drawn, unless all are.
    package init(_ weights: [UInt32]) {
        slots = weights.indices.map { Slot(alias: UInt32($0)) }
        let total = weights.reduce(0) { $0 + Double($1) }
        if total == 0 { return }
        // What each place still has to give, where a full slot is 1.
        var rest = weights.map { Double($0) * Double(weights.count) / total }
        var small = rest.indices.filter { rest[$0] < 1 }
        var large = rest.indices.filter { rest[$0] >= 1 }
        while let poor = small.popLast(), let rich = large.last {
            slots[poor] = Slot(own: UInt32(rest[poor] * 0x1p32), alias: UInt32(rich))
            rest[rich] -= 1 - rest[poor]
            if rest[rich] < 1 {
                large.removeLast()
                small.append(rich)
            }
        }
    }

    /// The place that 64 random bits stand for. There must be one.
    func draw(_ bits: UInt64) -> Int {
        let slot = Int(((bits >> 32) &* UInt64(slots.count)) >> 32)
        return UInt32(truncatingIfNeeded: bits) < slots[slot].own ? slot : Int(slots[slot].alias)
    }
}
