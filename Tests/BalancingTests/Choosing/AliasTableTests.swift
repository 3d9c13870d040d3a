import Testing

@testable import MartletBalancing

@Suite struct AliasTableTests {
    @Test(arguments: [[1], [5, 5, 5], [1, 2, 3, 4], [1, 0, 9], [1_000, 1, 1, 1], [0, 0]])
    func drawsByWeight(weights: [UInt32]) {
        let table = AliasTable(weights)
        var chance = Chance(seed: 3)
        var counts = [Int](repeating: 0, count: weights.count)
        let draws = 100_000
        for _ in 0..<draws { counts[table.draw(chance.next())] += 1 }
        let total = Double(weights.reduce(0, +))
        for (count, weight) in zip(counts, weights) {
            let share = total == 0 ? 1 / Double(weights.count) : Double(weight) / total
            #expect(abs(Double(count) / Double(draws) - share) < 0.006)
            if weight == 0 && total > 0 { #expect(count == 0) }
        }
    }

    @Test func theEndsOfChanceAreInBounds() {
        let table = AliasTable([1, 2, 3])
        #expect((0..<3).contains(table.draw(0)))
        #expect((0..<3).contains(table.draw(.max)))
    }
}
