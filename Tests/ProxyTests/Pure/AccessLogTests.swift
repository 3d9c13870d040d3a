import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletEventLoop
@testable import MartletProxy

@Suite struct AccessLogTests {
    /// A log with its loop, whose clock the test moves.
    private struct Fixture: ~Copyable {
        let sink: CollectedLog
        let metrics = LoopMetrics(servers: 0)
        var log: AccessLog
        var loop: EventLoop

        init(accepts: Bool = true, format: AccessLogFormat = .json) throws {
            sink = CollectedLog(accepts: accepts)
            log = AccessLog(AccessLogLayout(format, isOn: true), sink: sink)
            loop = try EventLoop(socketLimit: 1, bufferBytes: 0)
        }

        mutating func write(_ text: String) {
            log.makeRoom(metrics)
            log.batch.write(text)
            log.batch.write(byte: 0x0A)
            log.lineEnded(now: loop.milliseconds)
        }

        /// Ends a turn so many milliseconds later; the sink must have batches of so many lines then.
        mutating func endTurn(
            after milliseconds: UInt64 = 0, hands counts: [Int], _ location: SourceLocation = #_sourceLocation
        ) {
            loop.nanoseconds += milliseconds * 1_000_000
            log.turnEnded(metrics, on: &loop)
            check(sink.counts == counts, "batches of \(sink.counts)", location)
        }
    }

    @Test func linesWaitUntilTheFirstIsOldEnough() throws {
        var fixture = try Fixture()
        fixture.write("a")
        let due = fixture.loop.milliseconds + 100
        fixture.endTurn(hands: [])
        check(fixture.loop.wakeAt == due, "nobody would hand the line over")
        fixture.endTurn(after: 50, hands: [])
        fixture.write("b")
        fixture.endTurn(after: 49, hands: [])
        fixture.endTurn(after: 1, hands: [2])
        check(fixture.sink.lines == ["a", "b"])
        check(fixture.metrics.read(.logLines) == 2)
    }

    @Test func theNextBatchHasItsOwnTime() throws {
        var fixture = try Fixture()
        fixture.write("a")
        fixture.endTurn(after: 100, hands: [1])
        fixture.endTurn(after: 1_000, hands: [1])
        fixture.write("b")
        fixture.endTurn(after: 99, hands: [1])
        fixture.endTurn(after: 1, hands: [1, 1])
    }

    @Test func manyLinesAreHandedOverAtOnce() throws {
        var fixture = try Fixture()
        let line = String(repeating: "x", count: 1_023)
        for _ in 0..<47 { fixture.write(line) }
        fixture.endTurn(hands: [])
        fixture.write(line)
        fixture.endTurn(hands: [48])
    }

    /// A turn may have more lines than a batch holds.
    @Test func noLineIsCutInALongTurn() throws {
        var fixture = try Fixture()
        let line = String(repeating: "x", count: 4_000)
        for _ in 0..<50 { fixture.write(line) }
        fixture.endTurn(after: 100, hands: [16, 16, 16, 2])
        check(fixture.sink.lines.count == 50 && fixture.sink.lines.allSatisfy { $0 == line })
        check(fixture.metrics.read(.logLines) == 50)
    }

    @Test func whatTheSinkRefusesIsCounted() throws {
        var fixture = try Fixture(accepts: false)
        for text in ["a", "b", "c"] { fixture.write(text) }
        fixture.endTurn(after: 100, hands: [])
        check(fixture.metrics.read(.logLinesDropped) == 3 && fixture.metrics.read(.logLines) == 0)
        fixture.write("d")
        fixture.log.flush(fixture.metrics)
        check(fixture.metrics.read(.logLinesDropped) == 4)
        check(fixture.log.batch.count == 0)
    }

    @Test func withoutASinkItIsOff() {
        let log = AccessLog(AccessLogLayout(.json, isOn: false), sink: nil)
        check(!log.isOn && log.batch.room == 0)
    }

    /// The text of a second is kept for all its lines, and must not outlive it.
    @Test(arguments: [AccessLogFormat.json, .combined])
    func theTimeIsRightWhenTheSecondChanges(format: AccessLogFormat) throws {
        var fixture = try Fixture(format: format)
        let end = Host.wallMilliseconds() / 1_000
        var now = Host.wallMilliseconds()
        repeat {
            let before = now
            fixture.log.note.removeAll()
            fixture.log.noteTime()
            now = Host.wallMilliseconds()
            let text = String(decoding: array(fixture.log.note.bytes), as: UTF8.self)
            let isRight = (before...now).contains { stamp($0, format) == text }
            if !isRight { #expect(Bool(false), "\(text) at \(before) to \(now)") }
        } while now / 1_000 <= end
    }

    private func stamp(_ milliseconds: UInt64, _ format: AccessLogFormat) -> String {
        var line = LineBuffer(capacity: 40)
        let time = CalendarTime(secondsSince1970: milliseconds / 1_000)
        switch format {
        case .json: line.write(rfc3339: time, milliseconds: Int(milliseconds % 1_000))
        case .combined: line.write(combined: time)
        }
        return String(decoding: array(line.bytes), as: UTF8.self)
    }
}
