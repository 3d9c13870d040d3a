// Requests that took long, each with what took its time.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

/// A request that took long.
package struct SlowRequest: Sendable, Equatable {
    /// How long each step took, in nanoseconds; 0 for one that did not take place.
    package struct Phases: Sendable, Equatable {
        /// Until the request was there as a whole, if its content came later than its head.
        package var request: UInt64 = 0
        /// Waiting for a server.
        package var queue: UInt64 = 0
        /// Until connections stood that were made for it, and their handshakes.
        package var connect: UInt64 = 0
        package var tls: UInt64 = 0
        /// From the request's end at the server to the first byte of its response.
        package var firstByte: UInt64 = 0
        /// From there to the end of the server's response.
        package var response: UInt64 = 0
        /// From there until the client had taken everything.
        package var client: UInt64 = 0
        /// Whatever else: tries that failed, pauses between them, questions who the client is.
        package var other: UInt64 = 0

        package init() {}
    }

    /// Method, host and target, escaped.
    package var request: String
    package var id: String
    package var client: String
    package var status: Int
    package var tries: Int
    package var route: String?
    package var upstream: String?
    package var server: String?
    package var error: String?
    package var trace: String?
    /// All of it, in nanoseconds.
    package var total: UInt64
    package var phases = Phases()
}

/// Takes what is to be told of slow requests.
package protocol SlowRequestSink: Sendable {
    /// Never blocks; `false` when there is no room for it.
    func report(_ request: SlowRequest) -> Bool
}

/// Which requests are slow, and how many are told of.
package struct SlowPlan: Sendable, BitwiseCopyable {
    /// Beyond this many nanoseconds; `.max` for never.
    package var limit = UInt64.max
    /// The most that a loop tells of in a second.
    package var perSecond = 10

    package init() {}
}

/// A loop's side of it.
struct SlowRequests {
    let plan: SlowPlan
    let isOn: Bool
    private let sink: (any SlowRequestSink)?
    /// Requests that began before are not told of, as nothing was noted of them.
    private let since: UInt64
    private var second: UInt64 = 0
    private var told = 0

    init(_ plan: SlowPlan, sink: (any SlowRequestSink)?, since: UInt64 = 0) {
        self.since = since
        self.plan = plan
        self.sink = sink
        isOn = sink != nil && plan.limit != .max
    }

    func isSlow(began: UInt64, now: UInt64) -> Bool { now - began >= plan.limit && began >= since }

    /// Whether one more may be told of in this second.
    mutating func mayTell(now: UInt64) -> Bool {
        if now / 1_000_000_000 != second { (second, told) = (now / 1_000_000_000, 0) }
        told += 1
        return told <= plan.perSecond
    }

    func tell(_ request: SlowRequest) -> Bool { sink?.report(request) ?? false }
}

extension ProxyDriver {
    /// The most bytes of a target and of a host that are told.
    private static var shownTarget: Int { 512 }
    private static var shownHost: Int { 255 }

    /// Notes which request it is: its head is gone when it turns out to be slow.
    mutating func noteBrief(_ exchange: UInt32, _ arena: Span<UInt8>) {
        let before = log.note.count
        log.note.write(combined: arena.extracting(request.methodName), limit: 32)
        log.note.write(byte: 0x20)
        log.note.write(combined: arena.extracting(request.authority), limit: Self.shownHost)
        log.note.write(combined: arena.extracting(request.target), limit: Self.shownTarget)
        exchanges[exchange].briefLength = UInt16(log.note.count - before)
    }

    /// Tells of an exchange that took long.
    mutating func tellSlow(_ exchange: UInt32, now: UInt64) {
        metrics.add(.slowRequests)
        if slow.mayTell(now: now) {
            let told = slowRequest(exchange, now: now)
            if slow.tell(told) { return }
        }
        metrics.add(.slowRequestsUntold)
    }

    private mutating func slowRequest(_ exchange: UInt32, now: UInt64) -> SlowRequest {
        let (idLength, end) = (Int(exchanges[exchange].idLength), exchanges[exchange].noteStart)
        var (brief, id): ([UInt8], [UInt8]) = ([], [])
        // Its line in the access log is made from the same.
        if let note = exchanges[exchange].note.take() { exchanges[exchange].keptNote = Self.copy(of: note.bytes) }
        if let note = exchanges[exchange].keptNote {
            id = Array(note.prefix(idLength))
            brief = Array(note.prefix(end).dropFirst(idLength))
        }
        if id.isEmpty {
            var text = LineBuffer(capacity: 32)
            text.write(hex: exchanges[exchange].id.0)
            text.write(hex: exchanges[exchange].id.1)
            id = text.copy()
        }
        let client = exchanges[exchange].client
        let address = clients[client].sourceText
        var told = SlowRequest(
            request: String(decoding: brief, as: UTF8.self), id: String(decoding: id, as: UTF8.self),
            client: String(copying: address.span.extracting(0..<Int(clients[client].sourceTextCount))),
            status: Int(exchanges[exchange].status), tries: Int(exchanges[exchange].tries),
            total: now - exchanges[exchange].began)
        told.route = exchanges[exchange].route
        let (upstream, server) = (Int(exchanges[exchange].upstream), Int(exchanges[exchange].server))
        if upstream >= 0 { told.upstream = model.upstreams[upstream].name }
        if server >= 0 { told.server = model.servers[server].name }
        told.error = errorText(exchange)
        if let trace = exchanges[exchange].trace {
            var text = LineBuffer(capacity: 32)
            text.write(hex: trace.high)
            text.write(hex: trace.low)
            told.trace = String(decoding: text.copy(), as: UTF8.self)
        }
        told.phases = exchanges[exchange].phases(now: now)
        return told
    }
}

extension Exchange {
    /// What took its time.
    func phases(now: UInt64) -> SlowRequest.Phases {
        var phases = SlowRequest.Phases()
        phases.request = times.requestEnded > began ? times.requestEnded - began : 0
        phases.queue = times.waited
        phases.connect = times.connecting
        phases.tls = times.securing
        let sent = max(times.sent, times.requestEnded)
        if firstByte > 0 {
            phases.firstByte = firstByte > sent && sent > 0 ? firstByte - sent : 0
            let end = times.served > 0 ? times.served : now
            phases.response = end > firstByte ? end - firstByte : 0
            phases.client = now - max(end, firstByte)
        } else if sent > 0 && times.sent > 0 && server >= 0 {
            // It waited for a response that did not come.
            phases.firstByte = now > sent ? now - sent : 0
        }
        let known =
            phases.request + phases.queue + phases.connect + phases.tls + phases.firstByte + phases.response
            + phases.client
        phases.other = now - began > known ? now - began - known : 0
        return phases
    }
}
