// Finished spans as a loop keeps them: gathered in memory, handed over in batches.
import MartletEventLoop
import MartletTelemetry

/// A loop's side of traces.
struct SpanBatch: ~Copyable {
    private static var batchBytes: Int { 64 << 10 }
    /// Bytes of the longest span.
    private static var spanBytes: Int { 8 << 10 }
    /// A batch is handed over when it is this full …
    private static var flushBytes: Int { 48 << 10 }
    /// … or this old, in milliseconds.
    private static var flushTime: UInt64 { 500 }

    /// `nil` when there are no traces.
    let plan: TracePlan?
    let isOn: Bool
    private let sink: (any SpanSink)?
    /// Whether spans are recorded.
    let records: Bool
    /// The span that is being written.
    var span: LineBuffer
    private var batch: LineBuffer
    private var spans = 0
    private var flushAt = UInt64.max
    /// What is added to the loop's time to make it nanoseconds since 1970.
    private var epoch: UInt64 = 0

    init(_ plan: TracePlan?, sink: (any SpanSink)?) {
        self.plan = plan
        self.sink = sink
        isOn = plan != nil
        records = plan != nil && sink != nil
        span = LineBuffer(capacity: sink == nil ? 0 : Self.spanBytes)
        batch = LineBuffer(capacity: sink == nil ? 0 : Self.batchBytes)
    }

    /// A time of the loop in nanoseconds since 1970. The clock of the wall may be set, and is looked at again then.
    mutating func wall(_ time: UInt64, now: UInt64) -> UInt64 {
        let current = Host.wallMilliseconds() * 1_000_000 &- now
        let difference = Int64(bitPattern: current &- epoch)
        if difference.magnitude > 10_000_000 { epoch = current }
        return time &+ epoch
    }

    /// Puts the span that has been written into the batch.
    mutating func spanEnded(now: UInt64, _ metrics: LoopMetrics) {
        if batch.room < span.count + 16 { flush(metrics) }
        // ScopeSpans.spans
        batch.write(byte: 0x12)
        batch.write(varint: UInt64(span.count))
        span.write(into: &batch)
        span.removeAll()
        spans += 1
        if flushAt == .max { flushAt = now + Self.flushTime }
    }

    /// Hands over what is due.
    mutating func turnEnded(_ metrics: LoopMetrics, on loop: inout EventLoop) {
        if spans == 0 { return }
        if batch.count >= Self.flushBytes || loop.milliseconds >= flushAt { return flush(metrics) }
        loop.wake(at: flushAt)
    }

    mutating func flush(_ metrics: LoopMetrics) {
        if spans == 0 { return }
        let isTaken = sink?.submit(batch.copy(), spans: spans) == true
        metrics.add(isTaken ? .spans : .spansDropped, UInt64(spans))
        batch.removeAll()
        spans = 0
        flushAt = .max
    }
}
