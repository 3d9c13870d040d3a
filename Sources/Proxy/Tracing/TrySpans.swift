// The spans of tries: one for each request that is sent to a server, retries and second servers included.
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// A try begins on a connection, which may still have to be made.
    mutating func beginSpan(_ connection: UInt32, _ exchange: UInt32) {
        servers[connection].span = newSpan()
        servers[connection].spanBegan = Host.monotonicNanoseconds()
        servers[connection].spanStatus = 0
        servers[connection].spanFailure = nil
        servers[connection].spanTry = exchanges[exchange].tries
    }

    /// Why the current try comes to nothing.
    mutating func noteTryFailure(_ exchange: UInt32, _ failure: FailureKind) {
        let connection = exchanges[exchange].connection
        if connection != .max { servers[connection].spanFailure = failure }
    }

    /// The try on a connection is over.
    mutating func endSpan(_ connection: UInt32) {
        let exchange = servers[connection].exchange
        let (span, began) = (servers[connection].span, servers[connection].spanBegan)
        servers[connection].span = 0
        guard exchange != .max, let trace = exchanges[exchange].trace else { return }
        let now = Host.monotonicNanoseconds()
        let status = UInt64(servers[connection].spanStatus)
        let failure = servers[connection].spanFailure ?? (status == 0 ? exchanges[exchange].failure : nil)
        let wallBegan = tracing.wall(began, now: now)
        tracing.span.removeAll()
        tracing.span.write(trace: trace.high, trace.low, span: span, parent: trace.span)
        tracing.span.write(kind: .client, from: wallBegan, to: tracing.wall(now, now: now))
        tracing.span.write(spanName: exchanges[exchange].method.name.bytes, StaticString("").bytes)
        describeTry(connection, exchange, trace)
        if status > 0 { tracing.span.write(attribute: "http.response.status_code", number: status) }
        if status >= 400 || failure != nil {
            writeErrorType(failure, status)
            tracing.span.writeErrorStatus()
        }
        tracing.spanEnded(now: now / 1_000_000, metrics)
    }

    private mutating func describeTry(_ connection: UInt32, _ exchange: UInt32, _ trace: ExchangeTrace) {
        let server = model.servers[Int(servers[connection].server)].name
        let isSecure = upstreamStates[Int(servers[connection].upstream)].tls != nil
        tracing.span.write(attribute: "http.request.method", exchanges[exchange].method.name.bytes)
        let (host, port) = Self.split(server.utf8.span)
        tracing.span.write(attribute: "server.address", server.utf8.span.extracting(0..<host), limit: 255)
        if let port { tracing.span.write(attribute: "server.port", number: port) }
        let url = (isSecure ? "https://" : "http://") + server + String(decoding: trace.target, as: UTF8.self)
        tracing.span.write(attribute: "url.full", url.utf8.span, limit: 1_400)
        let version: StaticString = servers[connection].isStream ? "2" : "1.1"
        tracing.span.write(attribute: "network.protocol.version", version.bytes)
        let upstream = model.upstreams[Int(servers[connection].upstream)].name
        tracing.span.write(attribute: "martlet.upstream", upstream.utf8.span, limit: 255)
        let earlier = UInt64(max(servers[connection].spanTry, 1) - 1)
        if earlier > 0 { tracing.span.write(attribute: "http.request.resend_count", number: earlier) }
    }
}
