// The access log as a loop keeps it: lines gathered in memory, handed over in batches.
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

/// The form of the access log.
package enum AccessLogFormat: Sendable {
    /// A JSON object a line.
    case json
    /// The combined format of NCSA httpd and Apache.
    case combined
}

/// Takes batches of lines away from a loop.
package protocol AccessLogSink: Sendable {
    /// Takes whole lines, without ever blocking; `false` when there is no room for them, and they are dropped.
    func submit(_ batch: [UInt8], lines: Int) -> Bool
}

/// A loop's side of the access log.
struct AccessLog: ~Copyable {
    /// Bytes that are noted when the request comes: nearly always far fewer.
    static var noteBytes: Int { 5_120 }
    private static var batchBytes: Int { (64 << 10) + 8_704 }
    /// A batch is handed over when it is this full …
    private static var flushBytes: Int { 48 << 10 }
    /// … or this old, in milliseconds.
    private static var flushTime: UInt64 { 100 }

    let format: AccessLogFormat
    let plan: AccessLogPlan
    /// Whether lines are of one's own choice.
    let isChosen: Bool
    /// Whether there may be requests without a line.
    let isSelective: Bool
    let showsResponseFields: Bool
    /// Whether times are as the combined format has them.
    private let isCombined: Bool
    private var sink: (any AccessLogSink)?
    let isOn: Bool
    /// Where the part of a line is written that is known when the request comes.
    var note = LineBuffer(capacity: AccessLog.noteBytes)
    /// The time of the second that lines were written in last, as text: the same for thousands of lines.
    private var stamp = LineBuffer(capacity: 32)
    private var stampSecond = UInt64.max
    /// Lines that wait to be handed over.
    var batch: LineBuffer
    private var lines = 0
    private var flushAt = UInt64.max

    init(format: AccessLogFormat, plan: AccessLogPlan = AccessLogPlan(), sink: (any AccessLogSink)?) {
        self.format = format
        self.plan = plan
        self.sink = sink
        isOn = sink != nil
        isChosen = plan.fields != nil
        isSelective = plan.isSelective && sink != nil
        showsResponseFields = plan.showsResponseFields && sink != nil
        isCombined = format == .combined && plan.fields == nil
        batch = LineBuffer(capacity: sink == nil ? 0 : Self.batchBytes)
    }

    /// Writes the time into the note: as RFC 3339 has it, with milliseconds, or as the combined format does.
    mutating func noteTime(_ now: UInt64 = Host.wallMilliseconds()) {
        if now / 1_000 != stampSecond { makeStamp(now / 1_000) }
        stamp.write(into: &note)
        if isCombined { return }
        note.write(Int(now % 1_000), width: 3)
        note.write(byte: 0x5A)
    }

    /// Writes a time into the line itself, in milliseconds since 1970.
    mutating func writeTime(_ time: UInt64) {
        if time / 1_000 != stampSecond { makeStamp(time / 1_000) }
        stamp.write(into: &batch)
        if isCombined { return }
        batch.write(Int(time % 1_000), width: 3)
        batch.write(byte: 0x5A)
    }

    private mutating func makeStamp(_ second: UInt64) {
        stampSecond = second
        stamp.removeAll()
        let time = CalendarTime(secondsSince1970: second)
        if isCombined { stamp.write(combined: time) } else { stamp.write(rfc3339: time) }
    }

    /// Makes sure that a whole line fits.
    mutating func makeRoom(_ metrics: LoopMetrics) {
        if batch.room < Self.noteBytes + 8_192 { flush(metrics) }
    }

    mutating func lineEnded(now: UInt64) {
        lines += 1
        if flushAt == .max { flushAt = now + Self.flushTime }
    }

    /// Hands over what is due.
    mutating func turnEnded(_ metrics: LoopMetrics, on loop: inout EventLoop) {
        if lines == 0 { return }
        if batch.count >= Self.flushBytes || loop.milliseconds >= flushAt { return flush(metrics) }
        loop.wake(at: flushAt)
    }

    /// Lines go elsewhere from now on. A log that is off stays off: nothing has been noted of what is going on.
    mutating func replace(sink: any AccessLogSink, _ metrics: LoopMetrics) {
        if !isOn { return }
        flush(metrics)
        self.sink = sink
    }

    mutating func flush(_ metrics: LoopMetrics) {
        if lines == 0 { return }
        if sink?.submit(batch.copy(), lines: lines) == true {
            metrics.add(.logLines, UInt64(lines))
        } else {
            metrics.add(.logLinesDropped, UInt64(lines))
        }
        batch.removeAll()
        lines = 0
        flushAt = .max
    }
}
