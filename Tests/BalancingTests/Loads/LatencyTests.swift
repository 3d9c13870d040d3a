import Testing

@testable import MartletBalancing

private let millisecond: UInt64 = 1_000_000
private let second: UInt64 = 1_000_000_000

@Suite struct LatencyTests {
    private let loads = ServerLoads(servers: 2)

    /// Answers of server 0, a millisecond apart, from the tenth second on. Returns when the last one came.
    @discardableResult
    private func observe(_ latency: UInt64, times: Int, from start: UInt64 = 10 * second) -> UInt64 {
        for index in 0..<times { loads.observe(latency: latency, 0, now: start + UInt64(index) * millisecond) }
        return start + UInt64(max(0, times - 1)) * millisecond
    }

    @Test func theFirstAnswersSayNothing() {
        observe(500 * millisecond, times: 4)
        observe(5 * millisecond, times: 3)
        #expect(loads.latency(0) == 0)
        observe(9 * millisecond, times: 1)
        #expect(loads.latency(0) == 6 * millisecond)
        #expect(loads.latency(1) == 0)
    }

    @Test func theAverageFollows() {
        observe(8 * millisecond, times: 8)
        #expect(loads.latency(0) == 8 * millisecond)
        observe(4 * millisecond, times: 300)
        #expect(abs(Double(loads.latency(0)) / 4e6 - 1) < 0.03)
    }

    @Test func whatBecomesSlowIsNoticedSoonerThanWhatBecomesFast() {
        observe(2 * millisecond, times: 8)
        observe(10 * millisecond, times: 16)
        #expect(loads.latency(0) > 6 * millisecond)
        observe(2 * millisecond, times: 16)
        #expect(loads.latency(0) > 5 * millisecond)
    }

    @Test func aLatencyAfterAPauseCountsForMore() {
        let last = observe(8 * millisecond, times: 8)
        loads.observe(latency: 4 * millisecond, 0, now: last + 60 * second)
        #expect(loads.latency(0) < 4_100_000)
    }

    @Test func whatIsKnownFadesWhileThereIsNothingToDo() {
        let last = observe(8 * millisecond, times: 8)
        let half: UInt64 = 1 << 33
        #expect(loads.worth(0, now: last) == 65_536)
        #expect(loads.worth(0, now: last + half / 2) == 49_152)
        #expect(loads.worth(0, now: last + half) == 32_768)
        #expect(loads.worth(0, now: last + 3 * half) == 8_192)
        #expect(loads.worth(0, now: .max) == 0)
        #expect(loads.begin(0))
        #expect(loads.worth(0, now: last + half) == 65_536)
    }

    @Test(arguments: [UInt64(0), 1, .max])
    func extremesDoNotOverflow(latency: UInt64) {
        observe(latency, times: 100)
        #expect(loads.latency(0) > 0)
        loads.observeFailure(0, elapsed: latency, now: .max)
        loads.observe(latency: latency, 0, now: 0)
        #expect(loads.latency(0) > 0 && loads.failing(0) <= 65_536)
    }

    @Test func failuresAreAShare() {
        let start = observe(millisecond, times: 8)
        for _ in 0..<10 { loads.observeFailure(0, elapsed: 1_000, now: start) }
        #expect(loads.failing(0) > 28_000 && loads.failing(0) < 40_000)
        // A quick failure does not make the server quick, a slow one makes it slow.
        #expect(loads.latency(0) == millisecond)
        loads.observeFailure(0, elapsed: second, now: start)
        #expect(loads.latency(0) > 50 * millisecond)
        for _ in 0..<200 { loads.observe(latency: millisecond, 0, now: start) }
        #expect(loads.failing(0) < 50)
        observe(millisecond, times: 100)
        #expect(loads.failing(0) == 0)
    }

    @Test func retryAfterIsHeededUntilItsTime() {
        loads.avoid(0, until: 500)
        #expect(loads.isAvoided(0, now: 499))
        #expect(!loads.isAvoided(0, now: 500) && !loads.isAvoided(1, now: 499))
    }

    @Test func aReportIsBelievedForTenSeconds() {
        #expect(loads.utilisation(0, now: 0) == nil)
        loads.report(utilisation: 0, 0, now: second)
        #expect(loads.utilisation(0, now: 11 * second) == 0)
        #expect(loads.utilisation(0, now: 11 * second + 1) == nil)
        loads.report(utilisation: 1_200, 0, now: second)
        #expect(loads.utilisation(0, now: second) == 1_200)
    }

    @Test func aServerThatComesBackBeginsAnew() {
        observe(8 * millisecond, times: 8)
        loads.observeFailure(0, elapsed: 0, now: second)
        loads.avoid(0, until: .max)
        loads.report(utilisation: 900, 0, now: second)
        loads.forgetLatency(0)
        #expect(loads.latency(0) == 0 && loads.failing(0) == 0)
        #expect(loads.utilisation(0, now: second) == nil && !loads.isAvoided(0, now: second))
    }
}
