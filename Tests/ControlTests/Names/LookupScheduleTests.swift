import MartletEventLoop
import Testing

@testable import MartletControl

@Suite struct LookupScheduleTests {
    private let here = SocketAddress.loopback(port: 1)
    private let there = SocketAddress.loopback(port: 2)

    @Test func allNamesAreDueAtOnceEachForOneWorker() {
        var schedule = LookupSchedule(intervals: [.seconds(10), .seconds(20), .seconds(30)])
        #expect((0..<3).map { _ in schedule.next(now: .zero) } == [.lookUp(0), .lookUp(1), .lookUp(2)])
        #expect(schedule.next(now: .zero) == .wait(.seconds(60)), "all are with others")
    }

    @Test func withoutNamesThereIsNothingToDo() {
        var schedule = LookupSchedule(intervals: [])
        #expect(schedule.next(now: .zero) == .wait(.seconds(60)))
    }

    @Test func aNameIsDueAgainAfterItsInterval() {
        var schedule = LookupSchedule(intervals: [.seconds(10)])
        _ = schedule.next(now: .zero)
        #expect(schedule.finished(0, [here], now: .seconds(2)) == .changed([here]))
        #expect(schedule.next(now: .seconds(2)) == .wait(.seconds(10)))
        #expect(schedule.next(now: .milliseconds(11_999)) == .wait(.milliseconds(1)))
        #expect(schedule.next(now: .seconds(12)) == .lookUp(0))
    }

    @Test func theOneThatIsDueFirstComesFirst() {
        var schedule = LookupSchedule(intervals: [.seconds(30), .seconds(10)])
        for index in 0..<2 {
            _ = schedule.next(now: .zero)
            _ = schedule.finished(index, [here], now: .zero)
        }
        #expect(schedule.next(now: .zero) == .wait(.seconds(10)))
        #expect(schedule.next(now: .seconds(40)) == .lookUp(1))
        #expect(schedule.next(now: .seconds(40)) == .lookUp(0))
    }

    @Test func onlyOtherAddressesAreAChange() {
        var schedule = LookupSchedule(intervals: [.seconds(1)])
        #expect(schedule.finished(0, [here, there], now: .zero) == .changed([here, there]))
        #expect(schedule.finished(0, [here, there], now: .zero) == .unchanged)
        #expect(schedule.finished(0, [there, here], now: .zero) == .unchanged, "resolvers turn their answers")
        #expect(schedule.finished(0, [there], now: .zero) == .changed([there]))
        #expect(schedule.finished(0, [], now: .zero) == .failed)
        #expect(schedule.finished(0, [there], now: .zero) == .unchanged, "it kept what it had")
    }

    @Test func failuresAreAskedForAgainSoonAndThenLessAndLess() {
        var schedule = LookupSchedule(intervals: [.seconds(40)])
        var now = Duration.zero
        var pauses: [Duration] = []
        for attempt in 0..<10 {
            #expect(schedule.next(now: now) == .lookUp(0))
            #expect(schedule.finished(0, [], now: now) == (attempt == 0 ? .failed : .failedAgain))
            guard case .wait(let pause) = schedule.next(now: now) else { break }
            pauses.append(pause)
            now += pause
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 40, 40, 40, 40].map { .seconds($0) })
    }

    @Test func aSuccessForgetsTheFailures() {
        var schedule = LookupSchedule(intervals: [.seconds(10)])
        _ = schedule.finished(0, [], now: .zero)
        _ = schedule.finished(0, [], now: .zero)
        #expect(schedule.finished(0, [here], now: .zero) == .changed([here]))
        #expect(schedule.finished(0, [], now: .zero) == .failed, "news again")
        #expect(schedule.next(now: .zero) == .wait(.seconds(1)))
    }

    /// A pause is never longer than the interval.
    @Test func aShortIntervalHoldsForFailuresToo() {
        var schedule = LookupSchedule(intervals: [.milliseconds(100)])
        _ = schedule.finished(0, [], now: .zero)
        #expect(schedule.next(now: .zero) == .wait(.milliseconds(100)))
    }

    @Test func stoppedMeansStopped() {
        var schedule = LookupSchedule(intervals: [.seconds(1)])
        schedule.stop()
        #expect(schedule.isStopped)
        #expect(schedule.next(now: .zero) == .stop)
        #expect(schedule.next(now: .seconds(100)) == .stop)
    }
}
