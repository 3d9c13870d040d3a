// Templates as they are written: each part's value from the request, its connection, or what was kept of the request.
import MartletEventLoop
import MartletHTTPCore
import MartletRouting

extension ProxyDriver {
    /// Writes the parts of a template into `writer`.
    /// - Parameter arena: of the request in `request`; for templates of responses, what was kept of it.
    mutating func write(parts: ByteRange, _ arena: Span<UInt8>, _ exchange: UInt32) {
        for place in parts.range { write(actions.parts[place], arena, exchange) }
    }

    private mutating func write(_ part: TemplatePart, _ arena: Span<UInt8>, _ exchange: UInt32) {
        switch part.kind {
        case .text: actions.write(part.text, into: &writer)
        case .kept: writer.write(arena, KeptValues.range(of: Int(part.text.start), in: arena), as: .field)
        case .method, .host, .path, .query, .uri, .rest, .segment, .group, .field, .cookie, .parameter, .allowedOrigin:
            writeOfRequest(part, arena, exchange)
        case .clientAddress, .clientPort, .requestID, .scheme, .tlsSubject, .tlsVersion, .tlsServerName,
            .serverAddress, .upstream:
            writeOfConnection(part, arena, exchange)
        }
    }

    // MARK: The request

    private mutating func writeOfRequest(_ part: TemplatePart, _ arena: Span<UInt8>, _ exchange: UInt32) {
        switch part.kind {
        case .method: writer.write(arena, request.methodName, as: part.coding)
        case .host: writer.write(arena, RequestText.host(request.authority, in: arena), as: part.coding)
        case .path: writePath(arena, part.coding)
        case .query: writer.write(arena, request.query, as: part.coding)
        case .uri:
            writePath(arena, part.coding)
            if request.hasQuery {
                writer.write(byte: 0x3F)
                writer.write(arena, request.query, as: part.coding)
            }
        case .rest:
            let depth = Int(actions.requests[Int(exchanges[exchange].actions)].depth)
            let path = arena.extracting(request.path)
            let start = RequestPath.start(behind: depth, in: path)
            writer.write(path.extracting(start..<path.count), as: part.coding)
        case .segment: writeSegment(part, arena)
        case .group: writeGroup(part, arena)
        case .field: writeField(part, arena)
        case .cookie: writeCookie(part, arena)
        case .parameter: writeParameter(part, arena)
        case .allowedOrigin: if let origin = allowedOrigin(exchange, arena) { writer.write(arena, origin) }
        default: return
        }
    }

    /// A target without a path means "/", and "*" has none.
    private mutating func writePath(_ arena: Span<UInt8>, _ coding: TemplateCoding) {
        if request.path.isEmpty { return writer.write(byte: 0x2F) }
        writer.write(arena, request.path, as: coding)
    }

    private mutating func writeSegment(_ part: TemplatePart, _ arena: Span<UInt8>) {
        let path = arena.extracting(request.path)
        guard let range = PathPattern.segment(Int(part.text.start), of: path) else { return }
        writer.write(path.extracting(range), as: part.coding)
    }

    /// A part of the path as it is spelled. One that took no part is empty.
    private mutating func writeGroup(_ part: TemplatePart, _ arena: Span<UInt8>) {
        let range = groups[Int(part.text.start)]
        if request.path.isEmpty { return writer.write(StaticString("/").bytes, range, as: part.coding) }
        writer.write(arena.extracting(request.path), range, as: part.coding)
    }

    /// The values of all lines of a field, as one list (RFC 9110 section 5.3).
    private mutating func writeField(_ part: TemplatePart, _ arena: Span<UInt8>) {
        if part.known == .host { return writer.write(arena, request.authority, as: part.coding) }
        if part.known != .other && !request.fields.present.contains(part.known) { return }
        var isFirst = true
        for index in 0..<request.fields.count {
            let line = request.fields[index]
            if line.known != part.known || line.value.isEmpty { continue }
            if part.known == .other && !actions.isName(part.text, arena.extracting(line.name)) { continue }
            if !isFirst { writer.write(StaticString(", ").bytes, as: part.coding) }
            writer.write(arena, line.value, as: part.coding)
            isFirst = false
        }
    }

