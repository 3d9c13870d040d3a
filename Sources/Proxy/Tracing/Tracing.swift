// The trace of an exchange: which one it belongs to, and what servers are told of it.
//
//   head ─▶ route ─▶ settle: the client's trace, or a new one ─▶ head for the server ─▶ a span for each try ─▶ the exchange's span
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The longest tracestate that is passed on, in bytes (W3C Trace Context section 3.3.1.5 asks for 512 at least).
    private static var stateLimit: Int { 1_024 }

    /// Decides which trace the request in `request` belongs to. What it says of that does not pass: servers are told by us.
    /// - Parameter route: a place in the targets; -1 for none.
    mutating func settleTrace(_ exchange: UInt32, _ route: Int, _ arena: Span<UInt8>) {
        guard let plan = tracing.plan else { return }
        let share = route < 0 ? plan.share : targets[route].traceShare ?? plan.share
        if share == RouteTarget.untraced { return }
        let client = exchanges[exchange].client
        let isTrusted = clients[client].flags.contains(.isTrusted)
        let takes = plan.propagation == .all || plan.propagation == .trusted && isTrusted
        let sent = takeTraceFields(arena)
        let trace: ExchangeTrace
        if takes, let parent = sent.parent {
            trace = ExchangeTrace(parent, span: newSpan())
            trace.state = sent.state
        } else {
            let (high, low) = (random.next(), newSpan())
            trace = ExchangeTrace(high: high, low: low, span: newSpan(), isSampled: random.next() >> 32 < share)
        }
        exchanges[exchange].trace = trace
        if !trace.isSampled || !tracing.records { return }
        exchanges[exchange].flags.insert(.isSampled)
        describeRequest(exchange, trace, route, arena)
    }

    /// An id that is not 0, which would be none.
    mutating func newSpan() -> UInt64 {
        let id = random.next()
        return id == 0 ? 1 : id
    }

    /// Takes traceparent and tracestate out of the request. Two of the former are none (W3C Trace Context section 2.2.1).
    private mutating func takeTraceFields(_ arena: Span<UInt8>) -> (parent: TraceParent?, state: [UInt8]) {
        var (parent, parents): (TraceParent?, Int) = (nil, 0)
        var state: [UInt8] = []
        for index in 0..<request.fields.count {
            let line = request.fields[index]
            if line.known == .traceparent {
                parents += 1
                parent = TraceParent(arena.extracting(line.value))
                request.fields[index].isHopByHop = true
            } else if line.known == .other && line.name.count == 10
                && ByteScan.equals(arena.extracting(line.name), lowercase: "tracestate")
            {
                request.fields[index].isHopByHop = true
                let value = arena.extracting(line.value)
                if value.isEmpty || state.count + value.count + 1 > Self.stateLimit { continue }
                if !state.isEmpty { state.append(0x2C) }
                for place in 0..<value.count { state.append(value[place]) }
            }
        }
        return parents == 1 ? (parent, state) : (nil, [])
    }

    /// Writes what servers are told of the trace into the head in `writer`. Tries that are recorded write their ids in place of
    /// the exchange's.
    mutating func composeTrace(_ exchange: UInt32) {
        guard let trace = exchanges[exchange].trace, tracing.plan?.propagation != .some(.none) else { return }
        writer.write("traceparent: 00-")
        writer.write(hex: trace.high)
        writer.write(hex: trace.low)
        writer.write(byte: 0x2D)
        trace.place = writer.count
        writer.write(hex: trace.span)
        writer.write(trace.isSampled ? "-01\r\n" : "-00\r\n")
        if !trace.state.isEmpty { writer.field("tracestate", trace.state.span) }
    }

    /// Keeps the target that the head in `writer` has, for the spans of tries.
    func noteTarget(_ exchange: UInt32) {
        guard let trace = exchanges[exchange].trace, trace.isSampled else { return }
        let head = writer.bytes
        var start = 0
        while start < head.count && head[start] != 0x20 { start += 1 }
        start += 1
        while start + trace.target.count < head.count && head[start + trace.target.count] > 0x20
            && trace.target.count < 1_024
        {
            trace.target.append(head[start + trace.target.count])
        }
    }

    /// Writes the id of a try's span into a request that is about to be sent, at the front of which its head stands.
    func writeSpan(_ exchange: UInt32, _ connection: UInt32, into request: inout Buffer) {
        guard let trace = exchanges[exchange].trace, trace.place > 0, trace.place + 16 <= request.count else { return }
        let span = servers[connection].span
        if span == 0 { return }
        var bytes = request.mutableBytes(from: 0)
        for digit in 0..<16 {
            let value = UInt8(truncatingIfNeeded: span >> UInt64(60 - 4 * digit)) & 15
            bytes[trace.place + digit] = value < 10 ? 0x30 + value : 0x57 + value
        }
    }
}
