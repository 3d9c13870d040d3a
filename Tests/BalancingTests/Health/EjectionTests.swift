import MartletBalancing
import Testing

@Suite struct EjectionTests {
    private let settings: EjectionSettings = {
        var settings = EjectionSettings()
        settings.time = 1_000
        settings.longestTime = 6_000
        return settings
    }()

    @Test func theTimeDoublesUpToTheLongest() {
        #expect((1...6).map { Ejection.time($0, settings) } == [1_000, 2_000, 4_000, 6_000, 6_000, 6_000])
        #expect(Ejection.time(1_000_000, settings) == 6_000)
        var long = settings
        long.time = UInt64.max / 2
        #expect(Ejection.time(9, long) == UInt64.max / 2)
    }

    @Test func comesBackByProbation() {
        var ejection = Ejection()
        #expect(!ejection.isOut)
        #expect(ejection.deadline(settings) == nil)
        ejection.eject(.serverErrors, settings, now: 100)
        #expect(ejection.phase == .ejected(until: 1_100, .serverErrors))
        let first = ejection.opensProbation(settings, now: 1_099)
        #expect(!first)
        let second = ejection.opensProbation(settings, now: 1_100)
        #expect(second)
        #expect(ejection.phase == .probation(since: 1_100, .serverErrors))
        ejection.eject(.failedProbation, settings, now: 1_500)
        #expect(ejection.phase == .ejected(until: 3_500, .failedProbation))
        let third = ejection.opensProbation(settings, now: 4_000)
        #expect(third)
        ejection.bringBack(now: 4_100)
        #expect(!ejection.isOut)
    }

    @Test func aProbationThatComesToNothingIsOpenedAgain() {
        var ejection = Ejection()
        ejection.eject(.serverErrors, settings, now: 0)
        let first = ejection.opensProbation(settings, now: 1_000)
        #expect(first)
        let second = ejection.opensProbation(settings, now: 6_999)
        #expect(!second)
        let third = ejection.opensProbation(settings, now: 7_000)
        #expect(third)
        #expect(ejection.deadline(settings) == 13_000)
    }

    @Test func ejectionsAreForgottenByAndBy() {
        var ejection = Ejection()
        for _ in 0..<3 { ejection.eject(.connectionFailures, settings, now: 0) }
        ejection.bringBack(now: 10_000)
        // Less than the longest time since: nothing is forgotten.
        var soon = ejection
        soon.eject(.connectionFailures, settings, now: 15_999)
        #expect(soon.count == 4)
        ejection.eject(.connectionFailures, settings, now: 22_000)
        #expect(ejection.count == 2)
        ejection.bringBack(now: 30_000)
        ejection.eject(.connectionFailures, settings, now: 1_000_000)
        #expect(ejection.count == 1)
    }

    @Test func onlyFailedConnectionsEndWithAPassedCheck() {
        for cause in [EjectionCause.connectionFailures, .serverErrors, .failureRate, .failedProbation] {
            var ejection = Ejection()
            ejection.eject(cause, settings, now: 0)
            #expect(!ejection.endsWithPassedCheck)
            let first = ejection.opensProbation(settings, now: 1_000)
            #expect(first)
            #expect(ejection.endsWithPassedCheck == (cause == .connectionFailures))
        }
    }

    @Test(arguments: [
        (ejected: 0, servers: 1, percent: 100, may: false), (0, 2, 50, true), (1, 2, 50, false), (0, 3, 10, true),
        (1, 3, 10, false), (4, 10, 50, true), (5, 10, 50, false), (0, 10, 0, false), (9, 10, 100, true),
        (10, 10, 100, false),
    ])
    func someAreAlwaysLeft(ejected: Int, servers: Int, percent: UInt32, may: Bool) {
        var settings = settings
        settings.maxEjected = percent
        #expect(Ejection.mayEject(ejected: ejected, of: servers, settings) == may)
    }
}

@Suite struct FailureWindowTests {
    @Test func forgetsWhatIsOlder() {
        var window = FailureWindow()
        var latest: (successes: UInt64, failures: UInt64) = (0, 0)
        // 10 successes and 1 failure each second.
        for second in 0...60 {
            latest = window.note((UInt64(second) * 10, UInt64(second)), now: UInt64(second) * 1_000, window: 10_000)
            #expect(latest.successes <= 100)
        }
        #expect(latest.successes >= 80)
        #expect(latest.failures == latest.successes / 10)
        // Nothing happens any longer.
        latest = window.note((600, 60), now: 80_000, window: 10_000)
        #expect(latest == (0, 0))
    }

    @Test func looksMoreOftenThanItMarks() {
        var window = FailureWindow()
        var latest: (successes: UInt64, failures: UInt64) = (0, 0)
        for step in 0...1_000 {
            latest = window.note((0, UInt64(step)), now: UInt64(step) * 10, window: 1_000)
        }
        #expect((87...101).contains(latest.failures))
    }

    @Test func aResetBeginsAnew() {
        var window = FailureWindow()
        _ = window.note((0, 0), now: 0, window: 1_000)
        window.reset((5, 50), now: 100)
        let latest = window.note((6, 51), now: 200, window: 1_000)
        #expect(latest == (1, 1))
    }
}
