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

    /// Writes fields that the route puts into an answer of Martlet's own.
    /// - Parameter isPage: whether it is an error page, which the content policies of routes are not made for.
    mutating func composeAddedFields(_ exchange: UInt32, isPage: Bool = false) {
        composePassFields(exchange)
        let route = actions.responses[Int(exchanges[exchange].actions)]
        if !route.addsFields { return }
        composeTemplates(route.steps, exchange)
        composeDefaults(route.defaults, besides: 0, exchange, isPage: isPage)
        if route.policy != 0 { composeCrossOrigin(exchange) }
    }

    /// Writes fields that the route puts into the response in `response`.
    mutating func composeAddedFields(besides arena: Span<UInt8>, _ exchange: UInt32) {
        composePassFields(exchange)
        let route = actions.responses[Int(exchanges[exchange].actions)]
        if !route.addsFields { return }
        composeTemplates(route.steps, exchange)
        if route.policy != 0 { composeCrossOrigin(besides: arena, exchange, route) }
        if route.defaults.isEmpty { return }
        composeDefaults(route.defaults, besides: actions.defaultsSaid(by: response.fields, route, arena), exchange)
    }

    /// Writes fields with which the client was let in.
    private mutating func composePassFields(_ exchange: UInt32) {
        if exchanges[exchange].admission < 0 { return }
        if let lines = exchanges[exchange].pass?.answerLines { writer.write(lines.span) }
    }

    private mutating func composeTemplates(_ steps: ByteRange, _ exchange: UInt32) {
        if steps.isEmpty { return }
        guard let kept = exchanges[exchange].kept.take() else {
            return composeFields(steps, StaticString("").bytes, exchange)
        }
        composeFields(steps, from: kept, exchange)
        exchanges[exchange].kept = consume kept
    }

    /// Writes lines that are there unless the server has said the same.
    /// - Parameter said: a bit for each of `defaults` that the server has said.
    private mutating func composeDefaults(
        _ defaults: ByteRange, besides said: UInt64, _ exchange: UInt32, isPage: Bool = false
    ) {
        for place in defaults.range where said &>> UInt64(place - Int(defaults.start)) & 1 == 0 {
            let line = actions.defaults[place]
            switch line.kind {
            case .contentPolicy where isPage: writer.write(ErrorText.contentPolicy)
            case .strictTransport where !leavesStrictTransport(exchange): continue
            case .plain, .strictTransport, .contentPolicy: actions.write(line.line, into: &writer)
            }
        }
    }

    /// Whether the client has come over TLS by a listener that says nothing of coming so again.
    private func leavesStrictTransport(_ exchange: UInt32) -> Bool {
        let client = exchanges[exchange].client
        if !clients[client].flags.contains(.isSecure) { return false }
        return listeners[Int(clients[client].listener)].tls?.leavesStrictTransport ?? true
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
        countLeak(exchange)
        if mode != .count { exchanges[exchange].leak = LeakText.line(around: place.lowerBound, in: writer.bytes) }
        return mode == .block
    }
}

extension ActionTable {
    /// Which of a route's default lines a server has said by itself, a bit for each.
    func defaultsSaid(
        by fields: borrowing FieldTable, _ route: ResponseActions, _ arena: Span<UInt8>
    ) -> UInt64 {
        var said: UInt64 = 0
        for index in 0..<fields.count {
            let line = fields[index]
            if line.isHopByHop || !names.contains(line, route.defaultNames, in: arena) { continue }
            for place in route.defaults.range where names.contains(line, defaults[place].name, in: arena) {
                said |= 1 &<< UInt64(place - Int(route.defaults.start))
            }
        }
        return said
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
    static let limit = 64

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
