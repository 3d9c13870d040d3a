// Requests on the admin listener: suspended until the control plane has an answer.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

extension ProxyDriver {
    /// Hands a request to the control plane. The exchange goes on when the answer comes as a message.
    mutating func suspendForAdmin(_ exchange: UInt32, _ admission: AdminRequest, on loop: inout EventLoop) {
        guard let admin, let token = exchanges.token(at: Int(exchange)), let mailbox else {
            return fail(exchange, .noRoute, on: &loop)
        }
        exchanges[exchange].flags.insert(.suspended)
        exchanges[exchange].phase = .awaitingResponse
        admin.respond(to: admission) { answer in mailbox.post(.answer(token, answer)) }
    }

    /// The answer to a suspended exchange has come. Its client may be gone by now.
    mutating func resume(_ token: Token, with answer: LocalAnswer, on loop: inout EventLoop) {
        if !exchanges.contains(token) || !exchanges[token.index].flags.contains(.suspended) { return }
        let exchange = token.index
        exchanges[exchange].flags.remove(.suspended)
        self.answer(exchange, with: answer, on: &loop)
    }

    /// Sends an answer made outside of the loop.
    mutating func answer(_ exchange: UInt32, with answer: LocalAnswer, on loop: inout EventLoop) {
        exchanges[exchange].status = UInt16(answer.status)
        settleOwnPersistence(exchange)
        writer.removeAll()
        writer.statusLine(answer.status)
        if !answer.contentType.isEmpty { writer.field("Content-Type", answer.contentType.utf8.span) }
        if let allow = answer.allow { writer.field("Allow", allow.utf8.span) }
        if let location = answer.location { writer.field("Location", location.utf8.span) }
        if !answer.lines.isEmpty { writer.write(answer.lines.span) }
        if answer.forbidsStoring { writer.write("Cache-Control: no-store\r\n") }
        if !exchanges[exchange].flags.contains(.isAdmin) { composeAddedFields(exchange) }
        // These have no content, and say nothing of its length (RFC 9110 section 8.6).
        let isBare = answer.status == 204 || answer.status == 304
        endOwnHead(exchange, contentLength: isBare ? nil : answer.content.count)
        sendOwn(exchanges[exchange].method == .head ? [] : answer.content, exchange, on: &loop)
    }

    /// A client that is still sending does not know what becomes of the rest.
    mutating func settleOwnPersistence(_ exchange: UInt32) {
        if exchanges[exchange].flags.contains(.requestComplete) { return }
        clients[exchanges[exchange].client].flags.insert(.closesAfter)
    }

    /// Sends the head in `writer` and `content`, as the client takes it.
    mutating func sendOwn(_ content: [UInt8], _ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].flags.insert(.responseHeadSent)
        exchanges[exchange].phase = .sendingResponse
        exchanges[exchange].answer = LocalContent(bytes: content)
        guard var head = loop.pool.copy(writer.bytes) ?? reserve.take() else { return abandon(exchange, on: &loop) }
        if head.isEmpty { _ = head.append(writer.bytes) }
        sendToClient(head, exchange, on: &loop)
        if reserve == nil { reserve = loop.pool.takeSmall() }
        if !loop.isSendPending(clients[exchanges[exchange].client].socket) { continueAnswer(exchange, on: &loop) }
    }

    /// How long an answer waits when there is no buffer for it, in milliseconds.
    private static var memoryPause: UInt64 { 100 }

    /// Bytes of one answer that are sent before others have their turn: metrics may be some megabytes.
    private static var answerTurnBytes: Int { 256 << 10 }

    /// Sends on as long as the client takes it, and it is not too much for a turn.
    mutating func continueAnswer(_ exchange: UInt32, on loop: inout EventLoop) {
        let socket = clients[exchanges[exchange].client].socket
        let turnEnd = (exchanges[exchange].answer?.sent ?? 0) + Self.answerTurnBytes
        while let answer = exchanges[exchange].answer {
            if answer.sent == answer.bytes.count {
                exchanges[exchange].answer = nil
                exchanges[exchange].flags.insert(.responseComplete)
                return endResponse(exchange, on: &loop)
            }
            if answer.sent >= turnEnd { return pauseSending(exchange, on: &loop) }
            guard var buffer = loop.pool.takeLarge() ?? loop.pool.takeSmall() else {
                // Memory is short, which passes: the timer goes on with it.
                return loop.setTimer(socket, at: loop.milliseconds + Self.memoryPause)
            }
            let end = min(answer.bytes.count, answer.sent + buffer.roomBehind)
            if !buffer.append(answer.bytes.span.extracting(answer.sent..<end)) { return abandon(exchange, on: &loop) }
            exchanges[exchange].answer?.sent = end
            sendToClient(buffer, exchange, on: &loop)
            if loop.isSendPending(socket) { return }
        }
    }
}

extension [UInt8] {
    /// A copy of bytes.
    init(copying bytes: Span<UInt8>) {
        self.init()
        reserveCapacity(bytes.count)
        for index in 0..<bytes.count { append(bytes[index]) }
    }
}

extension String {
    /// A copy of bytes from outside; what is not UTF-8 is replaced.
    init(copying bytes: Span<UInt8>) { self.init(decoding: [UInt8](copying: bytes), as: UTF8.self) }
}
