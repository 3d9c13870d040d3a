// Error pages of servers, in whose place clients get Martlet's own.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Fields of an error response that clients need whatever its content is.
    private static var keptFields: [KnownField] { [.retryAfter, .wwwAuthenticate, .allow] }

    /// Whether the content of the response in `response` is not for the client.
    func replacesContent(_ exchange: UInt32) -> Bool {
        let route = Int(exchanges[exchange].actions)
        // What went wrong with a call of gRPC is in its status, which programs read.
        if !actions.responses[route].replacesErrors || exchanges[exchange].flags.contains(.isCall) { return false }
        return actions.responses[route].replaced.contains(response.status)
    }

    /// Answers with a page of Martlet's own in the place of what the server says to the same status. `buffer` begins with the
    /// response's head.
    mutating func replaceContent(_ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        metrics.add(.originErrorsReplaced)
        let status = response.status
        exchanges[exchange].firstByte = loop.nanoseconds
        exchanges[exchange].phase = .sendingResponse
        exchanges[exchange].status = UInt16(status)
        settleOwnPersistence(exchange)
        composeErrorPage(exchange, status)
        composeReplacedHead(buffer.bytes, exchange, status)
        if writer.overflowed {
            dropRouteFields(exchange)
            composeReplacedHead(buffer.bytes, exchange, status)
        }
        if isWhole(buffer, exchange) {
            let connection = exchanges[exchange].connection
            loop.cancelTimer(servers[connection].socket)
            servers[connection].isPersistent = response.isPersistent
        } else {
            dropServer(of: exchange, on: &loop)
        }
        sendOwnAnswer(exchange, on: &loop)
    }

    private mutating func composeReplacedHead(_ arena: Span<UInt8>, _ exchange: UInt32, _ status: Int) {
        writer.removeAll()
        beginErrorHead(exchange, status)
        let gone = actions.responses[Int(exchanges[exchange].actions)].gone
        for index in 0..<response.fields.count where Self.keptFields.contains(response.fields[index].known) {
            if actions.names.contains(response.fields[index], gone, in: arena) { continue }
            writer.line(response.fields[index], in: arena)
        }
        composeAddedFields(exchange, isPage: true)
        endOwnHead(exchange, contentLength: tail.count)
    }

    /// Whether all of the response has come, and nothing else, so that its connection may serve again.
    private func isWhole(_ buffer: borrowing Buffer, _ exchange: UInt32) -> Bool {
        let connection = exchanges[exchange].connection
        if servers[connection].isStream { return servers[connection].hasEnded }
        switch response.framing {
        case .none: return buffer.count == response.length
        case .length(let length): return UInt64(buffer.count - response.length) == length
        case .chunked, .untilClose: return false
        }
    }
}
