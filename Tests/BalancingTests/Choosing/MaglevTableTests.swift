import Testing

@testable import MartletBalancing

@Suite struct MaglevTableTests {
    private func members(_ names: some Sequence<Int>, weight: (Int) -> UInt32 = { _ in 256 }) -> [Candidate] {
        names.enumerated().map {
            Candidate(
                server: UInt32($0.offset), weight: weight($0.element),
                identity: Candidate.identity(of: "10.0.0.\($0.element):80"))
        }
    }

    private func counts(_ table: MaglevTable, _ members: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: members)
        for place in 0..<table.count { counts[table.member(at: place)] += 1 }
        return counts
    }

    /// The share of keys that lead to another identity.
    private func moved(_ old: [Candidate], _ new: [Candidate], unless isGone: (UInt64) -> Bool = { _ in false })
        -> Double
    {
        let (before, after) = (MaglevTable(old), MaglevTable(new))
        let keys = 20_000
        let moved = (0..<UInt64(keys)).count { key in
            let identity = old[before.member(at: before.place(of: key))].identity
            return !isGone(identity) && identity != new[after.member(at: after.place(of: key))].identity
        }
        return Double(moved) / Double(keys)
    }

    @Test(arguments: [1, 2, 3, 10, 100, 655])
    func entriesAreEven(count: Int) {
        let table = MaglevTable(members(0..<count))
        #expect(table.count == 65_537)
        let counts = counts(table, count)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }

    @Test func entriesFollowWeights() {
        let weights: [UInt32] = [256, 512, 2_560, 26]
        let counts = counts(MaglevTable(members(0..<4) { weights[$0] }), 4)
        let total = Double(weights.reduce(0, +))
        for (count, weight) in zip(counts, weights) {
            #expect(abs(Double(count) / 65_537 - Double(weight) / total) < 0.001)
        }
    }

    @Test func aHeavyOneAmongManyIsQuick() {
        let counts = counts(MaglevTable(members(0..<600) { $0 == 0 ? 256_000 : 256 }), 600)
        #expect(abs(Double(counts[0]) / 65_537 - 1_000.0 / 1_599) < 0.01)
    }

    @Test func thousandsGetALargerTable() {
        #expect(MaglevTable(members(0..<656)).count == 1_048_583)
        for size in [65_537, 1_048_583] {
            #expect((2..<1_100).allSatisfy { size % $0 != 0 })
        }
    }

    @Test func whenAServerGoesOnlyItsKeysMove() {
        let old = members(0..<20)
        let new = members((0..<20).filter { $0 != 7 })
        // Those of the server that is gone must move; of the others, Maglev moves few.
        #expect(moved(old, new) { $0 == old[7].identity } < 0.02)
    }

    @Test func whenAServerComesItTakesItsShare() {
        // At the front, so that all others have new places.
        let share = moved(members(1..<20), members(0..<20))
        #expect(share > 0.04 && share < 0.07)
    }

    @Test func whenAWeightChangesFewKeysMove() {
        #expect(moved(members(0..<20), members(0..<20) { $0 == 3 ? 128 : 256 }) < 0.05)
    }

    @Test func keysThatAreAlikeLeadEverywhere() {
        let table = MaglevTable(members(0..<10))
        var counts = [Int](repeating: 0, count: 10)
        for key in 0..<UInt64(10_000) { counts[table.member(at: table.place(of: key))] += 1 }
        #expect(variation(counts) < 0.08)
    }
}
