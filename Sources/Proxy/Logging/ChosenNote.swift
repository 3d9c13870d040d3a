// Lines of one's own choice, while the head is there: what is known by then, and a NUL in the place of what is not.
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Bytes of a value that a line of one's own choice shows.
    static var shownChosen: Int { 512 }
    /// Room that a value with its name may take, escapes included.
    private static var chosenRoom: Int { 1_200 }

    /// Writes the note of a line of one's own choice.
    /// - Parameters:
    ///   - hasHead: whether `request` is the exchange's.
    ///   - time: when it came, in milliseconds since 1970.
    mutating func noteChosen(
        _ arena: Span<UInt8>, _ client: UInt32, hasHead: Bool, time: UInt64 = Host.wallMilliseconds()
    ) {
        guard let fields = log.plan.fields else { return }
        let style = log.plan.style
        for field in fields {
            if field.isLate { log.note.write(byte: 0) }
            if field.isLate { continue }
            // A line that is too long lacks what would be cut.
            if log.note.room < Self.chosenRoom + fields.count {
                if style == .text { log.note.write(byte: 0x2D) }
                continue
            }
            switch field.item {
            case .literal: log.note.write(field.text.span)
            case .variable(let variable): noteChosen(variable, field, style, arena, (client, hasHead, time))
            case .requestField:
                if !hasHead { log.note.writeNothing(style) } else { noteChosenField(field, style, arena) }
            case .responseField: continue
            }
        }
    }

    private mutating func noteChosen(
        _ variable: LogVariable, _ field: LogField, _ style: AccessLogPlan.Style, _ arena: Span<UInt8>,
        _ from: (client: UInt32, hasHead: Bool, time: UInt64)
    ) {
        let client = from.client
        switch variable {
        case .time:
            if style == .json {
                log.note.write(field.text.span)
                log.note.write(byte: 0x22)
            }
            log.noteTime(from.time)
            if style == .json { log.note.write("\",") }
        case .client:
            let text = clients[client].sourceText
            let count = Int(clients[client].sourceTextCount)
            log.note.write(text.span.extracting(0..<count), field, style, limit: Self.shownChosen)
        case .peer:
            let text = clients[client].peerText
            let count = Int(clients[client].peerTextCount)
            log.note.write(text.span.extracting(0..<count), field, style, limit: Self.shownChosen)
        case .listener:
            let name = listeners[Int(clients[client].listener)].name
            log.note.write(name.utf8.span, field, style, limit: Self.shownChosen)
        case .scheme:
            let isSecure = clients[client].flags.contains(.isSecure)
            log.note.write((isSecure ? StaticString("https") : "http").bytes, field, style, limit: 8)
        case .tls:
            switch clients[client].tlsVersion {
            case 3: log.note.write(StaticString("1.3").bytes, field, style, limit: 8)
            case 2: log.note.write(StaticString("1.2").bytes, field, style, limit: 8)
            default: log.note.writeNothing(style)
            }
        default:
            if !from.hasHead { return log.note.writeNothing(style) }
            noteChosenHead(variable, field, style, arena)
        }
    }

    private mutating func noteChosenHead(
        _ variable: LogVariable, _ field: LogField, _ style: AccessLogPlan.Style, _ arena: Span<UInt8>
    ) {
        switch variable {
        case .method: log.note.write(arena.extracting(request.methodName), field, style, limit: 32)
        case .host: log.note.write(arena.extracting(request.authority), field, style, limit: 255)
        case .target: log.note.write(arena.extracting(request.target), field, style, limit: 1_024)
        case .path: log.note.write(arena.extracting(request.path), field, style, limit: 1_024)
        case .query: log.note.write(arena.extracting(request.query), field, style, limit: 1_024)
        case .version: log.note.write(request.version.name.bytes, field, style, limit: 16)
        case .referer: noteChosenKnown(.referer, field, style, arena)
        case .userAgent: noteChosenKnown(.userAgent, field, style, arena)
        default: log.note.writeNothing(style)
        }
    }

    private mutating func noteChosenKnown(
        _ known: KnownField, _ field: LogField, _ style: AccessLogPlan.Style, _ arena: Span<UInt8>
    ) {
        guard let index = request.fields.firstIndex(of: known) else { return log.note.writeNothing(style) }
        log.note.write(arena.extracting(request.fields[index].value), field, style, limit: Self.shownChosen)
    }

    private mutating func noteChosenField(
        _ field: LogField, _ style: AccessLogPlan.Style, _ arena: Span<UInt8>
    ) {
        let name = field.fieldName
        guard let value = Self.value(of: name.span, field.known, in: request.fields, arena) else {
            return log.note.writeNothing(style)
        }
        if field.isRedacted { return log.note.write(StaticString("***").bytes, field, style, limit: 8) }
        log.note.write(arena.extracting(value), field, style, limit: Self.shownChosen)
    }

    /// The first value of a field, by its name in lower case.
    private static func value(
        of name: Span<UInt8>, _ known: KnownField, in fields: borrowing FieldTable, _ arena: Span<UInt8>
    ) -> ByteRange? {
        if known != .other { return fields.firstIndex(of: known).map { fields[$0].value } }
        for index in 0..<fields.count where fields[index].known == .other {
            if ByteScan.equalsIgnoringCase(arena.extracting(fields[index].name), name) { return fields[index].value }
        }
        return nil
    }

    /// Keeps what lines say of the fields of the response in `response`: values one behind the other, each with a NUL.
    mutating func noteResponseFields(_ exchange: UInt32, _ arena: Span<UInt8>) {
        let isEarlier = exchanges[exchange].logLayout != log.number
        if isEarlier { log.use(exchanges[exchange].logLayout) }
        defer { if isEarlier { log.use(log.number) } }
        guard log.showsResponseFields, let fields = log.plan.fields else { return }
        var kept: [UInt8] = []
        for field in fields {
            guard case .responseField = field.item else { continue }
            let name = field.fieldName
            if let value = Self.value(of: name.span, field.known, in: response.fields, arena) {
                if field.isRedacted {
                    kept += [0x2A, 0x2A, 0x2A]
                } else {
                    let bytes = arena.extracting(value)
                    for index in 0..<min(bytes.count, Self.shownChosen) { kept.append(bytes[index]) }
                }
            }
            kept.append(0)
        }
        exchanges[exchange].loggedFields = kept
    }
}
