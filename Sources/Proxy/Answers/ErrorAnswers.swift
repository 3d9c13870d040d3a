// Error pages: honest, short, and without a word of what stands behind.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Ends an exchange that failed: with an error page if the client has not got a head yet, else by breaking the
    /// connection, so that the client does not take half a response for a whole one. A call ends with a status instead.
    mutating func fail(_ exchange: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        if exchanges[exchange].flags.contains(.isTunnel) { return failTunnel(exchange, failure, on: &loop) }
        if exchanges[exchange].flags.contains(.isMirror) { return failMirror(exchange, failure, on: &loop) }
        exchanges[exchange].failure = failure
        forgetRequest(exchange)
        leaveGate(exchange)
        exchanges[exchange].flags.remove(.suspended)
        dropServer(of: exchange, on: &loop)
        closeCoder(exchange)
        let isCall = exchanges[exchange].flags.contains(.isCall)
        if exchanges[exchange].flags.contains(.responseHeadSent) {
            if isCall && endCall(exchange, failure, on: &loop) { return }
            let client = exchanges[exchange].client
            closeExchange(exchange, on: &loop)
            return abortClient(client, on: &loop)
        }
        let client = exchanges[exchange].client
        if failure.spoilsConnection || !exchanges[exchange].flags.contains(.requestComplete) {
            clients[client].flags.insert(.closesAfter)
        }
        // The answer may have to wait for a client that does not read, which must not last for ever.
        scheduleCheck(client, on: &loop)
        metrics.add(Counter.error(failure.status))
        exchanges[exchange].status = UInt16(failure.status)
        if isCall {
            composeCallAnswer(exchange, failure)
        } else if sendOtherPage(failure, exchange, on: &loop) {
            return
        } else {
            composeErrorPage(exchange, failure.status)
            composeErrorHead(exchange, failure)
            if writer.overflowed {
                // The page is worth more than what the route puts in.
                dropRouteFields(exchange)
                composeErrorHead(exchange, failure)
            }
        }
        sendOwnAnswer(exchange, on: &loop)
    }

    /// Sends a page that is made elsewhere; `false` if there is none.
    private mutating func sendOtherPage(
        _ failure: FailureKind, _ exchange: UInt32, on loop: inout EventLoop
    ) -> Bool {
        if case .maintenance(let place, _) = failure { return sendMaintenancePage(Int(place), exchange, on: &loop) }
        return failure == .challenged && sendChallengePage(exchange, on: &loop)
    }

    /// The page goes into `tail`.
    mutating func composeErrorPage(_ exchange: UInt32, _ status: Int) {
        tail.removeAll()
        let isChallenged = exchanges[exchange].failure == .challenged
        let text = isChallenged ? ErrorText.challenge : ErrorText.explanation(of: status)
        switch exchanges[exchange].errorFormat {
        case .text:
            writeStatus(status)
            tail.write("\n")
            tail.write(text)
            tail.write("\nRequest id: ")
            writeIDToTail(exchange)
            tail.write("\n")
        case .json:
            tail.write("{\"status\":")
            tail.write(decimal: UInt64(status))
            tail.write(",\"title\":\"")
            tail.write(StatusText.reason(for: status))
            tail.write("\",\"detail\":\"")
            tail.write(text)
            tail.write("\",\"request_id\":\"")
            writeIDToTail(exchange)
            tail.write("\"}\n")
        case .problem: composeProblem(status, text)
        case .html: composeErrorHTML(exchange, status, text)
        }
    }

    private mutating func composeProblem(_ status: Int, _ text: StaticString) {
        tail.write("{\"type\":\"about:blank\",\"title\":\"")
        tail.write(StatusText.reason(for: status))
        tail.write("\",\"status\":")
        tail.write(decimal: UInt64(status))
        tail.write(",\"detail\":\"")
        tail.write(text)
        tail.write("\"}\n")
    }

    private mutating func composeErrorHTML(_ exchange: UInt32, _ status: Int, _ text: StaticString) {
        tail.write("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>")
        writeStatus(status)
        tail.write("</title>\n<style>")
        tail.write(ErrorText.style)
        tail.write("</style></head>\n<body><h1>")
        writeStatus(status)
        tail.write("</h1>\n<p>")
        tail.write(text)
        tail.write("</p>\n<p><small>Request id: ")
        writeIDToTail(exchange)
        tail.write("</small></p></body>\n</html>\n")
    }

    private mutating func writeStatus(_ status: Int) {
        tail.write(decimal: UInt64(status))
        tail.write(byte: 0x20)
        tail.write(StatusText.reason(for: status))
    }

    /// The id as it may stand in a page: one from a trusted client is shown only as far as it is plain text.
    mutating func writeIDToTail(_ exchange: UInt32) {
        if let note = exchanges[exchange].note.take() {
            tail.writePlain(note, count: Int(exchanges[exchange].idLength))
            exchanges[exchange].note = consume note
        }
        if exchanges[exchange].flags.contains(.keepsID) { return }
        tail.write(hex: exchanges[exchange].id.0)
        tail.write(hex: exchanges[exchange].id.1)
    }

    private mutating func composeErrorHead(_ exchange: UInt32, _ failure: FailureKind) {
        writer.removeAll()
        beginErrorHead(exchange, failure.status)
        if failure == .methodNotAllowed {
            writer.write("Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH\r\n")
        }
        if failure == .unauthenticated || failure == .notEntitled { composeChallenge(exchange) }
        if failure == .file(.method) { writer.write("Allow: GET, HEAD\r\n") }
        if failure == .file(.range), let size = exchanges[exchange].file?.found?.file.size {
            writer.write("Content-Range: bytes */")
            writer.write(decimal: UInt64(size))
            writer.write("\r\n")
        }
        if case .maintenance(let place, _) = failure {
            composeRetryAfter(Int(place))
        } else if failure.status == 503 {
            writer.write("Retry-After: 1\r\n")
        }
        composeAddedFields(exchange, isPage: true)
        endOwnHead(exchange, contentLength: tail.count)
    }

    private mutating func composeChallenge(_ exchange: UInt32) {
        // One who has proved who it is, to no avail, is told what its token lacks, and not to do the same by other ways.
        let isKnown = exchanges[exchange].failure == .notEntitled
        for challenge in admissions[Int(exchanges[exchange].admission)].challenges
        where challenge.isForTokens || !isKnown {
            writer.write("WWW-Authenticate: ")
            writer.write(challenge.text.utf8.span)
            if challenge.isForTokens { writer.write(exchanges[exchange].admissionFault.parameters) }
            writer.write("\r\n")
        }
    }

    /// What heads of all error pages begin with.
    mutating func beginErrorHead(_ exchange: UInt32, _ status: Int) {
        writer.statusLine(status)
        switch exchanges[exchange].errorFormat {
        case .text: writer.write("Content-Type: text/plain; charset=utf-8\r\n")
        case .json: writer.write("Content-Type: application/json\r\n")
        case .html: writer.write("Content-Type: text/html; charset=utf-8\r\n")
        case .problem: writer.write("Content-Type: application/problem+json\r\n")
        }
        writer.write("Cache-Control: no-store\r\n")
    }

    /// Date, length and connection, common to all answers of our own.
    /// - Parameter contentLength: `nil` for one without content: of a status that has none, or that ends with its head, as its
    ///   stream does.
    mutating func endOwnHead(_ exchange: UInt32, contentLength: Int?) {
        composeDate()
        composeStrictTransport(exchange)
        if let contentLength { writer.contentLength(UInt64(contentLength)) }
        composeConnection(exchange)
        writer.endOfHead()
    }

    /// Sends the head in `writer` and the content in `tail`.
    mutating func sendOwnAnswer(_ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].flags.insert([.responseHeadSent, .responseComplete])
        guard var buffer = loop.pool.copy(writer.bytes) ?? reserve.take() else {
            metrics.add(.unanswered)
            let client = exchanges[exchange].client
            closeExchange(exchange, on: &loop)
            return abortClient(client, on: &loop)
        }
        if buffer.isEmpty { _ = buffer.append(writer.bytes) }
        if exchanges[exchange].method != .head { _ = buffer.append(tail.bytes) }
        sendToClient(buffer, exchange, on: &loop)
        if reserve == nil { reserve = loop.pool.takeSmall() }
        endResponse(exchange, on: &loop)
    }
}

