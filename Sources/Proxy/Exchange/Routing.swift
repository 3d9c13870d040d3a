// From a request to its route.
import MartletEventLoop
import MartletHTTPCore
import MartletRouting

extension ProxyDriver {
    /// Brings the request's path in the one form in which it is matched and forwarded; why it is refused, if it has none. What
    /// is forwarded is what was matched, so that no spelling of a path passes a route that is for it.
    mutating func normalizePath(in buffer: inout Buffer) -> FailureKind? {
        if PathNormalization.isPlain(buffer.bytes, request.path) { return nil }
        var bytes = buffer.mutableBytes
        return request.normalizePath(in: &bytes).map { .requestRefused($0) }
    }

    /// Notes what the answer to a request is to have that is refused before its route is found: where only its content is at fault,
    /// what its route puts into answers, else what the top level does. So a page that may ask sees why it gets nothing.
    mutating func noteRefused(
        _ exchange: UInt32, _ failure: FailureKind, _ buffer: inout Buffer, on loop: inout EventLoop
    ) {
        if failure == .requestBodyTooLarge, normalizePath(in: &buffer) == nil,
            let route = route(exchange, buffer.bytes)
        {
            exchanges[exchange].actions = UInt32(targets[route].actions)
            takeGroups(exchange, buffer.bytes)
        }
        if keepValues(exchange, buffer.bytes, on: &loop) != nil { dropRouteFields(exchange) }
    }

    /// The route of the request; `nil` if there is none for it.
    mutating func route(_ exchange: UInt32, _ arena: Span<UInt8>) -> Int? {
        let client = exchanges[exchange].client
        // Rules of access ask for it as well: they come behind.
        if matchesCertificates { routeMemory.certificate = clients[client].certificate }
        let source = clients[client].source
        let sender = RouteClient(
            address: IPAddress(hi: source.high, lo: source.low), isSecure: clients[client].flags.contains(.isSecure))
        if request.method == .options && actions.policies.count > 1,
            let route = routeOfPreflight(exchange, arena, sender)
        {
            return route
        }
        return routes.route(request, arena, sender, &routeMemory)
    }
}
