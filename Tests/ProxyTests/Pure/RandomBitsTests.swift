import Testing

@testable import MartletProxy

@Suite struct RandomBitsTests {
    /// The authors' own code, with their shifts: https://prng.di.unimi.it/xoroshiro128plus.c.
    private struct Reference {
        var s: (UInt64, UInt64)

        mutating func next() -> UInt64 {
            let (s0, result) = (s.0, s.0 &+ s.1)
            let s1 = s.1 ^ s0
            s.0 = rotated(s0, 24) ^ s1 ^ (s1 << 16)
            s.1 = rotated(s1, 37)
            return result
        }

        private func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    }

    @Test(arguments: [(1, 0), (1, 2), (0x1234_5679, .max), (.max, .max)] as [(UInt64, UInt64)])
    func agreesWithTheReference(a: UInt64, b: UInt64) {
        var bits = RandomBits(seed: a, b)
        var reference = Reference(s: (a, b))
        let (ours, theirs) = ((0..<1_000).map { _ in bits.next() }, (0..<1_000).map { _ in reference.next() })
        #expect(ours == theirs)
    }

    /// With a state of zeros nothing else would ever come.
    @Test(arguments: [(0, 0), (1, 0), (0, 1), (.max - 1, 2)] as [(UInt64, UInt64)])
    func doesNotRepeatItself(a: UInt64, b: UInt64) {
        var bits = RandomBits(seed: a, b)
        var seen = Set<UInt64>()
        for _ in 0..<100_000 { seen.insert(bits.next()) }
        #expect(seen.count == 100_000)
    }

    @Test func eachBitIsSetAboutHalfOfTheTime() {
        var bits = RandomBits(seed: 0, 0)
        var counts = [Int](repeating: 0, count: 64)
        for _ in 0..<20_000 {
            let number = bits.next()
            for bit in 0..<64 where number >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
        }
        #expect(counts.allSatisfy { (9_500...10_500).contains($0) })
    }
}
