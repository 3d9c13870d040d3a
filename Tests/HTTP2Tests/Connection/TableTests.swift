// The parts of a machine: the table of streams, what is remembered of those that are gone, and bounds.

import MartletHTTPCore
import Testing

@testable import MartletHTTP2

struct TableTests {
    /// A table beside a dictionary, both with the same streams; numbers stand far apart, or side by side.
    @Test(arguments: [2, 16, 256, 8192] as [UInt32])
    func streamsAreFound(step: UInt32) {
        var table = StreamTable()
        var expected: [UInt32: Int] = [:]
        var random: UInt64 = 42
        var next: UInt32 = 1
        for _ in 0..<20_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let isFull = expected.count >= 300
            if !isFull, random >> 33 & 1 == 0 || expected.isEmpty {
                let place = table.insert()
                table[place].number = next
                table.enter(place)
                expected[next] = place
                next = (next + step) & 0x7FFF_FFFF
            } else {
                let index = expected.index(expected.startIndex, offsetBy: Int(random >> 34) % expected.count)
                let (number, place) = expected.remove(at: index)
                table.leave(place)
                table.remove(place)
                let isGone = table.find(number) == -1
                #expect(isGone)
            }
            if random >> 40 & 63 == 0 { expectAll(expected, in: table) }
        }
        expectAll(expected, in: table)
    }

    private func expectAll(_ expected: [UInt32: Int], in table: borrowing StreamTable) {
        let areFound = expected.allSatisfy { table.find($0.key) == $0.value && table[$0.value].number == $0.key }
        let taken = table.taken
        #expect(areFound && taken == expected.count)
    }

    @Test func placesAreUsedAgainUnderOtherHandles() {
        var table = StreamTable()
        var handles: Set<Int32> = []
        for _ in 0..<5 {
            for _ in 0..<1000 {
                let place = table.insert()
                let handle = table[place].handle
                let isNew = handles.insert(handle).inserted
                let found = table.place(of: handle)
                #expect(isNew && found == place)
                table.remove(place)
                let gone = table.place(of: handle)
                #expect(gone == -1)
            }
            table.trim()
            let places = table.places
            #expect(places == 0)
        }
    }

    @Test func aFullTable() {
        var table = StreamTable()
        for index in 0..<4096 {
            let hasRoom = table.hasRoom
            #expect(hasRoom)
            _ = table.insert()
            table[index].number = UInt32(2 * index + 1)
            table.enter(index)
        }
        let (hasRoom, places) = (table.hasRoom, table.places)
        #expect(!hasRoom && places == 4096)
        let found = [table.find(1), table.find(8191), table.find(8193), table.find(0)]
        #expect(found == [0, 4095, -1, -1])
    }

    @Test func howStreamsEnded() {
        var closed = ClosedStreams()
        closed.begin(5)
        #expect(closed.highest == 5 && closed.end(of: 1) == .skipped && closed.end(of: 3) == .skipped)
        closed.end(5, .resetByPeer)
        closed.begin(7)
        closed.begin(9)
        closed.end(9, .ended)
        closed.end(7, .resetHere)
        #expect(closed.end(of: 5) == .resetByPeer && closed.end(of: 7) == .resetHere && closed.end(of: 9) == .ended)
        closed.end(7, .ended)
        #expect(closed.end(of: 7) == .ended && closed.end(of: 3) == .skipped)
        closed.begin(9 + 2 * 63)
        #expect(closed.end(of: 9) == .ended && closed.end(of: 7) == nil && closed.end(of: 11) == .skipped)
        closed.end(7, .resetHere)
        #expect(closed.end(of: 7) == nil && closed.end(of: closed.highest) == .skipped)
        closed.begin(0x7FFF_FFFF)
        #expect(closed.end(of: 0x7FFF_FFFF - 126) == .skipped && closed.end(of: 0x7FFF_FFFF - 128) == nil)
    }

    @Test func howOftenSomethingMayHappen() {
        var bound = RateBound(limit: 4, milliseconds: 1000, credit: 3)
        func add(_ times: Int, at now: UInt64) -> Int { (0..<times).count { _ in bound.add(now: now) } }
        let burst = add(9, at: 5000)
        #expect(burst == 4)
        // A quarter of a second for each, five of which are owed.
        let later = [add(1, at: 6500), add(1, at: 6501)]
        #expect(later == [1, 0])
        let muchLater = add(9, at: 20_000)
        #expect(muchLater == 4)
        bound.forgive(quarters: 11)
        let forgiven = add(9, at: 20_000)
        #expect(forgiven == 2)
        // What is good adds up to a bound.
        bound.forgive(quarters: 8000)
        bound.forgive(quarters: 8000)
        let again = [add(9, at: 40_000), add(9, at: 60_000)]
        #expect(again == [7, 4])
        var strict = RateBound(limit: 0, milliseconds: 10, credit: 0)
        let first = strict.add(now: 1)
        let second = strict.add(now: 1)
        #expect(first && !second)
    }

    /// The table of the RFC, as it is used for streams that are gone.
    @Test func whatMayComeForAStream() {
        for state in StreamState.allCases {
            let frames = StreamFrame.allCases.map { StreamRules.verdict($0, in: state) }
            let expected: [StreamVerdict] =
                switch state {
                case .idle:
                    [.fail(.frameOnIdleStream), .take, .fail(.frameOnIdleStream), .fail(.frameOnIdleStream)]
                case .open, .halfClosedLocal: [.take, .take, .take, .take]
                case .halfClosedRemote: [.reset(.frameAfterEnd), .reset(.frameAfterEnd), .take, .take]
                case .ended: [.fail(.frameAfterClose), .fail(.frameAfterClose), .ignore, .ignore]
                case .resetByPeer: [.reset(.frameAfterReset), .reset(.frameAfterReset), .ignore, .ignore]
                case .resetHere: [.ignore, .ignore, .ignore, .ignore]
                case .skipped: [.fail(.frameAfterClose), .fail(.streamNotAscending), .ignore, .ignore]
                case .forgotten: [.ignore, .reset(.frameAfterReset), .ignore, .ignore]
                }
            #expect(frames == expected, "\(state)")
        }
    }

    @Test func memoryOfAConnection() {
        #expect(MemoryLayout<HTTP2Connection>.size <= 768)
        #expect(MemoryLayout<StreamRecord>.size <= 64)
        #expect(MemoryLayout<HTTP2Event>.size <= 24)
    }
}