    private mutating func writeCookie(_ part: TemplatePart, _ arena: Span<UInt8>) {
        for index in 0..<request.fields.count where request.fields[index].known == .cookie {
            let field = arena.extracting(request.fields[index].value)
            guard let range = actions.cookie(part.text, in: field) else { continue }
            return writer.write(field.extracting(range), as: part.coding)
        }
    }

    private mutating func writeParameter(_ part: TemplatePart, _ arena: Span<UInt8>) {
        let query = arena.extracting(request.query)
        guard let range = actions.parameter(part.text, in: query) else { return }
        writer.write(query.extracting(range), as: part.coding)
    }

    // MARK: The connection

    private mutating func writeOfConnection(_ part: TemplatePart, _ arena: Span<UInt8>, _ exchange: UInt32) {
        let client = exchanges[exchange].client
        switch part.kind {
        case .clientAddress:
            let text = clients[client].sourceText
            writer.write(text.span.extracting(0..<Int(clients[client].sourceTextCount)), as: part.coding)
        // Proxies in front do not say it.
        case .clientPort where clients[client].source.isLocal || clients[client].source.port == 0: break
        case .clientPort: writer.write(decimal: UInt64(clients[client].source.port))
        case .requestID: writeID(part.coding, exchange)
        case .scheme:
            writer.write("http")
            if clients[client].flags.contains(.isSecure) { writer.write(byte: 0x73) }
        case .tlsVersion:
            switch clients[client].tlsVersion {
            case 3: writer.write("TLSv1.3")
            case 2: writer.write("TLSv1.2")
            default: return
            }
        case .tlsSubject:
            guard let identity = clients[client].identity else { return }
            writer.write(identity.span.extracting(ClientIdentity.subject(in: identity.span)), as: part.coding)
        case .tlsServerName:
            if let name = clients[client].serverName { writer.write(name.span, as: part.coding) }
        case .serverAddress:
            let server = Int(exchanges[exchange].server)
            if server >= 0 { writer.write(model.servers[server].name.utf8.span, as: part.coding) }
        case .upstream:
            let upstream = Int(exchanges[exchange].upstream)
            if upstream >= 0 { writer.write(model.upstreams[upstream].name.utf8.span, as: part.coding) }
        default: return
        }
    }

    /// The request's id: the one made for it, or that of a client that is trusted.
    private mutating func writeID(_ coding: TemplateCoding, _ exchange: UInt32) {
        if !exchanges[exchange].flags.contains(.keepsID) {
            writer.write(hex: exchanges[exchange].id.0)
            return writer.write(hex: exchanges[exchange].id.1)
        }
        guard let note = exchanges[exchange].note.take() else { return }
        write(note, count: Int(exchanges[exchange].idLength), coding)
        exchanges[exchange].note = consume note
    }

    private mutating func write(_ note: borrowing Buffer, count: Int, _ coding: TemplateCoding) {
        writer.write(note.bytes.extracting(0..<count), as: coding)
    }
}

/// Looks at parts of a request.
enum RequestText {
    /// An authority without its port.
    static func host(_ authority: ByteRange, in arena: Span<UInt8>) -> ByteRange {
        let start = Int(authority.start)
        var end = authority.end
        while end > start && arena[end - 1] >= 0x30 && arena[end - 1] <= 0x39 { end -= 1 }
        if end > start && arena[end - 1] == 0x3A { return ByteRange(from: start, to: end - 1) }
        return authority
    }
}

extension ActionTable {
    /// Whether `name` is the one at a place of the texts, whatever its case.
    func isName(_ place: ByteRange, _ name: Span<UInt8>) -> Bool {
        ByteScan.equalsIgnoringCase(name, text.span.extracting(place))
    }

    func cookie(_ name: ByteRange, in field: Span<UInt8>) -> Range<Int>? {
        NamedValue.cookie(text.span.extracting(name), in: field)
    }

    func parameter(_ name: ByteRange, in query: Span<UInt8>) -> Range<Int>? {
        NamedValue.parameter(text.span.extracting(name), in: query)
    }
}
