// Heads written anew. Bytes that were not understood never pass.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Fields that Martlet writes itself.
    private static var ownRequestFields: KnownFieldSet {
        [
            .host, .via, .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost, .xRequestID, .xClientVerified,
            .xClientSubject, .xClientNames, .xClientFingerprint, .clientCert, .clientCertChain,
        ]
    }

    /// The same, and those by which a client could pretend to be another.
    private static var untrustedRequestFields: KnownFieldSet {
        var fields = ownRequestFields
        fields.insert(.xRealIP)
        fields.insert(.xForwardedPort)
        return fields
    }

    /// Writes the request's head for the server into `writer`.
    mutating func composeRequestHead(_ arena: Span<UInt8>, _ exchange: UInt32, _ client: UInt32) {
        let route = actions.requests[Int(exchanges[exchange].actions)]
        writer.removeAll()
        if !request.protocolName.isEmpty {
            composeHandshake(arena, exchange, route)
        } else if route.editsTarget {
            writer.write(arena, request.methodName)
            writer.write(byte: 0x20)
            composeTarget(arena, exchange, route)
            writer.write(" HTTP/1.1\r\n")
        } else {
            writer.requestLine(request, in: arena)
        }
        composeHost(arena, exchange, route)
        let isTrusted = clients[client].flags.contains(.isTrusted)
        let isHeld = writer.fields(
            request.fields, in: arena, except: isTrusted ? Self.ownRequestFields : Self.untrustedRequestFields,
            held: route.held, of: actions.names)
        if isHeld { composeRenamedRequestFields(arena, route) }
        if exchanges[exchange].upgrade >= 0 {
            composeUpgrade(exchange)
        } else if request.method == .post && exchanges[exchange].flags.contains(.isCall) {
            // It ends at each hop, and servers of gRPC take a call without it for one whose end might get lost.
            writer.write("TE: trailers\r\nConnection: TE\r\n")
            composeTimeout(exchange)
            if exchanges[exchange].flags.contains(.isWeb) { composeWebRequestType(arena, exchange) }
        } else if request.acceptsTrailers {
            writer.write("TE: trailers\r\nConnection: TE\r\n")
        }
        if route.restrictsCodings && exchanges[exchange].flags.contains(.takesGzip) {
            writer.write("Accept-Encoding: gzip\r\n")
        }
        composeForwarding(arena, client, without: route.unwritten)
        writer.via(request.fields, request.version, in: arena)
        if !route.unwritten.contains(.xRequestID) { composeID(arena, exchange, client) }
        if tracing.isOn { composeTrace(exchange) }
        if let identity = clients[client].identity { writer.write(identity.span) }
        composeFields(route.steps, arena, exchange)
        if exchanges[exchange].admission >= 0, let lines = exchanges[exchange].pass?.lines { writer.write(lines.span) }
        writer.framing(request.framing)
        writer.endOfHead()
        exchanges[exchange].composedBytes = UInt32(writer.count)
        if exchanges[exchange].flags.contains(.isSampled) { noteTarget(exchange) }
    }

    /// Begins the handshake of WebSocket that an extended CONNECT stands for: its key is ours to make, as in HTTP/2 there is
    /// none (RFC 6455 section 4.1, RFC 8441 section 5).
    private mutating func composeHandshake(_ arena: Span<UInt8>, _ exchange: UInt32, _ route: RequestActions) {
        writer.write("GET ")
        composeTarget(arena, exchange, route)
        writer.write(" HTTP/1.1\r\nSec-WebSocket-Key: ")
        var key: [UInt8] = []
        for word in [random.next(), random.next()] {
            for shift in stride(from: 0, to: 64, by: 8) { key.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
        }
        let text = Array(Base64.text(key).utf8)
        exchanges[exchange].accept = WebSocketKey.accept(text)
        writer.write(text.span)
        writer.write("\r\n")
    }

    /// X-Forwarded-For, -Proto, -Host and Forwarded (RFC 7239). What a client says of itself is believed only if it is
    /// trusted; then its chain is kept and grows by one.
    /// - Parameter dropped: those that the route does without, or has other values for.
    private mutating func composeForwarding(_ arena: Span<UInt8>, _ client: UInt32, without dropped: KnownFieldSet) {
        let isTrusted = clients[client].flags.contains(.isTrusted)
        let kept = isTrusted ? request.fields.present : KnownFieldSet()
        let count = Int(clients[client].peerTextCount)

        if !dropped.contains(.xForwardedFor) {
            let text = clients[client].peerText
            writer.write("X-Forwarded-For: ")
            if kept.contains(.xForwardedFor) { writeValues(of: .xForwardedFor, arena, isLast: count == 0) }
            writer.write(text.span.extracting(0..<count))
            writer.write("\r\n")
        }
        if !dropped.contains(.xForwardedProto) { composeForwardedProtocol(arena, client, kept) }
        if !dropped.contains(.xForwardedHost) {
            writer.write("X-Forwarded-Host: ")
            if kept.contains(.xForwardedHost) {
                writeValues(of: .xForwardedHost, arena, isLast: true)
            } else {
                writer.write(arena, request.authority)
            }
            writer.write("\r\n")
        }
        if dropped.contains(.forwarded) { return }
        writer.write("Forwarded: ")
        if kept.contains(.forwarded) { writeValues(of: .forwarded, arena, isLast: false) }
        composeForwardedElement(arena, client, count)
    }

    private mutating func composeForwardedProtocol(_ arena: Span<UInt8>, _ client: UInt32, _ kept: KnownFieldSet) {
        writer.write("X-Forwarded-Proto: ")
        if kept.contains(.xForwardedProto) {
            writeValues(of: .xForwardedProto, arena, isLast: true)
        } else {
            writer.write("http")
            if clients[client].flags.contains(.isSecure) { writer.write(byte: 0x73) }
        }
        writer.write("\r\n")
    }

    /// One element of Forwarded (RFC 7239 section 4). An IPv6 address is bracketed and quoted (section 6).
    private mutating func composeForwardedElement(_ arena: Span<UInt8>, _ client: UInt32, _ count: Int) {
        let isIPv4 = clients[client].peer.high == 0 && clients[client].peer.low >> 32 == 0xffff
        if count == 0 {
            writer.write("for=unknown")
        } else {
            writer.write(isIPv4 ? "for=" : "for=\"[")
            let text = clients[client].peerText
            writer.write(text.span.extracting(0..<count))
            if !isIPv4 { writer.write("]\"") }
        }
        if !request.authority.isEmpty {
            writer.write(";host=\"")
            writer.write(arena, request.authority)
            writer.write(byte: 0x22)
        }
        writer.write(clients[client].flags.contains(.isSecure) ? ";proto=https\r\n" : ";proto=http\r\n")
    }

    /// The values of all lines of a field as one list.
    private mutating func writeValues(of field: KnownField, _ arena: Span<UInt8>, isLast: Bool) {
        var isFirst = true
        for index in 0..<request.fields.count where request.fields[index].known == field {
            if request.fields[index].value.isEmpty { continue }
            if !isFirst { writer.write(", ") }
            writer.write(arena, request.fields[index].value)
            isFirst = false
        }
        if !isLast && !isFirst { writer.write(", ") }
    }

    private mutating func composeID(_ arena: Span<UInt8>, _ exchange: UInt32, _ client: UInt32) {
        writer.write("X-Request-ID: ")
        if exchanges[exchange].flags.contains(.keepsID), let index = request.fields.firstIndex(of: .xRequestID) {
            writer.write(arena, request.fields[index].value)
        } else {
            writer.write(hex: exchanges[exchange].id.0)
            writer.write(hex: exchanges[exchange].id.1)
        }
        writer.write("\r\n")
    }

    /// The status line as it came; with the usual words if it came without, as in HTTP/2.
    private mutating func composeStatusLine(_ arena: Span<UInt8>) {
        if response.version == .http2 { return writer.statusLine(response.status) }
        writer.statusLine(response.status, reason: arena.extracting(response.reason))
    }

    /// Writes a 1xx response's head.
    mutating func composeInterimHead(_ arena: Span<UInt8>, _ exchange: UInt32) {
        writer.removeAll()
        composeStatusLine(arena)
        composeResponseFields(arena, exchange, except: [])
        writer.endOfHead()
    }

    /// Writes the response's head for the client into `writer`.
    /// - Parameters:
    ///   - endsWithHead: the end of a stream says that nothing follows, and a length does not.
    ///   - dropped: fields that are written otherwise.
    mutating func composeResponseHead(
        _ arena: Span<UInt8>, _ exchange: UInt32, endsWithHead: Bool, except dropped: KnownFieldSet
    ) {
        writer.removeAll()
        composeStatusLine(arena)
        composeStrictTransport(exchange)
        composeResponseFields(arena, exchange, except: dropped.union([.via, .endpointLoadMetrics]))
        composeAddedFields(besides: arena, exchange)
        writer.via(response.fields, response.version, in: arena)
        if !response.fields.present.contains(.date) { composeDate() }
        if let length = response.declaredLength, response.framing == .none {
            writer.contentLength(length)
        } else if !endsWithHead {
            writer.framing(exchanges[exchange].responseFraming)
        }
        composeStickyCookie(exchange)
        composeSplitCookie(exchange)
        composeConnection(exchange)
        writer.endOfHead()
    }

    /// Writes the head of a response with which the server switches protocols.
    mutating func composeSwitchingHead(_ arena: Span<UInt8>, _ exchange: UInt32) {
        writer.removeAll()
        if response.version == .http2 {
            writer.statusLine(101)
            response.fields.drop(lowercase: "sec-websocket-accept", in: arena)
            if let accept = exchanges[exchange].accept { writer.field("Sec-WebSocket-Accept", accept.span) }
        } else {
            writer.statusLine(response.status, reason: arena.extracting(response.reason))
        }
        composeStrictTransport(exchange)
        composeResponseFields(arena, exchange, except: [.via, .endpointLoadMetrics])
        composeAddedFields(besides: arena, exchange)
        writer.via(response.fields, response.version, in: arena)
        composeStickyCookie(exchange)
        composeSplitCookie(exchange)
        composeUpgrade(exchange)
        writer.endOfHead()
    }

    /// Writes the one protocol that the server is asked to switch to, or has switched to (RFC 9110 section 7.8).
    private mutating func composeUpgrade(_ exchange: UInt32) {
        writer.write("Connection: Upgrade\r\n")
        writer.field("Upgrade", upgrades.names[Int(exchanges[exchange].upgrade)].utf8.span)
    }

    /// Strict-Transport-Security, before whatever the server says of it: clients take the first (RFC 6797 section 8.1).
    mutating func composeStrictTransport(_ exchange: UInt32) {
        let client = exchanges[exchange].client
        if !clients[client].flags.contains(.isSecure) { return }
        guard let value = listeners[Int(clients[client].listener)].tls?.strictTransport else { return }
        writer.field("Strict-Transport-Security", value.utf8.span)
    }

    /// Date: a recipient with a clock adds it to a response that comes without (RFC 9110 section 6.6.1).
    mutating func composeDate() {
        var date = LineBuffer(capacity: 29)
        date.write(httpDate: CalendarTime(secondsSince1970: Host.wallMilliseconds() / 1_000))
        writer.field("Date", date.bytes)
    }

    /// Connection: what the client must know of the connection's future.
    mutating func composeConnection(_ exchange: UInt32) {
        let client = exchanges[exchange].client
        if isDraining { clients[client].flags.insert(.closesAfter) }
        if clients[client].flags.contains(.closesAfter) {
            writer.write("Connection: close\r\n")
        } else if exchanges[exchange].flags.contains(.isHTTP10) {
            writer.write("Connection: keep-alive\r\n")
        }
    }

    /// How the client learns where the content ends: as the server says it, in chunks if the server ends by closing, and
    /// by closing for HTTP/1.0 clients, who know no chunks.
    /// - Parameter mayHaveTrailers: for which a length would leave no room.
    mutating func chooseResponseFraming(_ exchange: UInt32, mayHaveTrailers: Bool) {
        let isHTTP10 = exchanges[exchange].flags.contains(.isHTTP10)
        switch response.framing {
        case .length where mayHaveTrailers: exchanges[exchange].responseFraming = .chunked
        case .none, .length: exchanges[exchange].responseFraming = response.framing
        case .chunked, .untilClose: exchanges[exchange].responseFraming = isHTTP10 ? .untilClose : .chunked
        }
    }

    /// Whether trailers, in which a call's end is said, may come behind content that has a length, as in HTTP/2.
    func mayHaveTrailers(_ exchange: UInt32) -> Bool {
        if exchanges[exchange].flags.contains(.isHTTP10) { return false }
        let connection = exchanges[exchange].connection
        return servers[connection].isStream && !servers[connection].hasEnded
    }

    /// Decides, before the head is written, whether the client's connection goes on afterwards.
    mutating func settlePersistence(_ exchange: UInt32) {
        let client = exchanges[exchange].client
        let endsByClosing = exchanges[exchange].responseFraming == .untilClose
        // A client that is still sending, or waits for 100 (Continue), may send the rest of the content, or not.
        if endsByClosing || !exchanges[exchange].flags.contains(.requestComplete) {
            clients[client].flags.insert(.closesAfter)
        }
    }
}

extension HeadWriter {
    /// Via (RFC 9110 section 7.6.3): the chain as it came, and ourselves behind it.
    fileprivate mutating func via(_ fields: borrowing FieldTable, _ version: HTTPVersion, in arena: Span<UInt8>) {
        write("Via: ")
        if fields.present.contains(.via) {
            for index in 0..<fields.count where fields[index].known == .via && !fields[index].value.isEmpty {
                write(arena, fields[index].value)
                write(", ")
            }
        }
        switch version {
        case .http10: write("1.0 martlet\r\n")
        case .http11: write("1.1 martlet\r\n")
        case .http2: write("2.0 martlet\r\n")
        }
    }
}
