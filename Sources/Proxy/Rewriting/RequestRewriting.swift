// Requests as servers get them: with another target, another host, and other fields than clients have sent.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletRouting

extension ProxyDriver {
    /// Writes the request's target, as the route wants it.
    mutating func composeTarget(_ arena: Span<UInt8>, _ exchange: UInt32, _ route: RequestActions) {
        if request.form == .asterisk || request.form == .authority { return writer.write(arena, request.target) }
        composePath(arena, exchange, route)
        if route.editsQuery { return composeQuery(arena, exchange, route) }
        if !request.hasQuery { return }
        writer.write(byte: 0x3F)
        writer.write(arena, request.query)
    }

    private mutating func composePath(_ arena: Span<UInt8>, _ exchange: UInt32, _ route: RequestActions) {
        switch route.path {
        case .keep: writePath(arena.extracting(request.path), 0, isJoined: false)
        case .template: write(parts: route.template, arena, exchange)
        case .replacement where replacesPath: write(parts: route.template, arena, exchange)
        case .replacement: writePath(arena.extracting(request.path), 0, isJoined: false)
        case .prefix:
            let path = arena.extracting(request.path)
            let start = actions.end(ofPrefix: route.stripped, in: path)
            actions.write(route.added, into: &writer)
            writePath(path, start, isJoined: !route.added.isEmpty && !path.isEmpty)
        }
    }

    /// The path from `start` on; "/" if nothing is left, unless a prefix stands in front.
    private mutating func writePath(_ path: Span<UInt8>, _ start: Int, isJoined: Bool) {
        if start < path.count { return writer.write(path.extracting(start..<path.count)) }
        if !isJoined { writer.write(byte: 0x2F) }
    }

    /// Writes the query without the parameters that go, and with those that are set behind the others.
    private mutating func composeQuery(_ arena: Span<UInt8>, _ exchange: UInt32, _ route: RequestActions) {
        let query = arena.extracting(request.query)
        var isFirst = true
        var start = 0
        while start < query.count {
            let end = QueryText.end(of: start, in: query)
            let parameter = query.extracting(start..<end)
            start = end + 1
            if actions.isRemoved(parameter, route.removedParameters) { continue }
            writer.write(byte: isFirst ? 0x3F : 0x26)
            writer.write(parameter)
            isFirst = false
        }
        for place in route.setParameters.range {
            let step = actions.steps[place]
            writer.write(byte: isFirst ? 0x3F : 0x26)
            actions.write(step.name, into: &writer)
            write(parts: step.value, arena, exchange)
            isFirst = false
        }
    }

    // MARK: Fields

    /// Writes Host: the route's, or the client's.
    mutating func composeHost(_ arena: Span<UInt8>, _ exchange: UInt32, _ route: RequestActions) {
        if !route.host.isEmpty {
            writer.write("Host: ")
            actions.write(route.host, into: &writer)
            writer.write("\r\n")
        } else if let host = chosenHost(route) {
            writer.write("Host: ")
            write(parts: host, arena, exchange)
            writer.write("\r\n")
        } else if request.authority.isEmpty {
            // HTTP/1.0 without Host: HTTP/1.1 must have one, and the server's name is the best there is. Where no server is known
            // yet it is empty (RFC 9110 section 7.2).
            let first = upstreamStates[Int(exchanges[exchange].upstream)].first
            if first < 0 { return writer.write("Host:\r\n") }
            writer.field("Host", serverStates[first].host.utf8.span)
        } else {
            writer.field("Host", arena.extracting(request.authority))
        }
    }

    /// Writes fields that were renamed, from the lines that were held back.
    mutating func composeRenamedRequestFields(_ arena: Span<UInt8>, _ route: RequestActions) {
        for place in route.renames.range { actions.rename(place, request.fields, in: arena, into: &writer) }
    }

    /// Writes fields whose values come from templates. One whose value comes out empty is left away.
    mutating func composeFields(_ steps: ByteRange, _ arena: Span<UInt8>, _ exchange: UInt32) {
        for place in steps.range {
            let step = actions.steps[place]
            let start = writer.count
            actions.write(step.name, into: &writer)
            let value = writer.count
            write(parts: step.value, arena, exchange)
            if writer.count == value { writer.removeLast(to: start) } else { writer.write("\r\n") }
        }
    }
}

extension ActionTable {
    /// Where a path goes on behind a prefix; at its beginning if it has another one.
    func end(ofPrefix prefix: ByteRange, in path: Span<UInt8>) -> Int {
        if prefix.isEmpty { return 0 }
        return RequestPath.end(of: text.span.extracting(prefix), in: path) ?? 0
    }

    /// Whether a parameter of a query is one of those that go.
    func isRemoved(_ parameter: Span<UInt8>, _ list: ByteRange) -> Bool {
        for place in list.range where QueryText.isNamed(text.span.extracting(parameters[place]), parameter) {
            return true
        }
        return false
    }

    /// Writes the lines of a field under its new name.
    func rename(_ place: Int, _ fields: borrowing FieldTable, in arena: Span<UInt8>, into writer: inout HeadWriter) {
        let rename = renames[place]
        for index in 0..<fields.count {
            let line = fields[index]
            if line.isHopByHop || !names.contains(line, rename.from, in: arena) { continue }
            write(rename.to, into: &writer)
            writer.write(arena, line.value)
            writer.write("\r\n")
        }
    }
}
