// The span of an exchange, with the attributes that OpenTelemetry's conventions for HTTP give it.
// https://opentelemetry.io/docs/specs/semconv/http/http-spans/ (stable)
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    private static var shownText: Int { 512 }

    /// Encodes the span's name and what the request says, while its head is there.
    mutating func describeRequest(_ exchange: UInt32, _ trace: ExchangeTrace, _ route: Int, _ arena: Span<UInt8>) {
        let client = exchanges[exchange].client
        let isKnown = request.method != .other
        let method = isKnown ? arena.extracting(request.methodName) : StaticString("HTTP").bytes
        let template = route >= 0 && route < model.names.count ? model.names[route].path : ""
        tracing.span.removeAll()
        tracing.span.write(spanName: method, template.utf8.span)
        tracing.span.write(attribute: "http.request.method", isKnown ? method : StaticString("_OTHER").bytes)
        if !isKnown {
            let original = arena.extracting(request.methodName)
            tracing.span.write(attribute: "http.request.method_original", original, limit: 32)
        }
        if !template.isEmpty {
            tracing.span.write(attribute: "http.route", template.utf8.span, limit: Self.shownText)
        }
        tracing.span.write(attribute: "url.path", arena.extracting(request.path))
        if !request.query.isEmpty { tracing.span.write(attribute: "url.query", arena.extracting(request.query)) }
        let isSecure = clients[client].flags.contains(.isSecure)
        tracing.span.write(attribute: "url.scheme", (isSecure ? StaticString("https") : "http").bytes)
        describeAuthority(arena.extracting(request.authority), isSecure)
        let source = clients[client].sourceText
        let sourceCount = Int(clients[client].sourceTextCount)
        if sourceCount > 0 {
            tracing.span.write(attribute: "client.address", source.span.extracting(0..<sourceCount))
        }
        let peer = clients[client].peerText
        let peerCount = Int(clients[client].peerTextCount)
        if peerCount > 0 {
            tracing.span.write(attribute: "network.peer.address", peer.span.extracting(0..<peerCount))
        }
        tracing.span.write(attribute: "network.protocol.version", Self.number(of: request.version).bytes)
        if let agent = request.fields.firstIndex(of: .userAgent) {
            let value = arena.extracting(request.fields[agent].value)
            tracing.span.write(attribute: "user_agent.original", value, limit: Self.shownText)
        }
        trace.attributes = tracing.span.copy()
        tracing.span.removeAll()
    }

    private mutating func describeAuthority(_ authority: Span<UInt8>, _ isSecure: Bool) {
        if authority.isEmpty { return }
        let (host, port) = Self.split(authority)
        tracing.span.write(attribute: "server.address", authority.extracting(0..<host), limit: 255)
        tracing.span.write(attribute: "server.port", number: port ?? (isSecure ? 443 : 80))
    }

    /// The length of the host, and the port behind it.
    static func split(_ authority: Span<UInt8>) -> (host: Int, port: UInt64?) {
        var colon = authority.count - 1
        while colon > 0 && authority[colon] >= 0x30 && authority[colon] <= 0x39 { colon -= 1 }
        if colon <= 0 || authority[colon] != 0x3A || colon == authority.count - 1 { return (authority.count, nil) }
        return (colon, ByteNumber.decimal(authority.extracting(colon + 1..<authority.count)))
    }

    static func number(of version: HTTPVersion) -> StaticString {
        switch version {
        case .http10: "1.0"
        case .http11: "1.1"
        case .http2: "2"
        }
    }

    /// Writes the span of an exchange that is over.
    mutating func writeServerSpan(_ exchange: UInt32, now: UInt64) {
        guard let trace = exchanges[exchange].trace else { return }
        let status = UInt64(exchanges[exchange].status)
        let failure = exchanges[exchange].failure
        let began = tracing.wall(exchanges[exchange].began, now: now)
        tracing.span.removeAll()
        tracing.span.write(trace: trace.high, trace.low, span: trace.span, parent: trace.parent)
        tracing.span.write(kind: .server, from: began, to: tracing.wall(now, now: now))
        tracing.span.write(trace.attributes.span)
        if status > 0 { tracing.span.write(attribute: "http.response.status_code", number: status) }
        // Errors of clients are no errors of the server's (conventions for HTTP spans, "Status").
        if status >= 500 || failure != nil && status < 400 {
            writeErrorType(failure, status)
            tracing.span.writeErrorStatus()
        }
        tracing.spanEnded(now: now / 1_000_000, metrics)
    }

    /// error.type: why, in our words, or the status.
    mutating func writeErrorType(_ failure: FailureKind?, _ status: UInt64) {
        if let failure { return tracing.span.write(attribute: "error.type", failure.reason.utf8.span, limit: 255) }
        var text = LineBuffer(capacity: 24)
        text.write(decimal: status)
        tracing.span.write(attribute: "error.type", text.bytes)
    }
}
