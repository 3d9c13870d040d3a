// What the servers of the soak test do: an answer that can be told from all others, in many ways.
import MartletTestSupport

/// How a server answers. The target of a request is “/KIND/ID”.
enum SoakKind: String, CaseIterable {
    /// With a length, in chunks, or until the end of the connection.
    case length, chunked, untilEnd
    /// And says that it closes the connection.
    case closing
    /// With an interim response first.
    case hinted
    /// Before it has read the request's content.
    case early
    /// Not at all, or with half a response.
    case silent, broken

    /// Whether the client gets the whole answer.
    var answers: Bool { self != .silent && self != .broken }
}

enum SoakServer {
    static func start() throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            while let head = try socket.readRequestHead() {
                if try !answer(head, on: socket) { return }
            }
        }
    }

    /// The content of the answer to a request: long enough now and then to fill the kernel's buffers.
    static func content(id: String, method: String, request: Int) -> String {
        let copies = id.hasSuffix("7") ? 10_000 : 1
        return String(repeating: "\(id) \(method) \(request);", count: copies)
    }

    /// Answers one request; whether the connection can serve another.
    private static func answer(_ head: HTTPRequest, on socket: TestSocket) throws -> Bool {
        let parts = head.target.split(separator: "/").map(String.init)
        guard parts.count == 2, let kind = SoakKind(rawValue: parts[0]) else {
            throw TestFailure("no target of ours: \(head.target)")
        }
        if kind == .silent { return false }
        let request = Int(head["X-Length"] ?? "") ?? 0
        if head["Expect"] != nil { try socket.send("HTTP/1.1 100 Continue\r\n\r\n") }
        if kind != .early {
            try readContent(head) {
                try socket.receive(exactly: $0)
            } chunks: {
                try socket.receiveChunks($0)
            }
        }
        try send(kind, parts[1], content(id: parts[1], method: head.method, request: request), head.method, on: socket)
        if kind == .early {
            try readContent(head) {
                try socket.receive(exactly: $0)
            } chunks: {
                try socket.receiveChunks($0)
            }
        }
        return kind != .closing && kind != .untilEnd && kind != .broken
    }

    private static func readContent(
        _ head: HTTPRequest, exactly: (Int) throws -> [UInt8], chunks: (([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let expected = Int(head["X-Length"] ?? "") ?? 0
        var count = 0
        if head["Transfer-Encoding"] != nil {
            try chunks { count += $0.count }
        } else if let length = head["Content-Length"].flatMap({ Int($0) }) {
            count = try exactly(length).count
        }
        if count != expected { throw TestFailure("\(count) bytes of content, not \(expected)") }
    }

    private static func send(
        _ kind: SoakKind, _ id: String, _ content: String, _ method: String, on socket: TestSocket
    ) throws {
        let text = method == "HEAD" ? "" : content
        // Without content there is nothing that its end could be told from, so that the close has to be announced: the
        // proxy would lose a POST on a connection that is closed without a word, and rightly not send it again.
        let announcement = method == "HEAD" && (kind == .untilEnd || kind == .broken) ? "Connection: close\r\n" : ""
        let start = "HTTP/1.1 200 OK\r\nX-Echo: \(id)\r\n" + announcement
        let length = "Content-Length: \(content.utf8.count)\r\n"
        switch kind {
        case .length, .early: try socket.send(start + length + "\r\n" + text)
        case .closing: try socket.send(start + length + "Connection: close\r\n\r\n" + text)
        case .hinted:
            try socket.send("HTTP/1.1 103 Early Hints\r\nX-Echo: \(id)\r\n\r\n" + start + length + "\r\n" + text)
        case .untilEnd: try socket.send(start + "\r\n" + text)
        case .chunked:
            try socket.send(start + "Transfer-Encoding: chunked\r\n\r\n" + (method == "HEAD" ? "" : chunks(text)))
        case .broken: try socket.send(start + "Content-Length: \(content.utf8.count + 1)\r\n\r\n" + text)
        case .silent: return
        }
    }

    private static func chunks(_ text: String) -> String {
        let half = text.utf8.count / 2
        let (first, second) = (text.prefix(half), text.dropFirst(half))
        let parts = [first, second].filter { !$0.isEmpty }
        return parts.map { String($0.utf8.count, radix: 16) + "\r\n" + $0 + "\r\n" }.joined() + "0\r\n\r\n"
    }
}
