// What routes have Martlet answer by itself: redirects and fixed content.
import MartletCoding
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The answer that the request's route has for it, a place among all; -1 if a server is asked.
    func routeAnswer(_ exchange: UInt32) -> Int {
        Int(actions.requests[Int(exchanges[exchange].actions)].answer)
    }

    /// Writes the head of an answer into `writer`; why there is none, if so. The rest is `sendRouteAnswer`'s.
    mutating func composeRouteAnswer(
        _ answer: Int, _ arena: Span<UInt8>, _ exchange: UInt32
    ) -> FailureKind? {
        let status = actions.answers[answer].status
        if actions.answers[answer].needsHost && request.authority.isEmpty { return .noRoute }
        exchanges[exchange].status = UInt16(status)
        settleOwnPersistence(exchange)
        writer.removeAll()
        writer.statusLine(status)
        if !actions.answers[answer].location.isEmpty { composeLocation(answer, arena, exchange) }
        let contentType = actions.answers[answer].contentType
        if !contentType.isEmpty {
            writer.write("Content-Type: ")
            actions.write(contentType, into: &writer)
            writer.write("\r\n")
        }
        composeAddedFields(exchange)
        composeAnswerCoding(answer, exchange)
        let isEmpty = status == 204 || status == 304
        endOwnHead(exchange, contentLength: isEmpty ? nil : content(of: answer, exchange).count)
        return writer.overflowed ? .headTooLargeToForward : nil
    }

    /// Says how the content is coded, and that it depends on what the client takes.
    private mutating func composeAnswerCoding(_ answer: Int, _ exchange: UInt32) {
        if actions.answers[answer].coded.isEmpty { return }
        writer.write("Vary: Accept-Encoding\r\n")
        let wanted = exchanges[exchange].coding
        for coded in actions.answers[answer].coded where coded.coding == wanted {
            exchanges[exchange].sentCoding = wanted
            writer.write("Content-Encoding: ")
            writer.write(wanted.name)
            writer.write("\r\n")
        }
    }

    /// The content as the client takes it.
    private func content(of answer: Int, _ exchange: UInt32) -> [UInt8] {
        let wanted = exchanges[exchange].coding
        for coded in actions.answers[answer].coded where coded.coding == wanted { return coded.content }
        return actions.answers[answer].content
    }

    /// A path that begins with two slashes would be another host (RFC 3986 section 4.2), which only a template says outright.
    private mutating func composeLocation(_ answer: Int, _ arena: Span<UInt8>, _ exchange: UInt32) {
        let location = actions.answers[answer].location
        writer.write("Location: ")
        let start = writer.count
        write(parts: location, arena, exchange)
        let leadsElsewhere = actions.answers[answer].leadsElsewhere
        if !leadsElsewhere && RequestText.hasTwoSlashes(writer.bytes, at: start) {
            writer.removeLast(to: start)
            writer.write("/.")
            write(parts: location, arena, exchange)
        }
        writer.write("\r\n")
    }

    /// Keeps the head in `writer` until it is known whether the client may have it.
    mutating func keepRouteAnswer(_ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].request = loop.pool.copy(writer.bytes)
        if exchanges[exchange].request == nil { fail(exchange, .noBuffers, on: &loop) }
    }

    /// Sends an answer whose head has been kept, with what comes for its client from whoever has let it in.
    mutating func sendKeptAnswer(
        _ answer: Int, _ head: borrowing Buffer, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        writer.removeAll()
        writer.write(head.bytes.extracting(0..<head.count - 2))
        if let lines = exchanges[exchange].pass?.answerLines { writer.write(lines.span) }
        writer.endOfHead()
        if writer.overflowed { return fail(exchange, .headTooLargeToForward, on: &loop) }
        sendRouteAnswer(answer, exchange, on: &loop)
    }

    /// Sends the head in `writer` and the answer's content.
    mutating func sendRouteAnswer(_ answer: Int, _ exchange: UInt32, on loop: inout EventLoop) {
        metrics.add(actions.answers[answer].location.isEmpty ? .routeContents : .routeRedirects)
        let isHead = exchanges[exchange].method == .head
        sendOwn(isHead ? [] : content(of: answer, exchange), exchange, on: &loop)
    }
}

extension RequestText {
    /// Whether "//" stands at `start`, or what browsers take for it.
    static func hasTwoSlashes(_ text: Span<UInt8>, at start: Int) -> Bool {
        start + 1 < text.count && text[start] == 0x2F && (text[start + 1] == 0x2F || text[start + 1] == 0x5C)
    }
}
