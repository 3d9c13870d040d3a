import MartletBalancing
import MartletTestSupport
import Testing

@Suite struct RetryBudgetTests {
    /// How many retries are had of a thousand asked for.
    private func taken(_ budget: inout RetryBudget, now: UInt64, percent: UInt32, floor: UInt32) -> Int {
        var count = 0
        for _ in 0..<1_000 where budget.take(now: now, percent: percent, floor: floor) { count += 1 }
        return count
    }

    /// Requests, percentage, floor per second, and what that makes in ten seconds.
    @Test(arguments: [
        (0, 20, 10, 100), (0, 20, 0, 0), (1_000, 20, 0, 200), (1_000, 20, 10, 300), (1_000, 0, 0, 0), (1_000, 0, 3, 30),
        (4, 20, 0, 0), (5, 20, 0, 1), (99, 1, 0, 0), (500, 100, 0, 500),
    ])
    func allowsAShareAndAFloor(requests: Int, percent: UInt32, floor: UInt32, allowed: Int) {
        var budget = RetryBudget()
        for _ in 0..<requests { budget.request(now: 7_000) }
        #expect(taken(&budget, now: 7_000, percent: percent, floor: floor) == allowed)
    }

    @Test func whatWasUsedComesBackWithTime() {
        var budget = RetryBudget()
        #expect(taken(&budget, now: 10_000, percent: 0, floor: 1) == 10)
        #expect(taken(&budget, now: 14_999, percent: 0, floor: 1) == 0)
        // The first half is still looked at.
        #expect(taken(&budget, now: 15_000, percent: 0, floor: 1) == 0)
        #expect(taken(&budget, now: 19_999, percent: 0, floor: 1) == 0)
        #expect(taken(&budget, now: 20_000, percent: 0, floor: 1) == 10)
    }

    @Test func nothingIsRememberedAfterALongTime() {
        var budget = RetryBudget()
        for _ in 0..<1_000 { budget.request(now: 10_000) }
        #expect(taken(&budget, now: 10_000, percent: 10, floor: 0) == 100)
        #expect(taken(&budget, now: 20_001, percent: 10, floor: 0) == 0)
    }

    /// Beside what it means: over any time, retries are no more than the share of the requests that may count, and the
    /// floor, for that time and the window before it.
    @Test(arguments: 1...8)
    func neverMultipliesAnOutage(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var budget = RetryBudget()
        var now: UInt64 = 1_000
        var requests: [UInt64] = []
        var retries: [UInt64] = []
        for _ in 0..<20_000 {
            now += UInt64.random(in: 0...3, using: &random)
            if Bool.random(using: &random) {
                budget.request(now: now)
                requests.append(now)
            } else if budget.take(now: now, percent: 20, floor: 2) {
                retries.append(now)
            }
        }
        #expect(!retries.isEmpty)
        for end in stride(from: UInt64(10_000), to: now, by: 1_700) {
            let had = retries.count { $0 > end - 5_000 && $0 <= end }
            let asked = requests.count { $0 + 10_000 > end - 5_000 && $0 <= end }
            #expect(had <= 2 * (asked / 5 + 20), "\(had) for \(asked) requests up to \(end)")
        }
    }
}
