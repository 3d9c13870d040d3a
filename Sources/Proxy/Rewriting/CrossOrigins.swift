// What pages of other sites may ask for, and see (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
//
//   preflight ──▶ route of the method that is asked for ──▶ rules ──▶ 204 with what is allowed, or 403
//   request ────▶ route, its origin is kept ──▶ … ──▶ response, or answer of our own ──▶ fields that name the origin
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletRouting
import MartletTelemetry

extension ProxyDriver {
    // MARK: Who asks

    /// The origin of the page that asks; `nil` if the route does not let it, or says nothing of origins.
    func allowedOrigin(_ exchange: UInt32, _ arena: Span<UInt8>) -> ByteRange? {
        let place = Int(actions.requests[Int(exchanges[exchange].actions)].policy)
        guard place != 0, let origin = onlyValue(of: "origin", arena) else { return nil }
        return actions.allows(arena.extracting(origin), actions.policies[place]) ? origin : nil
    }

    /// The value of a field of the request that has one line, and a value.
    private func onlyValue(of name: StaticString, _ arena: Span<UInt8>) -> ByteRange? {
        var found: ByteRange?
        for index in 0..<request.fields.count
        where ByteScan.equals(arena.extracting(request.fields[index].name), lowercase: name) {
            if found != nil { return nil }
            found = request.fields[index].value
        }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: Preflights

    /// The route of a question whether a page may ask something: that of what it would ask, which says what is allowed. `nil` if
    /// the request is no such question, or that route leaves it to its servers.
    mutating func routeOfPreflight(_ exchange: UInt32, _ arena: Span<UInt8>, _ sender: RouteClient) -> Int? {
        guard request.fields.present.contains(.origin),
            let method = onlyValue(of: "access-control-request-method", arena)
        else { return nil }
        let (own, name) = (request.method, request.methodName)
        request.method = HTTPMethod(name: arena.extracting(method))
        request.methodName = method
        let route = routes.route(request, arena, sender, &routeMemory)
        request.method = own
        request.methodName = name
        guard let route, actions.requests[targets[route].actions].policy != 0 else { return nil }
        exchanges[exchange].flags.insert(.isPreflight)
        return route
    }

    /// Why a preflight is refused, if it is: its page may not ask anything.
    mutating func judgePreflight(_ exchange: UInt32, _ arena: Span<UInt8>) -> FailureKind? {
        let policy = Int(actions.requests[Int(exchanges[exchange].actions)].policy)
        if actions.policies[policy].isForAll || allowedOrigin(exchange, arena) != nil {
            metrics.add(.preflightsAllowed)
            return nil
        }
        metrics.add(.preflightsRefused)
        return .originRefused
    }

    /// Writes the head of the answer to a preflight into `writer`; why there is none, if so. Whether what is asked for is allowed,
    /// the browser sees by itself, and tells.
    mutating func composePreflight(_ arena: Span<UInt8>, _ exchange: UInt32) -> FailureKind? {
        let policy = actions.policies[Int(actions.requests[Int(exchanges[exchange].actions)].policy)]
        exchanges[exchange].status = 204
        settleOwnPersistence(exchange)
        writer.removeAll()
        writer.statusLine(204)
        actions.write(policy.preflightLines, into: &writer)
        if policy.takesAnyMethod, let method = onlyValue(of: "access-control-request-method", arena) {
            composeAsked("Access-Control-Allow-Methods", arena.extracting(method))
        }
        if policy.takesAnyField, let fields = onlyValue(of: "access-control-request-headers", arena) {
            composeAsked("Access-Control-Allow-Headers", arena.extracting(fields))
        }
        if policy.takesPrivateNetwork, onlyValue(of: "access-control-request-private-network", arena) != nil {
            writer.write("Access-Control-Allow-Private-Network: true\r\n")
        }
        if policy.takesAnyMethod || policy.takesAnyField {
            writer.write("Vary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n")
        }
        composeAddedFields(exchange)
        endOwnHead(exchange, contentLength: nil)
        return writer.overflowed ? .headTooLargeToForward : nil
    }

    /// Allows what is asked for, where that is a list of names.
    private mutating func composeAsked(_ name: StaticString, _ value: Span<UInt8>) {
        for index in value.indices {
            let byte = value[index]
            if !ByteScan.isToken(byte) && byte != 0x2C && byte != 0x20 { return }
        }
        writer.field(name, value)
    }

    /// Sends the head in `writer`.
    mutating func sendPreflight(_ exchange: UInt32, on loop: inout EventLoop) { sendOwn([], exchange, on: &loop) }

    // MARK: Answers

    /// Writes into an answer of Martlet's own that the page which asks may see it, if it may.
    mutating func composeCrossOrigin(_ exchange: UInt32) {
        let policy = actions.policies[Int(actions.responses[Int(exchanges[exchange].actions)].policy)]
        composeAllowedOrigin(policy, exchange)
        if !policy.isForAll { writer.write("Vary: Origin\r\n") }
    }

    /// The same for the response in `response`.
    mutating func composeCrossOrigin(besides arena: Span<UInt8>, _ exchange: UInt32, _ route: ResponseActions) {
        let policy = actions.policies[Int(route.policy)]
        composeAllowedOrigin(policy, exchange)
        if policy.isForAll { return }
        writer.write("Vary: ")
        if response.fields.present.contains(.vary) && !route.gone.known.contains(.vary) {
            for index in 0..<response.fields.count {
                let line = response.fields[index]
                if line.known != .vary || line.isHopByHop || line.value.isEmpty { continue }
                writer.write(arena, line.value)
                writer.write(", ")
            }
        }
        writer.write("Origin\r\n")
    }

    private mutating func composeAllowedOrigin(_ policy: CrossOriginPolicy, _ exchange: UInt32) {
        if policy.isForAll {
            writer.write("Access-Control-Allow-Origin: *\r\n")
            return actions.write(policy.answerLines, into: &writer)
        }
        guard let kept = exchanges[exchange].kept.take() else { return }
        composeAllowedOrigin(policy, from: kept)
        exchanges[exchange].kept = consume kept
    }

    private mutating func composeAllowedOrigin(_ policy: CrossOriginPolicy, from kept: borrowing Buffer) {
        let origin = KeptValues.range(of: 0, in: kept.bytes)
        if origin.isEmpty { return }
        writer.field("Access-Control-Allow-Origin", kept.bytes.extracting(origin))
        actions.write(policy.answerLines, into: &writer)
    }
}
