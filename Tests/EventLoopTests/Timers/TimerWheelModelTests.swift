import MartletEventLoop
import MartletTestSupport
import Testing

/// The wheel beside what it means: a deadline for each index, looked through one by one.
private struct Timers: ~Copyable {
    var wheel: TimerWheel
    var deadlines: [UInt64?]
    var now: UInt64
    var random: SeededRandom

    init(indexes: Int, seed: UInt64) {
        random = SeededRandom(seed: seed)
        now = random.next() % 1_000_000
        wheel = TimerWheel(now: now)
        deadlines = Array(repeating: nil, count: indexes)
    }

    mutating func change(_ longest: UInt64) {
        let index = Int(random.next() % UInt64(deadlines.count))
        if random.next() % 4 == 0 {
            wheel.cancel(UInt32(index))
            deadlines[index] = nil
        } else {
            let deadline = now + random.next() % longest
            wheel.set(UInt32(index), at: deadline)
            deadlines[index] = deadline
        }
    }

    /// What the wheel says has expired, and what has.
    mutating func advance(by time: UInt64) -> (wheel: [Int], model: [Int]) {
        now += time
        var expired: [Int] = []
        while let index = wheel.popExpired(now: now) { expired.append(Int(index)) }
        let due = deadlines.indices.filter { index in
            deadlines[index].map { $0 / TimerWheel.tick < now / TimerWheel.tick } ?? false
        }
        for index in due { deadlines[index] = nil }
        return (expired.sorted(), due)
    }
}

@Suite struct TimerWheelModelTests {
    /// Longest deadline and longest sleep, on both sides of the wheel's 32.8 s.
    @Test(arguments: [(500, 100), (40_000, 300), (200_000, 5_000), (100_000, 400_000)], 1...4)
    func doesWhatTheModelDoes(_ longest: (deadline: UInt64, sleep: UInt64), seed: Int) {
        var timers = Timers(indexes: 100, seed: UInt64(seed))
        for step in 0..<1_500 {
            for _ in 0..<5 { timers.change(longest.deadline) }
            let sleep = timers.random.next() % longest.sleep
            let expired = timers.advance(by: sleep)
            if expired.wheel != expired.model {
                Issue.record("step \(step): \(expired.wheel) expired, \(expired.model) should have")
                return
            }
        }
    }

    /// The wheel says when to look again; doing only that misses nothing.
    @Test(arguments: 1...4)
    func theNextVisitIsNeverTooLate(seed: Int) {
        var timers = Timers(indexes: 50, seed: UInt64(seed))
        for _ in 0..<50 { timers.change(100_000) }
        while let visit = timers.wheel.nextVisit() {
            let earliest = timers.deadlines.compactMap(\.self).min()
            if let earliest { #expect(visit <= earliest + TimerWheel.tick) }
            let expired = timers.advance(by: visit - timers.now)
            #expect(expired.wheel == expired.model)
        }
        #expect(timers.deadlines.allSatisfy { $0 == nil })
    }
}
