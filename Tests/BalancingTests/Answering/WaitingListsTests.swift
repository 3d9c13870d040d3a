import MartletBalancing
import MartletTestSupport
import Testing

@Suite struct WaitingListsTests {
    private func order(_ lists: inout WaitingLists, list: Int) -> [UInt32] {
        var result: [UInt32] = []
        while let first = lists.first(of: list) {
            result.append(first)
            _ = lists.remove(first)
        }
        return result
    }

    @Test func whoComesFirstIsServedFirst() {
        var lists = WaitingLists(lists: 2)
        for exchange in [7, 3, 9, 0] as [UInt32] { lists.insert(exchange, list: 1, since: 5) }
        #expect(order(&lists, list: 1) == [7, 3, 9, 0])
        #expect(lists.count == 0)
    }

    /// When each began to wait, whether it comes back, and the order that makes.
    @Test(
        arguments: [
            ([(5, false), (6, false), (5, true)], [2, 0, 1]), ([(5, false), (6, false), (6, true)], [0, 2, 1]),
            ([(5, false), (9, false), (7, true)], [0, 2, 1]), ([(5, false), (9, false), (10, true)], [0, 1, 2]),
            ([(5, true), (5, true), (5, true)], [2, 1, 0]), ([(9, false), (5, false)], [1, 0]),
        ] as [([(UInt64, Bool)], [UInt32])])
    func theOldestComesFirst(entries: [(UInt64, Bool)], expected: [UInt32]) {
        var lists = WaitingLists(lists: 1)
        for (place, entry) in entries.enumerated() {
            lists.insert(UInt32(place), list: 0, since: entry.0, first: entry.1)
        }
        #expect(order(&lists, list: 0) == expected)
    }

    private struct Waiting {
        let exchange: UInt32
        let since: UInt64
    }

    /// Beside what they mean: an array for each list, sorted by time.
    @Test(arguments: 1...8)
    func doWhatSortedArraysDo(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var lists = WaitingLists(lists: 4)
        var arrays = [[Waiting]](repeating: [], count: 4)
        var now: UInt64 = 100
        for _ in 0..<5_000 {
            now += UInt64.random(in: 0...2, using: &random)
            let exchange = UInt32.random(in: 0..<60, using: &random)
            let list = arrays.firstIndex { $0.contains { $0.exchange == exchange } }
            #expect(lists.list(of: exchange) == list)
            if let list {
                #expect(lists.since(exchange) == arrays[list].first { $0.exchange == exchange }?.since)
                if Bool.random(using: &random) { continue }
                let isRemoved = lists.remove(exchange)
                #expect(isRemoved)
                arrays[list].removeAll { $0.exchange == exchange }
            } else {
                let list = Int.random(in: 0..<4, using: &random)
                let isFirst = Bool.random(using: &random)
                let since = isFirst ? now - UInt64.random(in: 0...40, using: &random) : now
                lists.insert(exchange, list: list, since: since, first: isFirst)
                let place = arrays[list].firstIndex { $0.since > since || isFirst && $0.since == since }
                arrays[list].insert(Waiting(exchange: exchange, since: since), at: place ?? arrays[list].count)
                let isRemoved = lists.remove(99)
                #expect(!isRemoved)
            }
            for list in 0..<4 {
                #expect(lists.first(of: list) == arrays[list].first?.exchange)
                #expect(lists.count(of: list) == arrays[list].count)
            }
            #expect(lists.count == arrays.reduce(0) { $0 + $1.count })
        }
        for list in 0..<4 { #expect(order(&lists, list: list) == arrays[list].map(\.exchange)) }
    }

    @Test func nobodyWaitsTwice() async {
        await #expect(processExitsWith: .failure) {
            var lists = WaitingLists(lists: 2)
            lists.insert(1, list: 0, since: 1)
            lists.insert(1, list: 1, since: 2)
        }
    }
}
