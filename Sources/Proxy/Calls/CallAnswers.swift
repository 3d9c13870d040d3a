// What clients of gRPC are told when a call fails here: a status in the place of an error page.
import MartletEventLoop
import MartletGRPC
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Writes the answer for a call that has failed into `writer`: a head alone, with the status in it ("Trailers-Only").
    mutating func composeCallAnswer(_ exchange: UInt32, _ failure: FailureKind) {
        let status = failure.callStatus
        exchanges[exchange].call.status = status
        exchanges[exchange].status = 200
        composeCallMessage(exchange, status)
        writer.removeAll()
        writer.statusLine(200)
        if exchanges[exchange].flags.contains(.isWeb) {
            composeWebAnswerType(exchange)
        } else {
            writer.write("Content-Type: application/grpc\r\n")
        }
        Self.write(status, message: tail, into: &writer)
        tail.removeAll()
        writeIDToTail(exchange)
        Self.write(id: tail, into: &writer)
        tail.removeAll()
        if actions.responses[Int(exchanges[exchange].actions)].policy != 0 { composeCrossOrigin(exchange) }
        let isStream = clients[exchanges[exchange].client].flags.contains(.isStream)
        if isStream { exchanges[exchange].flags.insert(.endsWithHead) }
        endOwnHead(exchange, contentLength: isStream ? nil : 0)
    }

    /// Ends a call that fails in the middle of its response with a status behind the messages that have come. `false` when that
    /// cannot be: a message is not whole, the client would take it for one that is, or can be told nothing.
    mutating func endCall(_ exchange: UInt32, _ failure: FailureKind, on loop: inout EventLoop) -> Bool {
        let client = exchanges[exchange].client
        let isOpen = exchanges[exchange].call.isAnswered && exchanges[exchange].call.boundary.isOpen
        if !isOpen || exchanges[exchange].responseFraming != .chunked
            || exchanges[exchange].flags.contains(.responseComplete)
            || clients[client].flags.contains(.isStream) && !hasPlace(client)
        {
            return false
        }
        let status = failure.callStatus
        composeCallMessage(exchange, status)
        writer.removeAll()
        writer.write("0\r\n")
        Self.write(status, message: tail, into: &writer)
        writer.endOfHead()
        guard let end = callEnd(exchange, pool: loop.pool) else { return false }
        exchanges[exchange].call.status = status
        exchanges[exchange].flags.insert(.responseComplete)
        sendToClient(end, exchange, on: &loop)
        endResponse(exchange, on: &loop)
        return true
    }

    private static func write(
        _ status: GRPCStatus, message: borrowing HeadWriter, into head: inout HeadWriter
    ) {
        head.status(status, message: message.bytes)
    }

    /// What is in `writer` as the end of a response; `nil` when memory is used up.
    private mutating func callEnd(_ exchange: UInt32, pool: borrowing BufferPool) -> Buffer? {
        if !exchanges[exchange].flags.contains(.isWebAnswered) { return pool.copy(writer.bytes) }
        tail.removeAll()
        Self.copy(writer, into: &tail)
        return webEnd(exchange, pool: pool)
    }

    private static func copy(_ text: borrowing HeadWriter, into copy: inout HeadWriter) { copy.write(text.bytes) }

    private static func write(id: borrowing HeadWriter, into head: inout HeadWriter) {
        head.field("X-Request-ID", id.bytes)
    }

    /// Writes words for people into `tail`.
    private mutating func composeCallMessage(_ exchange: UInt32, _ status: GRPCStatus) {
        tail.removeAll()
        tail.write(CallText.explanation(of: status))
        tail.write(" Request id: ")
        writeIDToTail(exchange)
    }
}

extension FailureKind {
    /// How a call ends that fails so.
    package var callStatus: GRPCStatus {
        switch self {
        // No connection was made, so that nothing was asked: the next try may find another server.
        case .connectTimeout: .unavailable
        // Whatever others get: calls may be tried again later.
        case .maintenance: .unavailable
        case .requestTruncated, .clientGone, .clientLeft, .responseReadTooSlowly: .cancelled
        default: GRPCStatus(httpStatus: status)
        }
    }
}

/// Words of calls that failed.
enum CallText {
    /// What a caller is told. Nothing of the inside.
    static func explanation(of status: GRPCStatus) -> StaticString {
        switch status {
        case .cancelled: "The call was called off."
        case .deadlineExceeded: "The call was not answered in time."
        case .resourceExhausted: "The call is too large."
        case .unimplemented: "There is no such service here."
        case .internal: "The call could not be understood."
        case .unavailable: "The service is not available right now. Please try again in a moment."
        case .unauthenticated: "The caller is not known."
        case .permissionDenied: "The caller may not do this."
        case .ok, .unknown, .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .aborted, .outOfRange,
            .dataLoss:
            "The call could not be served."
        }
    }
}