/// Words of error pages.
enum ErrorText {
    /// How pages look.
    static var style: StaticString {
        "body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:34em;padding:0 1em}small{color:#777}"
    }

    /// What pages may do: nothing but look so. The digest is that of `style`; a test compares them.
    static var contentPolicy: StaticString {
        """
        Content-Security-Policy: default-src 'none'; style-src \
        'sha256-Xx89nvD11LzZiM/wGVQ3D5W3skTTwjpJYT93WnLtn9U='; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'\r\n
        """
    }

    /// What a program is told that is not let in because it is none.
    static var challenge: StaticString {
        "This is for browsers: ask for it as a page first, with Accept: text/html, and do what its script does."
    }

    /// What a visitor is told. Nothing of the inside.
    static func explanation(of status: Int) -> StaticString {
        switch status {
        case 400: "The request could not be understood."
        case 401: "Who asks for this has to prove who it is."
        case 403: "Access to this is not allowed."
        case 404: "There is nothing at this address."
        case 405: "This method is not allowed here."
        case 408: "The request took too long to arrive."
        case 412: "This is not as the request wants it to be."
        case 413: "The request's content is too large."
        case 414: "The request's address is too long."
        case 416: "There is no such part of this."
        case 417: "The request's expectation cannot be met."
        case 431: "The request's header fields are too large."
        case 500: "Something went wrong here. Please try again in a moment."
        case 501: "This is not supported here."
        case 502: "The service behind this address did not answer properly. Please try again."
        case 503: "The service is not available right now. Please try again in a moment."
        case 504: "The service behind this address did not answer in time. Please try again."
        case 505: "This version of HTTP is not supported."
        default: "The request could not be served."
        }
    }

    /// Letters, digits and a few signs that mean nothing in HTML and JSON.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x3A, 0x2F, 0x3D, 0x2B: true
        default: false
        }
    }
}

extension HeadWriter {
    /// Writes the first `count` bytes of a buffer as far as they are plain text.
    fileprivate mutating func writePlain(_ buffer: borrowing Buffer, count: Int) {
        let bytes = buffer.bytes
        for index in 0..<count where ErrorText.isPlain(bytes[index]) { write(byte: bytes[index]) }
    }
}
