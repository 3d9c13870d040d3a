// Reads HTTP/1 messages from a socket, strictly: what a proxy must not send is a failure.
import Synchronization

extension TestSocket {
    /// Reads one response, an interim one (1xx) as well.
    /// - Parameter method: of the request; the response to a HEAD has no content.
    package func readResponse(to method: String = "GET") throws(TestFailure) -> HTTPResponse {
        let (line, fields) = try readHead()
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0].hasPrefix("HTTP/1."), parts[1].count == 3, let status = Int(parts[1]) else {
            throw TestFailure("not a status line: “\(line)”")
        }
        let isEmpty = method == "HEAD" || status < 200 || status == 204 || status == 304
        let body = isEmpty ? Body() : try readBody(fields, untilEnd: true)
        return HTTPResponse(
            version: parts[0], status: status, reason: parts[2], fields: fields, content: body.content,
            trailers: body.trailers)
    }

    /// Reads one request; `nil` when the client has ended the connection instead.
    package func readRequest() throws(TestFailure) -> HTTPRequest? {
        guard let head = try readRequestHead() else { return nil }
        let body = try readBody(head.fields, untilEnd: false)
        return HTTPRequest(
            method: head.method, target: head.target, version: head.version, fields: head.fields,
            content: body.content, trailers: body.trailers)
    }

    /// Reads the head of a request and leaves its content, for a server that answers early or reads slowly.
    package func readRequestHead() throws(TestFailure) -> HTTPRequest? {
        while unread.withLock({ $0.isEmpty }) {
            if try !receiveMore() { return nil }
        }
        let (line, fields) = try readHead()
        let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if parts.count != 3 || !parts[2].hasPrefix("HTTP/1.") { throw TestFailure("not a request line: “\(line)”") }
        return HTTPRequest(
            method: parts[0], target: parts[1], version: parts[2], fields: fields, content: [], trailers: [])
    }

    /// Reads the content of a request whose head has been read.
    package func readContent(of head: HTTPRequest) throws(TestFailure) -> [UInt8] {
        try readBody(head.fields, untilEnd: false).content
    }

    private func readHead() throws(TestFailure) -> (line: String, fields: [HTTPField]) {
        let line = try readLine()
        return (line, try readFields())
    }

    private func readLine() throws(TestFailure) -> String {
        let line = String(try receive(until: "\r\n").unicodeScalars.dropLast(2))
        if line.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" || $0 == "\0" }) {
            throw TestFailure("a bare CR, LF or NUL in “\(line)”")
        }
        return line
    }

    private func readFields() throws(TestFailure) -> [HTTPField] {
        var fields: [HTTPField] = []
        while true {
            let line = try readLine()
            if line.isEmpty { return fields }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count != 2 || parts[0].isEmpty || parts[0].contains(where: { $0 == " " || $0 == "\t" }) {
                throw TestFailure("not a field line: “\(line)”")
            }
            fields.append(HTTPField(String(parts[0]), trim(parts[1])))
        }
    }

    private func trim(_ text: Substring) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let front = text.drop(while: isSpace)
        return String(front.reversed().drop(while: isSpace).reversed())
    }

    private struct Body {
        var content: [UInt8] = []
        var trailers: [HTTPField] = []
    }

    private func readBody(_ fields: [HTTPField], untilEnd: Bool) throws(TestFailure) -> Body {
        let codings = fields.filter { $0.name.lowercased() == "transfer-encoding" }.map(\.value)
        let lengths = fields.filter { $0.name.lowercased() == "content-length" }.map(\.value)
        if codings.count + lengths.count > 1 { throw TestFailure("more than one framing: \(codings) \(lengths)") }
        if let coding = codings.first {
            if coding.lowercased() != "chunked" { throw TestFailure("transfer coding “\(coding)”") }
            return try readChunks()
        }
        if let length = lengths.first {
            guard let count = Int(length), count >= 0 else { throw TestFailure("Content-Length “\(length)”") }
            return Body(content: try receive(exactly: count))
        }
        return untilEnd ? Body(content: try receiveUntilEnd()) : Body()
    }

    private func readChunks() throws(TestFailure) -> Body {
        var body = Body()
        while true {
            let line = try readLine()
            let size = line.prefix { $0 != ";" }
            guard let count = Int(size, radix: 16), count >= 0, size.first != "+" else {
                throw TestFailure("not a chunk size: “\(line)”")
            }
            if count == 0 { break }
            body.content += try receive(exactly: count)
            if try readLine() != "" { throw TestFailure("a chunk is longer than its size") }
        }
        body.trailers = try readFields()
        return body
    }
}
