// When a response is fetched, and dropped.
import SwiftASN1
import Testing

@testable import MartletCertificates

struct OCSPScheduleTests {
    @Test("every state, by the clock")
    func states() {
        var schedule = OCSPSchedule()
        #expect(schedule.step(now: 0) == .fetch)
        schedule.fetched(thisUpdate: 0, nextUpdate: 1_000_000, now: 10)
        #expect(schedule.step(now: 10) == .wait(until: 500_000))
        #expect(schedule.step(now: 500_000) == .fetch)
        schedule.failed(now: 500_000)
        #expect(schedule.step(now: 500_000) == .wait(until: 500_060))
        schedule.failed(now: 500_060)
        #expect(schedule.step(now: 500_060) == .wait(until: 500_180))
        for _ in 0..<20 { schedule.failed(now: 999_000) }
        // The end comes before the next try.
        #expect(schedule.step(now: 999_000) == .wait(until: 1_000_000))
        #expect(schedule.step(now: 1_000_000) == .drop)
        schedule.dropped()
        #expect(schedule.step(now: 1_000_000) == .wait(until: 1_002_600))
        #expect(schedule.step(now: 1_002_600) == .fetch)
    }

    @Test("one that comes late in its time is fetched at half of what is left, but not at once")
    func late() {
        var schedule = OCSPSchedule()
        schedule.fetched(thisUpdate: 0, nextUpdate: 1_000, now: 800)
        #expect(schedule.step(now: 800) == .wait(until: 900))
        schedule.fetched(thisUpdate: 0, nextUpdate: 1_000, now: 990)
        #expect(schedule.step(now: 990) == .wait(until: 1_000))
    }

    @Test("one that holds for centuries is fetched again after a week")
    func long() {
        var schedule = OCSPSchedule()
        schedule.fetched(thisUpdate: 0, nextUpdate: 253_402_300_799, now: 100)
        #expect(schedule.step(now: 100) == .wait(until: 100 + 7 * 86_400))
    }

    @Test(
        "dates become seconds",
        arguments: [
            ((1970, 1, 1, 0, 0, 0), 0), ((2000, 2, 29, 12, 0, 1), 951_825_601), ((2025, 1, 2, 4, 0, 0), 1_735_790_400),
            ((2038, 1, 19, 3, 14, 8), 2_147_483_648), ((2100, 3, 1, 0, 0, 0), 4_107_542_400),
        ] as [((Int, Int, Int, Int, Int, Int), Int64)])
    func dates(date: (Int, Int, Int, Int, Int, Int), seconds: Int64) throws {
        let time = try GeneralizedTime(
            year: date.0, month: date.1, day: date.2, hours: date.3, minutes: date.4, seconds: date.5,
            fractionalSeconds: 0)
        #expect(OCSPReading.seconds(time) == seconds)
    }
}
