import MartletEventLoop
import Testing

@testable import MartletControl

@Suite struct LogQueueTests {
    private let four: [UInt8] = [1, 2, 3, 4]

    @Test func refusesWhatDoesNotFit() {
        var queue = LogQueue(capacity: 9)
        #expect(queue.push(four, lines: 2) == true)
        #expect(queue.push(four, lines: 3) == true)
        #expect(queue.push(four, lines: 5) == false)
        #expect(queue.push([1], lines: 1) == true)
        #expect(queue.counts.refused == 5)
    }

    @Test func bytesKeepTheirRoomUntilTheyAreWritten() {
        var queue = LogQueue(capacity: 4)
        #expect(queue.push(four, lines: 2) == true)
        #expect(queue.takeAll() == [.write(four, lines: 2)])
        #expect(queue.push([1], lines: 1) == false)
        queue.finished(four, lines: 2, written: 1, failed: true)
        #expect(queue.push([1], lines: 1) == true)
        #expect(queue.counts.written == 1)
        #expect(queue.counts.lost == 1)
        #expect(queue.counts.errors == 1)
    }

    @Test func keepsTheOrderOfBatchesAndReopening() {
        var queue = LogQueue(capacity: 100)
        queue.pushReopen()
        queue.pushReopen()
        _ = queue.push(four, lines: 1)
        queue.pushReopen()
        #expect(queue.takeAll() == [.reopen, .write(four, lines: 1), .reopen])
        #expect(queue.takeAll().isEmpty)
    }

    @Test func takesNothingOnceClosed() {
        var queue = LogQueue(capacity: 100)
        _ = queue.push(four, lines: 1)
        queue.close()
        queue.pushReopen()
        #expect(queue.push(four, lines: 2) == false)
        #expect(queue.takeAll() == [.write(four, lines: 1)])
        #expect(queue.counts.refused == 2)
    }

    @Test func countsWhatIsAbandonedOnce() {
        var queue = LogQueue(capacity: 100)
        _ = queue.push(four, lines: 2)
        _ = queue.takeAll()
        _ = queue.push(four, lines: 3)
        queue.abandon()
        queue.finished(four, lines: 2, written: 2, failed: false)
        #expect(queue.counts.lost == 5)
        #expect(queue.counts.written == 0)
        #expect(queue.takeAll().isEmpty)
    }
}

@Suite struct LossReportTests {
    private let start = ContinuousClock.now
    private func counts(refused: UInt64, lost: UInt64) -> AccessLogCounts {
        var counts = AccessLogCounts()
        counts.refused = refused
        counts.lost = lost
        return counts
    }

    @Test func reportsAtOnceAndThenOncePerInterval() {
        var report = LossReport(interval: .seconds(60))
        let error = SystemError(28)
        report.note(error)
        #expect(report.due(counts(refused: 0, lost: 0), now: start, isLast: false) == nil)
        #expect(
            report.due(counts(refused: 0, lost: 2), now: start, isLast: false)
                == .init(refused: 0, lost: 2, error: error))
        #expect(report.due(counts(refused: 3, lost: 2), now: start + .seconds(59), isLast: false) == nil)
        #expect(
            report.due(counts(refused: 4, lost: 2), now: start + .seconds(60), isLast: false)
                == .init(refused: 4, lost: 0, error: nil))
        #expect(report.due(counts(refused: 4, lost: 2), now: start + .seconds(200), isLast: true) == nil)
    }

    @Test func reportsTheRestAtTheEnd() {
        var report = LossReport(interval: .seconds(60))
        #expect(report.due(counts(refused: 1, lost: 0), now: start, isLast: false) != nil)
        #expect(
            report.due(counts(refused: 3, lost: 0), now: start, isLast: true) == .init(refused: 2, lost: 0, error: nil))
    }
}
