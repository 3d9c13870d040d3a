// The life of a request, from its head to the server. The way back stands in Upstream/ResponseReceiving.swift.
//
//   client ──head──▶ 1 open ─▶ 2 note ─▶ 3 take content ─▶ 4 check ─▶ 5 route ─▶ 6 compose ─▶ 7 choose ─▶ 8 send ──▶ server
//                                            │                 │          │                       ▲  │  failed │
//                                            └─────────────────┴──────────┴─▶ answer of our own   │  └─ wait ◀─┘
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletRouting
import MartletTelemetry

extension ProxyDriver {
    /// Begins the exchange for the request whose head is in `request` and stands at the front of `buffer`.
    mutating func begin(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        // 1  Open: a record that lives until the response is sent.
        guard let exchange = openExchange(for: client, on: &loop) else { return closeClient(client, on: &loop) }
        // 2  Note what is needed after the head is gone: for the log line, the id, the form of an error page.
        note(exchange, buffer.bytes)
        nameClient(client, buffer.bytes)
        keepNote(exchange, buffer.bytes, on: &loop)
        if watch.isOn { watchPath(exchange, buffer.bytes) }
        clients[client].state = .exchanging
        clients[client].requests += 1
        if !request.isPersistent || clients[client].requests >= settings.requestsPerConnection {
            clients[client].flags.insert(.closesAfter)
        }
        scheduleCheck(client, on: &loop)
        // 3  Take the content that came with the head.
        let content = takeContent(behindHeadIn: &buffer, exchange, client)
        let isForUs = exchanges[exchange].flags.contains(.isAdmin)
        if let failure = content.failure {
            if !isForUs { noteRefused(exchange, failure, &buffer, on: &loop) }
            return fail(exchange, failure, on: &loop)
        }
        // 4  Check what can be refused without asking anybody. What follows the request is kept for later.
        let mayBeOwn = clients[client].flags.contains(.isRedirect) || !challenges.isEmpty
        if mayBeOwn, let answer = ownAnswer(client, buffer.bytes) {
            keepRest(in: buffer, from: content.end, client, on: &loop)
            return send(answer, exchange, on: &loop)
        }
        var failure = refusal(client, buffer.bytes)
        if failure == nil && !isForUs { failure = normalizePath(in: &buffer) }
        if let failure, !isForUs { noteRefused(exchange, failure, &buffer, on: &loop) }
        if failure == nil && !isForUs { failure = findUpstream(exchange, buffer.bytes, on: &loop) }
        if let failure {
            keepRest(in: buffer, from: content.end, client, on: &loop)
            return fail(exchange, failure, on: &loop)
        }
        if isForUs {
            let admission = adminRequest(client, buffer.bytes)
            let first = [UInt8](copying: buffer.bytes.extracting(content.range))
            keepRest(in: buffer, from: content.end, client, on: &loop)
            return beginAdmin(admission, first: first, exchange, on: &loop)
        }
        if exchanges[exchange].flags.contains(.isPreflight) || routeAnswer(exchange) >= 0 {
            return answerByRoute(buffer, rest: content.end, exchange, on: &loop)
        }
        // 6  Compose the head for the server from the parsed one, with the content behind it.
        if actions.requests[Int(exchanges[exchange].actions)].buffering.limit > 0,
            let failure = settleCollecting(exchange, content)
        {
            return fail(exchange, failure, on: &loop)
        }
        composeRequestHead(buffer.bytes, exchange, client)
        // The server is chosen when all of the request is there (Collecting.swift).
        if exchanges[exchange].flags.contains(.isCollecting) {
            if let failure = keepCollected(buffer, content, exchange, on: &loop) {
                clients[client].flags.insert(.closesAfter)
                return fail(exchange, failure, on: &loop)
            }
            if !exchanges[exchange].flags.contains(.isAtGate) { beginCollecting(exchange, on: &loop) }
            return
        }
        exchanges[exchange].request = assemble(buffer, content, exchange, on: &loop)
        if exchanges[exchange].request == nil {
            clients[client].flags.insert(.closesAfter)
            return fail(exchange, assemblyFailure(exchange), on: &loop)
        }
        // Somebody else has to decide first: it goes on from here when that is done (Admission/Admitting.swift).
        if exchanges[exchange].flags.contains(.isAtGate) { return }
        if exchanges[exchange].mirroring >= 0 { beginMirror(exchange, on: &loop) }
        beginReplayLog(exchange)
        // 7  Choose a server; 8  send the request at once on an idle connection, or when a new one stands. Or wait.
        dispatch(exchange, on: &loop)
    }

