import MartletTelemetry
import Testing

@Suite struct TopTableTests {
    private let good = TopEnding(status: 200, microseconds: 10)

    private func see(_ key: UInt64, _ table: inout TopTable, times: Int = 1) {
        for _ in 0..<times { table.count(good, at: table.claim(key).place) }
    }

    @Test func whatIsThereIsCountedExactly() {
        var table = TopTable(keys: 8)
        for (key, times) in [(UInt64(5), 3), (9, 1), (5, 4)] { see(key, &table, times: times) }
        let entries = table.entries.filter(\.isUsed)
        #expect(Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.requests) }) == [5: 7, 9: 1])
        #expect(table.total == 8 && table.replaced == 0 && entries.allSatisfy { $0.microseconds == $0.requests * 10 })
    }

    @Test func endingsAreTold() {
        var table = TopTable(keys: 8)
        let place = table.claim(1).place
        for status in [200, 304, 404, 499, 500, 502, 0] {
            table.count(TopEnding(status: status, microseconds: 1), at: place)
        }
        let entry = table.entries[Int(place.index)]
        #expect(entry.requests == 7 && entry.clientErrors == 2 && entry.errors == 3)
    }

    /// The zero key is a key like others.
    @Test func everyKeyIsOne() {
        var table = TopTable(keys: 8)
        #expect(table.claim(0).isNew)
        #expect(!table.claim(0).isNew)
        #expect(table.claim(.max).isNew)
    }

    @Test func whoComesOftenIsNotPushedAwayByWhoComesOnce() {
        var table = TopTable(keys: 64)
        for round in 0..<20_000 {
            see(7, &table)
            see(UInt64(1_000 + round), &table)
        }
        let own = table.entries.first { $0.key == 7 && $0.isUsed }
        #expect(own?.requests == 20_000)
        #expect(table.total == 40_000 && table.replaced == 20_000 - 63)
    }

    @Test func theOneWithLeastWeightGoesAndItsPlaceIsNoOnesAnyMore() {
        var table = TopTable(keys: 8)
        var places: [TopPlace] = []
        for key in UInt64(1)...8 {
            places.append(table.claim(key).place)
            see(key, &table, times: key == 4 ? 1 : 5)
        }
        let (place, isNew) = table.claim(100)
        #expect(isNew && place.index == places[3].index && table.replaced == 1)
        #expect(!table.isCurrent(places[3]) && table.isCurrent(place) && table.isCurrent(places[0]))
        // An exchange that began before is counted among all, and not for the one that has the place now.
        let before = table.total
        table.count(good, at: places[3])
        #expect(table.total == before + 1 && table.entries[Int(place.index)].requests == 0)
        // It takes over the weight of the one before: the next one takes its place only if nobody has less.
        #expect(table.entries[Int(place.index)].debt == 2 && table.entries[Int(place.index)].recent == 1)
    }

    @Test func whatWasLongAgoCountsLess() {
        var table = TopTable(keys: 8)
        for key in UInt64(1)...8 { see(key, &table, times: 100) }
        for _ in 0..<20 { table.age() }
        for key in UInt64(11)...18 { see(key, &table, times: 3) }
        #expect(table.entries.allSatisfy { $0.key > 10 && $0.recent == 3 && $0.debt == 0 })
    }

    @Test func noPlaceIsTakenForOneOfATableBefore() {
        var first = TopTable(keys: 8)
        let old = first.claim(1).place
        var second = TopTable(keys: 8, serial: first.serial)
        _ = second.claim(1)
        #expect(!second.isCurrent(old) && !second.isCurrent(TopPlace()))
    }
}
