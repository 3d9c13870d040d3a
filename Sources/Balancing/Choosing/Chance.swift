// Chance that follows from a seed.

/// Random numbers for choosing: SplitMix64 (Steele, Lea and Flood, 2014). Fast, and not for secrets.
package struct Chance: BitwiseCopyable, RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mix(state)
    }

    /// A number in 0..<1.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Spreads numbers that are alike over all numbers.
    package static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<count`, from all bits of a random one.
    package static func place(_ bits: UInt64, below count: Int) -> Int {
        Int(bits.multipliedFullWidth(by: UInt64(count)).high)
    }
}