    /// Answers a request without a server, as its route says. What follows it in `buffer`, from `rest` on, is kept for later.
    private mutating func answerByRoute(
        _ buffer: consuming Buffer, rest: Int, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let client = exchanges[exchange].client
        if exchanges[exchange].flags.contains(.isPreflight) {
            let failure = composePreflight(buffer.bytes, exchange)
            keepRest(in: buffer, from: rest, client, on: &loop)
            if let failure { return fail(exchange, failure, on: &loop) }
            return sendPreflight(exchange, on: &loop)
        }
        let answer = routeAnswer(exchange)
        if actions.answers[answer].site >= 0 {
            let failure = askForFile(Int(actions.answers[answer].site), exchange, buffer.bytes)
            keepRest(in: buffer, from: rest, client, on: &loop)
            return beginFile(exchange, failure, on: &loop)
        }
        let failure = composeRouteAnswer(answer, buffer.bytes, exchange)
        keepRest(in: buffer, from: rest, client, on: &loop)
        if let failure { return fail(exchange, failure, on: &loop) }
        if exchanges[exchange].flags.contains(.isAtGate) { return keepRouteAnswer(exchange, on: &loop) }
        sendRouteAnswer(answer, exchange, on: &loop)
    }

    /// Step 5; why there is no upstream for the request, if there is none and Martlet does not answer it itself.
    mutating func findUpstream(
        _ exchange: UInt32, _ arena: Span<UInt8>, on loop: inout EventLoop
    ) -> FailureKind? {
        // 5  Route: from the request to an upstream.
        exchanges[exchange].phase = .routing
        guard let route = route(exchange, arena) else {
            if tracing.isOn { settleTrace(exchange, -1, arena) }
            return keepValues(exchange, arena, on: &loop) ?? failureWithoutRoute(exchange)
        }
        // Whatever becomes of it now, its answer has what the route puts into answers.
        exchanges[exchange].actions = UInt32(targets[route].actions)
        exchanges[exchange].counters = targets[route].counters
        if namesRoutes && route < model.names.count { exchanges[exchange].route = model.names[route].text }
        if tracing.isOn { settleTrace(exchange, route, arena) }
        takeGroups(exchange, arena)
        if let failure = keepValues(exchange, arena, on: &loop) { return failure }
        if request.hasEncodedSlash && !targets[route].takesEncodedSlashes { return .requestRefused(.ambiguousPath) }
        if actions.requests[targets[route].actions].limits != 0,
            let failure = applyOwnLimits(exchange, on: &loop)
        {
            return failure
        }
        if stripsIdentity { stripIdentity(arena) }
        let gate = targets[route].gate
        if gate >= 0, let failure = passGate(exchange, gates[Int(gate)], arena, on: &loop) {
            if case .maintenance = failure, targets[route].codesContent { noteCodings(exchange, arena) }
            return failure
        }
        if exchanges[exchange].flags.contains(.isPreflight) { return judgePreflight(exchange, arena) }
        if targets[route].codesContent { noteCodings(exchange, arena) }
        // A CONNECT that is answered with 200 would be a tunnel.
        if targets[route].upstream < 0 { return request.protocolName.isEmpty ? nil : .protocolNotSupported }
        if let failure = rewriteFailure(exchange, arena) { return failure }
        let split = targets[route].split
        let upstream = split < 0 ? targets[route].upstream : splitUpstream(split, exchange, arena)
        if split >= 0 && gate >= 0 && gates[Int(gate)].asksUpstream,
            let failure = maintenance(of: upstream, exchange)
        {
            return failure
        }
        exchanges[exchange].upstream = Int32(upstream)
        exchanges[exchange].priority = targets[route].priority
        exchanges[exchange].phase = .connecting
        upstreamStates[upstream].budget.request(now: loop.milliseconds)
        noteAffinity(exchange, arena)
        if request.fields.present.contains(.upgrade) || !request.protocolName.isEmpty {
            if let failure = noteUpgrade(exchange, targets[route].upgrades, arena) { return failure }
        }
        if targets[route].translatesWeb { noteWebCall(exchange, arena) }
        if targets[route].mirror >= 0 { considerMirror(exchange, targets[route].mirror) }
        if request.method == .post, exchanges[exchange].flags.contains(.isCall) {
            return settleDeadline(exchange, on: &loop)
        }
        return nil
    }

