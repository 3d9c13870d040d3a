// Randomness that a seed determines (SplitMix64, Steele, Lea and Flood 2014).

/// A sequence of numbers that depends on nothing but its seed.
struct Randomness {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }

    /// A number from 0 up to, not including, `bound`, which is above 0.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// True once in `times`.
    mutating func oneIn(_ times: Int) -> Bool { below(times) == 0 }

    /// One of `elements`, of which there are some.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Where to cut `count` bytes into pieces: one to four ends, in order, the last of them `count`. Now and then every
    /// byte is a piece.
    mutating func cuts(_ count: Int) -> [Int] {
        if oneIn(16) { return Array(0...count) }
        var ends = [count]
        for _ in 0..<below(4) { ends.append(below(count + 1)) }
        return ends.sorted()
    }
}
