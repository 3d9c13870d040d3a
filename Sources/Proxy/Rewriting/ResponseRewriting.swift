// Responses as clients get them: with other fields than servers have sent, and without a word of where those stand.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletRouting
import MartletTelemetry

extension ProxyDriver {
    /// Writes the fields of the response in `response` that the route lets pass.
    mutating func composeResponseFields(_ arena: Span<UInt8>, _ exchange: UInt32, except dropped: KnownFieldSet) {
        let route = actions.responses[Int(exchanges[exchange].actions)]
        let isHeld = writer.fields(
            response.fields, in: arena, except: dropped, held: route.held, of: actions.names)
        if isHeld { composeHeldFields(arena, exchange, route) }
    }

    /// Writes fields whose values come from templates.
    mutating func composeAddedFields(_ exchange: UInt32) {
        let steps = actions.responses[Int(exchanges[exchange].actions)].steps
        if steps.isEmpty { return }
        guard let kept = exchanges[exchange].kept.take() else {
            return composeFields(steps, StaticString("").bytes, exchange)
        }
        composeFields(steps, from: kept, exchange)
        exchanges[exchange].kept = consume kept
    }

    private mutating func composeFields(_ steps: ByteRange, from kept: borrowing Buffer, _ exchange: UInt32) {
        composeFields(steps, kept.bytes, exchange)
    }

    /// Writes what was held back and passes in another form: references to servers, and fields with a new name.
    private mutating func composeHeldFields(_ arena: Span<UInt8>, _ exchange: UInt32, _ route: ResponseActions) {
        let upstream = Int(exchanges[exchange].upstream)
        for index in 0..<response.fields.count where route.rewritesReferences {
            let line = response.fields[index]
            if line.isHopByHop || actions.names.contains(line, route.gone, in: arena) { continue }
            guard let form = ReferenceForm(line, in: arena) else { continue }
            writer.write(arena, line.name)
            writer.write(": ")
            let value = arena.extracting(line.value)
            form.write(value, origins[upstream].names, actions.maps[Int(route.map)], into: &writer)
            writer.write("\r\n")
        }
        for place in route.renames.range { actions.rename(place, response.fields, in: arena, into: &writer) }
    }

    /// Whether the head in `writer` shows where a server stands, which is counted; the client does not get it if that is to be
    /// so.
    mutating func isLeak(_ exchange: UInt32) -> Bool {
        let mode = actions.responses[Int(exchanges[exchange].actions)].leaks
        if mode == .off { return false }
        let upstream = Int(exchanges[exchange].upstream)
        guard let place = origins[upstream].leaks.find(in: writer.bytes) else { return false }
        metrics.add(.originLeaks)
        if mode != .count { exchanges[exchange].leak = LeakText.line(around: place.lowerBound, in: writer.bytes) }
        return mode == .block
    }
}

/// How a field refers to a server.
private enum ReferenceForm {
    case reference, refresh, link, cookie

    /// The form of a field, `nil` if it does not refer to anything.
    init?(_ line: FieldLine, in arena: Span<UInt8>) {
        switch line.known {
        case .location: self = .reference
        case .setCookie: self = .cookie
        case .other:
            let name = arena.extracting(line.name)
            if ByteScan.equals(name, lowercase: "link") {
                self = .link
            } else if ByteScan.equals(name, lowercase: "refresh") {
                self = .refresh
            } else if ByteScan.equals(name, lowercase: "content-location") {
                self = .reference
            } else {
                return nil
            }
        default: return nil
        }
    }

    func write(
        _ value: Span<UInt8>, _ names: borrowing OriginNames, _ map: borrowing PrefixMap,
        into writer: inout HeadWriter
    ) {
        switch self {
        case .reference: writer.reference(value, from: names, by: map)
        case .refresh: writer.refresh(value, from: names, by: map)
        case .link: writer.link(value, from: names, by: map)
        case .cookie: writer.cookie(value, from: names, by: map)
        }
    }
}

/// What the log says of a leak.
enum LeakText {
    /// The most bytes of a name that are shown.
    private static let limit = 64

    /// The name of the field that a byte of a head is in; the start line has none.
    static func line(around place: Int, in head: Span<UInt8>) -> String {
        var start = place
        while start > 0 && head[start - 1] != 0x0A { start -= 1 }
        if start == 0 { return "status line" }
        var end = start
        while end < head.count && head[end] != 0x3A && end - start < limit { end += 1 }
        return String(copying: head.extracting(start..<end))
    }
}
