// What clients choose parts of: groups of expressions in the path, and the paths and hosts that are made of them.
import MartletEventLoop
import MartletHTTPCore
import MartletRouting

extension ProxyDriver {
    /// Finds the groups that templates of the request's route have.
    mutating func takeGroups(_ exchange: UInt32, _ arena: Span<UInt8>) {
        let place = Int(actions.requests[Int(exchanges[exchange].actions)].captures)
        if place < 0 { return }
        // A target without a path means "/".
        let path = request.path.isEmpty ? StaticString("/").bytes : arena.extracting(request.path)
        let captures = actions.captures[place]
        if let expression = captures.expression {
            _ = PathGroups.find(
                expression, in: path, into: &groups, at: 0..<captures.lastGroup + 1, &routeMemory)
        }
        guard let replaced = captures.replaced else { return }
        let first = captures.firstReplaced
        replacesPath = PathGroups.find(
            replaced, in: path, into: &groups, at: first..<first + captures.lastReplacedGroup + 1, &routeMemory)
    }

    /// Why the request's target and host cannot be rewritten; `nil` if they can. A path that has dots in it would lead out of
    /// what it is joined with, and so would a value that has them.
    mutating func rewriteFailure(_ exchange: UInt32, _ arena: Span<UInt8>) -> FailureKind? {
        let place = Int(exchanges[exchange].actions)
        let path = actions.requests[place].path
        if path == .keep && actions.requests[place].captures < 0 { return nil }
        let isChanged = path == .replacement ? replacesPath : path != .keep
        if isChanged && RequestPath.hasDotSegment(arena.extracting(request.path)) { return .requestRefused(.badTarget) }
        if actions.requests[place].captures < 0 { return nil }
        return captureFailure(exchange, actions.requests[place], isPathChanged: isChanged, arena)
    }

    private mutating func captureFailure(
        _ exchange: UInt32, _ route: RequestActions, isPathChanged: Bool, _ arena: Span<UInt8>
    ) -> FailureKind? {
        if isPathChanged && actions.captures[Int(route.captures)].checksPath {
            writer.removeAll()
            write(parts: route.template, arena, exchange)
            if writer.overflowed { return .headTooLargeToForward }
            if RequestPath.hasDotSegment(writer.bytes) { return .requestRefused(.badTarget) }
        }
        guard let host = chosenHost(route) else { return nil }
        writer.removeAll()
        write(parts: host, arena, exchange)
        if writer.overflowed { return .headTooLargeToForward }
        return HostText.isHost(writer.bytes) ? nil : .requestRefused(.badHost)
    }

    /// The parts of a host that clients choose parts of; `nil` if the route has none.
    func chosenHost(_ route: RequestActions) -> ByteRange? {
        if route.captures < 0 { return nil }
        let host = actions.captures[Int(route.captures)].host
        return host.isEmpty ? nil : host
    }
}