    /// No route is for the request, or nobody is to be served at all.
    private mutating func failureWithoutRoute(_ exchange: UInt32) -> FailureKind {
        if model.guarding.hasCommonMaintenance, let failure = maintenance(0, exchange) {
            metrics.add(.maintenanceAnswers)
            return failure
        }
        metrics.add(.noRoute)
        return .noRoute
    }

    /// A record for a new exchange on a client connection; `nil` when there is no room for one.
    mutating func openExchange(for client: UInt32, on loop: inout EventLoop) -> UInt32? {
        let id = (random.next(), random.next())
        guard let token = exchanges.insert(Exchange(client: client, began: loop.nanoseconds, id: id)) else {
            return nil
        }
        exchanges[token.index].logLayout = log.number
        exchanges[token.index].sentBefore = loop.bytesSent(clients[client].socket)
        if clients[client].flags.contains(.isAdmin) {
            exchanges[token.index].flags.insert(.isAdmin)
            exchanges[token.index].errorFormat = .problem
        }
        clients[client].exchange = token.index
        if clients[client].flags.contains(.isTrusted) { clients[client].forgetSource() }
        if !clients[client].flags.contains(.isShed) { metrics.add(.requests) }
        metrics.increment(.exchangesActive)
        return token.index
    }

    /// Notes what is needed of the head after it is gone.
    mutating func note(_ exchange: UInt32, _ arena: Span<UInt8>) {
        // An extended CONNECT is a GET to servers of HTTP/1.1.
        exchanges[exchange].method = request.protocolName.isEmpty ? request.method : .get
        exchanges[exchange].flags.insert(.headRead)
        exchanges[exchange].headBytes = UInt32(clamping: request.length)
        clients[exchanges[exchange].client].upload = RateMeter()
        exchanges[exchange].requestFraming = request.framing
        if request.version == .http10 { exchanges[exchange].flags.insert(.isHTTP10) }
        if request.expectsContinue { exchanges[exchange].flags.insert(.expectsContinue) }
        if request.fields.isNominating { exchanges[exchange].flags.insert(.dropsRequestTrailers) }
        if let accept = request.fields.firstIndex(of: .accept), exchanges[exchange].errorFormat != .problem {
            exchanges[exchange].errorFormat = ErrorFormat(accept: arena.extracting(request.fields[accept].value))
        }
        if request.method == .post { noteCall(exchange, arena) }
    }

    /// Why this request is answered without asking a server; `nil` if there is no reason.
    func refusal(_ client: UInt32, _ arena: Span<UInt8>) -> FailureKind? {
        if request.method == .connect && request.protocolName.isEmpty { return .methodNotAllowed }
        // Nobody means it: servers would take it for the beginning of HTTP/2 (RFC 9113 section 11.6).
        let isPreface =
            request.method == .other
            && ByteScan.equals(arena.extracting(request.methodName), StaticString("PRI").bytes)
        if isPreface { return .methodNotAllowed }
        if case .length(let length) = request.framing, length > settings.requestBody { return .requestBodyTooLarge }
        return nil
    }

    /// Counts the exchange, writes its log line and forgets it.
    mutating func closeExchange(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].mirroring < 0 || !settleMirror(exchange, on: &loop) {
            account(exchange, on: &loop)
            metrics.decrement(.exchangesActive)
        }
        closeCoder(exchange)
        leaveGate(exchange)
        leaveFile(exchange)
        endRetrying(exchange)
        forgetRequest(exchange)
        clients[exchanges[exchange].client].exchange = .max
        if let token = exchanges.token(at: Int(exchange)) { exchanges.remove(token) }
    }
}
