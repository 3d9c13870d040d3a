import Testing

@testable import MartletProxy

@Suite struct RateMeterTests {
    /// Looks at 100 bytes per second and a window of one second; the verdicts, one for each look.
    private func verdicts(
        _ looks: [(now: UInt64, total: UInt64)], minimum: UInt64 = 100, grace: UInt64 = 1_000
    ) -> [Bool] {
        var meter = RateMeter()
        return looks.map { meter.isTooSlow(total: $0.total, now: $0.now, minimum: minimum, grace: grace) }
    }

    @Test func judgesWhenTheWindowIsOver() {
        #expect(verdicts([(10_000, 0), (10_999, 0), (11_000, 0)]) == [false, false, true])
    }

    @Test(arguments: [(99, true), (100, false), (101, false)])
    func theMinimumItselfIsFastEnough(bytes: UInt64, isSlow: Bool) {
        #expect(verdicts([(10_000, 7), (11_000, 7 + bytes)]) == [false, isSlow])
    }

    @Test func aLongerWindowTakesMoreBytes() {
        #expect(verdicts([(10_000, 0), (11_500, 149)]) == [false, true])
        #expect(verdicts([(10_000, 0), (11_500, 150)]) == [false, false])
    }

    @Test func eachWindowBeginsAnew() {
        // What was sent too much in one window does not excuse the next.
        #expect(verdicts([(10_000, 0), (11_000, 5_000), (12_000, 5_099)]) == [false, false, true])
        #expect(verdicts([(10_000, 0), (11_000, 5_000), (12_000, 5_100)]) == [false, false, false])
        // After a verdict as well.
        #expect(verdicts([(10_000, 0), (11_000, 0), (11_500, 0), (12_000, 100)]) == [false, true, false, false])
    }

    @Test func nothingIsMeasuredWithoutAMinimum() {
        #expect(verdicts([(10_000, 0), (14_000, 0)], minimum: 0) == [false, false])
    }

    @Test func aPauseBeginsAnotherWindow() {
        var meter = RateMeter()
        func look(_ now: UInt64) -> Bool { meter.isTooSlow(total: 0, now: now, minimum: 100, grace: 1_000) }
        #expect(!meter.isMeasuring)
        let before = look(10_000)
        #expect(!before && meter.isMeasuring)
        meter.pause()
        #expect(!meter.isMeasuring)
        let after = [11_000, 11_999, 12_000].map { look($0) }
        #expect(after == [false, false, true])
    }

    @Test func looksFarApartAreNotOfOneWait() {
        #expect(verdicts([(10_000, 0), (15_001, 0), (16_000, 0), (16_001, 0)]) == [false, false, false, true])
        #expect(verdicts([(10_000, 0), (15_000, 0)]) == [false, true])
    }

    @Test func anotherScaleBeginsAnotherWindow() {
        // The next request's content is counted from zero.
        #expect(verdicts([(10_000, 500), (11_000, 20), (11_999, 20), (12_000, 20)]) == [false, false, false, true])
    }

    @Test func theLargestSettingsDoNotOverflow() {
        let hour: UInt64 = 3_600_000
        // A look each four seconds, as the driver's: never so far apart that the window would begin anew.
        let looks = stride(from: 4_000, through: 4_000 + hour, by: 4_000).map { (now: $0, total: UInt64(0)) }
        let slow = verdicts(looks, minimum: 1 << 30, grace: hour)
        #expect(slow.dropLast().allSatisfy { !$0 } && slow.last == true)
        #expect(verdicts([(hour, 0), (hour + 1, .max)], minimum: 1 << 30, grace: 1) == [false, false])
    }
}
