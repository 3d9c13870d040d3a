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

    private var layouts: AccessLogLayouts
    /// That of the line at hand.
    private var layout: AccessLogLayout
    private var sink: (any AccessLogSink)?
    /// Where the part of a line is written that is known when the request comes.
    var note = LineBuffer(capacity: AccessLog.noteBytes)
    /// The time of the second that lines were written in last, as text: the same for thousands of lines.
    private var stamp = LineBuffer(capacity: 32)
    private var stampSecond = UInt64.max
    /// Lines that wait to be handed over.
    var batch: LineBuffer
    private var lines = 0
    private var flushAt = UInt64.max

    init(_ layout: AccessLogLayout, sink: (any AccessLogSink)?) {
        layouts = AccessLogLayouts(layout)
        self.layout = layout
        self.sink = sink
        batch = LineBuffer(capacity: sink == nil ? 0 : Self.batchBytes)
    }

    var format: AccessLogFormat { layout.format }
    var plan: AccessLogPlan { layout.plan }
    var isChosen: Bool { layout.isChosen }
    var isSelective: Bool { layout.isSelective }
    var showsResponseFields: Bool { layout.showsResponseFields }
    private var isCombined: Bool { layout.isCombined }
    /// Whether the request at hand may have a line.
    var isOn: Bool { layout.isOn && sink != nil }
    /// The number of the layout in which lines are begun.
    var number: UInt16 { layouts.number }

    /// Goes by the layout that a line is begun in.
    mutating func use(_ number: UInt16) {
        layout = layouts[number]
        stampSecond = .max
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

    /// Lines go elsewhere, or look otherwise, from now on.
    /// - Parameter used: the numbers of the layouts in which lines are begun.
    mutating func change(_ change: AccessLogChange, used: Set<UInt16>, _ metrics: LoopMetrics) {
        flush(metrics)
        if (sink == nil) != (change.sink == nil) {
            batch = LineBuffer(capacity: change.sink == nil ? 0 : Self.batchBytes)
        }
        sink = change.sink
        guard let layout = change.layout else { return }
        layouts.change(to: layout, used: used)
        use(number)
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
