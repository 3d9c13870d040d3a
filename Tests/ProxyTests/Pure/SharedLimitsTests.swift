import MartletEventLoop
import MartletTestSupport
import Synchronization
import Testing

@testable import MartletProxy

@Suite struct SharedLimitsTests {
    private func peer(_ number: UInt64, port: UInt16 = 1) -> PeerAddress {
        PeerAddress(high: 0, low: 0xffff_7f00_0000 + number, port: port)
    }

    @Test func countsUpToTheLimit() {
        let limits = SharedLimits()
        #expect([1, 2, 3].map { _ in limits.take(limit: 2) } == [true, true, false])
        #expect(limits.current == 2)
        limits.giveBack()
        #expect(limits.take(limit: 2))
        #expect(!limits.take(limit: 0))
        #expect(limits.current == 2)
    }

    @Test func countsEachAddressByItself() {
        let limits = SharedLimits()
        #expect(limits.take(for: peer(1, port: 1), limit: 2))
        #expect(limits.take(for: peer(1, port: 2), limit: 2))
        #expect(!limits.take(for: peer(1, port: 3), limit: 2))
        #expect(limits.take(for: peer(2), limit: 2))
        limits.giveBack(for: peer(1))
        #expect(limits.take(for: peer(1), limit: 2))
        #expect(!limits.take(for: peer(1), limit: 2))
    }

    @Test func givingBackWhatNobodyTookChangesNothing() {
        let limits = SharedLimits()
        limits.giveBack(for: peer(1))
        #expect(limits.take(for: peer(1), limit: 1))
        #expect(!limits.take(for: peer(1), limit: 1))
    }

    /// Threads take and give back at the same time: never more than the limit hold one, and in the end nobody does.
    @Test func manyThreadsShareTheLimit() {
        let limits = SharedLimits()
        let held = Atomic<Int>(0)
        let isOver = race { _ in
            if !limits.take(limit: 3) { return true }
            let isWithin = held.wrappingAdd(1, ordering: .relaxed).newValue <= 3
            held.wrappingSubtract(1, ordering: .relaxed)
            limits.giveBack()
            return isWithin
        }
        #expect(isOver == [])
        #expect(limits.current == 0)
    }

    @Test func manyThreadsShareTheLimitOfAnAddress() {
        let limits = SharedLimits()
        let held = Monitor([0, 0])
        let isOver = race { round in
            let which = round % 2
            if !limits.take(for: self.peer(UInt64(which)), limit: 2) { return true }
            let isWithin = held.change { counts in
                counts[which] += 1
                return counts[which] <= 2
            }
            held.change { $0[which] -= 1 }
            limits.giveBack(for: self.peer(UInt64(which)))
            return isWithin
        }
        #expect(isOver == [])
        for which in 0..<2 {
            #expect([1, 2].map { _ in limits.take(for: peer(UInt64(which)), limit: 1) } == [true, false])
        }
    }

    /// Runs `body` 5,000 times on each of four threads; the rounds for which it was false.
    private func race(_ body: @escaping @Sendable (Int) -> Bool) -> [Int] {
        let failed = Monitor<[Int]>([])
        let threads = (0..<4).map { _ in
            TestThread { for round in 0..<5_000 where !body(round) { failed.change { $0.append(round) } } }
        }
        for thread in threads { #expect(thread.join()) }
        return failed.value
    }
}
