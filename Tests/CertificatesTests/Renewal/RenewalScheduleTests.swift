import Testing

@testable import MartletCertificates

@Suite struct RenewalScheduleTests {
    private static let day: Int64 = 86_400

    @Test(arguments: [0, 1, 7, .max] as [UInt64])
    func renewsAtTwoThirdsOfLife(seed: UInt64) {
        let time = RenewalSchedule(seed: seed).renewal(notBefore: 0, notAfter: 90 * Self.day)
        #expect(time >= Int64(90.0 * Double(Self.day) * (2.0 / 3 - 0.05)) - 1)
        #expect(time <= Int64(90.0 * Double(Self.day) * (2.0 / 3 + 0.05)) + 1)
    }

    @Test func staysInTheWindowOfTheAuthority() {
        for seed in 0..<50 as Range<UInt64> {
            #expect((100...200).contains(RenewalSchedule(seed: seed).renewal(start: 100, end: 200)))
        }
    }

    @Test func waitsLongerAfterEachFailureUpToABound() {
        var schedule = RenewalSchedule(seed: 3)
        var waits: [Int64] = []
        for _ in 0..<30 { waits.append(schedule.failed(now: 0)) }
        #expect((54...66).contains(waits[0]))
        #expect(zip(waits, waits.dropFirst()).prefix(8).allSatisfy { $0 < $1 })
        #expect(waits.allSatisfy { $0 <= RenewalSchedule.longestWait })
        schedule.succeeded()
        #expect(schedule.failed(now: 0) <= 66)
    }

    @Test func leavesTheAuthorityAloneAsLongAsItWants() {
        var schedule = RenewalSchedule(seed: 3)
        #expect(schedule.failed(now: 10, retryAfter: 7_200) == 7_210)
    }
}
