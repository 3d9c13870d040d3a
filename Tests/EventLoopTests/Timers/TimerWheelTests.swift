import MartletEventLoop
import Testing

@Suite struct TimerWheelTests {
    static let tick = TimerWheel.tick
    /// What the wheel can reach without coming round.
    static let horizon = 512 * TimerWheel.tick

    /// When something expires, if one only looks when the wheel says so; `nil` if nothing does.
    private func nextExpiry(_ wheel: inout TimerWheel) -> (index: UInt32, now: UInt64)? {
        while let now = wheel.nextVisit() {
            if let index = wheel.popExpired(now: now) { return (index, now) }
        }
        return nil
    }

    @Test(arguments: [
        0, 1, 63, 64, 65, 1_000, horizon - 65, horizon - 1, horizon, horizon + 1, 3 * horizon, 86_400_000,
    ])
    func isNeverEarlyAndLateByATickAtMost(delay: UInt64) {
        for start in [UInt64(0), 1, 63, 64, 1_000_000_007] {
            var wheel = TimerWheel(now: start)
            wheel.set(7, at: start + delay)
            let expiry = nextExpiry(&wheel)
            #expect(expiry?.index == 7)
            #expect((start + delay + 1...start + delay + Self.tick).contains(expiry?.now ?? 0))
            let visit = wheel.nextVisit()
            #expect(visit == nil)
        }
    }

    @Test func aLaterDeadlineReplacesAnEarlierOne() {
        var wheel = TimerWheel(now: 0)
        wheel.set(0, at: 100)
        wheel.set(0, at: 5_000)
        #expect(wheel.popExpired(now: 4_999) == nil)
        #expect(wheel.popExpired(now: 5_000 + Self.tick) == 0)
        #expect(wheel.popExpired(now: 100_000) == nil)
    }

    @Test func anEarlierDeadlineReplacesALaterOne() {
        var wheel = TimerWheel(now: 0)
        wheel.set(0, at: 5_000)
        wheel.set(0, at: 100)
        #expect(wheel.popExpired(now: 100) == nil)
        #expect(wheel.popExpired(now: 100 + Self.tick) == 0)
        #expect(wheel.popExpired(now: 100_000) == nil)
    }

    @Test func aPastDeadlineExpiresAtTheNextTick() {
        var wheel = TimerWheel(now: 10_000)
        wheel.set(0, at: 0)
        #expect(wheel.popExpired(now: 10_000) == nil)
        #expect(wheel.popExpired(now: 10_000 + Self.tick) == 0)
    }

    @Test func aCancelledOneDoesNotExpire() {
        var wheel = TimerWheel(now: 0)
        wheel.set(3, at: 100)
        wheel.set(4, at: 100)
        wheel.cancel(3)
        wheel.cancel(99)
        #expect(wheel.popExpired(now: 1_000) == 4)
        #expect(wheel.popExpired(now: 1_000) == nil)
        let visit = wheel.nextVisit()
        #expect(visit == nil)
    }

    @Test func aCancelledOneMayBeSetAgain() {
        var wheel = TimerWheel(now: 0)
        wheel.set(3, at: 5_000)
        wheel.cancel(3)
        wheel.set(3, at: 100)
        #expect(wheel.popExpired(now: 200) == 3)
        wheel.set(3, at: 300)
        #expect(wheel.popExpired(now: 400) == 3)
        #expect(wheel.popExpired(now: 1_000_000) == nil)
    }

    @Test(arguments: [horizon, 10 * horizon, 86_400_000])
    func afterALongSleepNothingIsMissed(sleep: UInt64) {
        var wheel = TimerWheel(now: 0)
        let deadlines = (0..<1_000).map { UInt64($0) * 97 }
        for (index, deadline) in deadlines.enumerated() { wheel.set(UInt32(index), at: deadline) }
        var expired: [UInt32] = []
        while let index = wheel.popExpired(now: sleep) { expired.append(index) }
        let due = deadlines.indices.filter { deadlines[$0] / Self.tick < sleep / Self.tick }
        #expect(expired.sorted() == due.map(UInt32.init))
    }
}
