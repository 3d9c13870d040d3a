// What the config says of traces.

/// Whose trace contexts are taken, and whether servers are given any.
package enum TracePropagation: Sendable, BitwiseCopyable {
    /// Everybody's; servers are given ours.
    case all
    /// Those of trusted clients; servers are given ours.
    case trusted
    /// Nobody's, and servers are given none.
    case none
}

/// How traces are made.
package struct TracePlan: Sendable, BitwiseCopyable {
    /// The share of new traces that are recorded, of 2^32.
    package var share = UInt64(1) << 32
    package var propagation = TracePropagation.trusted

    package init() {}
}

/// Takes batches of spans away from a loop.
package protocol SpanSink: Sendable {
    /// Takes spans in the encoding of OTLP, as fields of `ScopeSpans`, without ever blocking; `false` when there is no room for them,
    /// and they are dropped.
    func submit(_ batch: [UInt8], spans: Int) -> Bool
}

/// What is known of an exchange's trace. An object, because most exchanges have none; only its loop knows it.
final class ExchangeTrace {
    let high: UInt64
    let low: UInt64
    /// The span of whoever has sent the request; 0 for nobody.
    let parent: UInt64
    /// The exchange's own.
    let span: UInt64
    let isSampled: Bool
    /// What servers are told besides, as it came.
    var state: [UInt8] = []
    /// Where in the head for the server the span's id stands; 0 for nowhere.
    var place = 0
    /// Of a span that is recorded: its name and what is known of the request, encoded; and the target that servers get.
    var attributes: [UInt8] = []
    var target: [UInt8] = []

    init(_ parent: TraceParent, span: UInt64) {
        (high, low) = (parent.high, parent.low)
        self.parent = parent.span
        self.span = span
        isSampled = parent.isSampled
    }

    init(high: UInt64, low: UInt64, span: UInt64, isSampled: Bool) {
        (self.high, self.low) = (high, low)
        parent = 0
        self.span = span
        self.isSampled = isSampled
    }
}
