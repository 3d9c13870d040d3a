// Who is it? The question goes to the control plane, which answers at once or by a message (decision D5).
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Asks whether the client may come in; why not, if that is known at once.
    mutating func admit(
        _ exchange: UInt32, _ admission: Int, _ arena: Span<UInt8>, on loop: inout EventLoop
    ) -> FailureKind? {
        exchanges[exchange].admission = Int16(admission)
        guard let gatekeeper, let mailbox, let token = exchanges.token(at: Int(exchange)) else {
            return .admissionUnavailable
        }
        if suspended >= settings.suspendedExchanges {
            metrics.add(.admissionsRefused)
            return .admissionUnavailable
        }
        let question = question(admission, admissions[admission].evidence, exchange, arena)
        let verdict = gatekeeper.judge(question) { mailbox.post(.verdict(token, $0)) }
        switch verdict {
        case .pass(let pass):
            metrics.add(.admissionsPassed)
            exchanges[exchange].pass = pass
            return nil
        case .unauthenticated(let reason): return refuse(exchange, .unauthenticated, reason)
        case .refused(let fault, let reason): return refuse(exchange, fault, reason)
        case .unavailable(let reason): return refuse(exchange, .admissionUnavailable, reason)
        case .answer:
            if let verdict { mailbox.post(.verdict(token, verdict)) }
        case nil: break
        }
        let end = loop.milliseconds + settings.admissionTime
        let purpose = UInt32(exchanges[exchange].attempts) | Due.verdict.rawValue << 8
        if !deadlines.insert(end, token: token.bits, purpose: purpose) { return .admissionUnavailable }
        loop.wake(at: end)
        suspended += 1
        metrics.increment(.exchangesSuspended)
        exchanges[exchange].flags.insert(.isAtGate)
        return nil
    }

    private mutating func refuse(_ exchange: UInt32, _ failure: FailureKind, _ reason: String) -> FailureKind {
        metrics.add(failure == .admissionUnavailable ? .admissionsRefused : .admissionsFailed)
        exchanges[exchange].detail = reason
        return failure
    }

    private mutating func refuse(_ exchange: UInt32, _ fault: AdmissionFault, _ reason: String) -> FailureKind {
        exchanges[exchange].admissionFault = fault
        return refuse(exchange, fault == .insufficient ? .notEntitled : .unauthenticated, reason)
    }

    // MARK: The question

    private func question(
        _ admission: Int, _ evidence: AdmissionModel.Evidence, _ exchange: UInt32, _ arena: Span<UInt8>
    ) -> AdmissionQuestion {
        var question = AdmissionQuestion(admission: admission)
        switch evidence {
        case .authorization: question.evidence = onlyValue(of: "authorization", arena)
        case .key(let field, let parameter):
            question.evidence = field.flatMap { onlyValue(of: $0, arena) } ?? parameter.flatMap { value(of: $0, arena) }
        case .token(let field, let cookie, let parameter):
            question.evidence =
                field.flatMap { token(in: $0, arena) } ?? cookie.flatMap { self.cookie($0, arena) }
                ?? parameter.flatMap { value(of: $0, arena) }
        case .head: question.head = head(exchange, arena)
        case .several(let ways):
            question.parts = ways.map { self.question(admission, $0, exchange, arena) }
        }
        return question
    }

    /// The value of a field; `nil` as well when there are two, as others may take the one for it that was not looked at.
    private func onlyValue(of name: String, _ arena: Span<UInt8>) -> [UInt8]? {
        var found: Int?
        for index in 0..<request.fields.count {
            if !ByteScan.equalsIgnoringCase(arena.extracting(request.fields[index].name), name.utf8.span) { continue }
            if found != nil { return nil }
            found = index
        }
        return found.map { Self.bytes(arena.extracting(request.fields[$0].value)) }
    }

    /// The token in a field; of Authorization, what stands behind the scheme Bearer (RFC 6750 section 2.1).
    private func token(in field: String, _ arena: Span<UInt8>) -> [UInt8]? {
        guard let value = onlyValue(of: field, arena) else { return nil }
        if field != "authorization" { return value }
        let scheme = Array("bearer ".utf8)
        guard value.count > scheme.count, value.prefix(scheme.count).map({ $0 | 0x20 }) == scheme else { return nil }
        return Array(value.dropFirst(scheme.count).drop { $0 == 0x20 })
    }

    /// The value of a cookie; `nil` as well when there are two of that name.
    private func cookie(_ name: String, _ arena: Span<UInt8>) -> [UInt8]? {
        var found: [[UInt8]] = []
        for index in 0..<request.fields.count where request.fields[index].known == .cookie {
            let pairs = Self.bytes(arena.extracting(request.fields[index].value)).split(separator: 0x3B)
            for pair in pairs {
                let parts = pair.drop { $0 == 0x20 || $0 == 0x09 }.split(
                    separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2, parts[0].elementsEqual(name.utf8) { found.append(Array(parts[1])) }
            }
        }
        return found.count == 1 ? found[0] : nil
    }

    private func value(of parameter: String, _ arena: Span<UInt8>) -> [UInt8]? {
        let query = arena.extracting(request.query)
        return NamedValue.parameter(parameter.utf8.span, in: query).map { Self.bytes(query.extracting($0)) }
    }

    static func bytes(_ span: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(span.count)
        for index in 0..<span.count { bytes.append(span[index]) }
        return bytes
    }

    private func head(_ exchange: UInt32, _ arena: Span<UInt8>) -> AdmissionHead {
        let client = exchanges[exchange].client
        let text = clients[client].peerText
        var target = request.form == .asterisk ? "*" : String(copying: arena.extracting(request.path))
        if target.isEmpty { target = "/" }
        if request.hasQuery { target += "?" + String(copying: arena.extracting(request.query)) }
        var fields: [(name: String, value: String)] = []
        for index in 0..<request.fields.count {
            let line = request.fields[index]
            if line.isHopByHop || line.known == .contentLength || line.known == .transferEncoding { continue }
            fields.append(
                (String(copying: arena.extracting(line.name)), String(copying: arena.extracting(line.value))))
        }
        // An extended CONNECT is a GET to servers of HTTP/1.1.
        let method = request.protocolName.isEmpty ? String(copying: arena.extracting(request.methodName)) : "GET"
        var head = AdmissionHead(
            method: method, target: target, host: String(copying: arena.extracting(request.authority)),
            client: String(copying: text.span.extracting(0..<Int(clients[client].peerTextCount))), fields: fields)
        head.isSecure = clients[client].flags.contains(.isSecure)
        let source = clients[client].sourceText
        head.source = String(copying: source.span.extracting(0..<Int(clients[client].sourceTextCount)))
        head.isTrusted = clients[client].flags.contains(.isTrusted)
        if let identity = clients[client].identity { head.identity = ClientIdentity.pairs(in: identity) }
        return head
    }

    // MARK: The answer

    /// The answer about a suspended exchange has come. Its client may be gone by now.
    mutating func resume(_ token: Token, _ verdict: AdmissionVerdict, on loop: inout EventLoop) {
        if !exchanges.contains(token) || !exchanges[token.index].flags.contains(.isAtGate) { return }
        let exchange = token.index
        leaveGate(exchange)
        switch verdict {
        case .pass(let pass):
            metrics.add(.admissionsPassed)
            exchanges[exchange].pass = pass
            goOn(exchange, on: &loop)
        case .unauthenticated(let reason):
            fail(exchange, refuse(exchange, .unauthenticated, reason), on: &loop)
        case .refused(let fault, let reason):
            fail(exchange, refuse(exchange, fault, reason), on: &loop)
        case .unavailable(let reason):
            fail(exchange, refuse(exchange, .admissionUnavailable, reason), on: &loop)
        case .answer(let answer, let reason):
            let failure = refuse(exchange, .unauthenticated, reason)
            // A client of gRPC understands a status, and no page.
            if exchanges[exchange].flags.contains(.isCall) {
                return fail(exchange, answer.status == 403 ? .accessDenied(403) : failure, on: &loop)
            }
            exchanges[exchange].failure = failure
            forgetRequest(exchange)
            // The answer may have to wait for a client that does not read, which must not last for ever.
            scheduleCheck(exchanges[exchange].client, on: &loop)
            self.answer(exchange, with: answer, on: &loop)
        }
    }

    /// The time for an answer is over.
    mutating func admissionTimedOut(_ exchange: UInt32, on loop: inout EventLoop) {
        if !exchanges[exchange].flags.contains(.isAtGate) { return }
        metrics.add(.admissionTimeouts)
        fail(exchange, .admissionTimeout, on: &loop)
    }

    /// The exchange is suspended no longer, for whatever reason.
    mutating func leaveGate(_ exchange: UInt32) {
        if !exchanges[exchange].flags.contains(.isAtGate) { return }
        exchanges[exchange].flags.remove(.isAtGate)
        suspended -= 1
        metrics.decrement(.exchangesSuspended)
    }

    /// Adds to the composed head what the server is to know of the client, and goes on where the exchange was suspended.
    private mutating func goOn(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].flags.contains(.servesFile) { return findFile(exchange, on: &loop) }
        guard var request = exchanges[exchange].request.take() else { return fail(exchange, .noBuffers, on: &loop) }
        let answer = routeAnswer(exchange)
        if answer >= 0 { return sendKeptAnswer(answer, request, exchange, on: &loop) }
        if let lines = exchanges[exchange].pass?.lines, !lines.isEmpty {
            let end = Int(exchanges[exchange].composedBytes)
            writer.removeAll()
            writer.write(request.bytes.extracting(0..<end - 2))
            writer.write(lines.span)
            writer.endOfHead()
            if writer.overflowed { return fail(exchange, .headTooLargeToForward, on: &loop) }
            request.dropFirst(end)
            guard let whole = join(headWith: request, on: &loop) else { return fail(exchange, .noBuffers, on: &loop) }
            request = whole
        }
        exchanges[exchange].request = consume request
        if exchanges[exchange].flags.contains(.isCollecting) { return beginCollecting(exchange, on: &loop) }
        if exchanges[exchange].mirroring >= 0 { beginMirror(exchange, on: &loop) }
        beginReplayLog(exchange)
        dispatch(exchange, on: &loop)
    }
}
