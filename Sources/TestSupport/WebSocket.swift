// One end of a WebSocket (RFC 6455), as strict as its peer must be.
import Foundation

/// A WebSocket over a socket that has gone through the handshake.
package final class WebSocket: Sendable {
    /// What it runs over.
    package let socket: TestSocket
    /// With which this end masks what it sends; nil for the server.
    private let key: [UInt8]?

    private init(_ socket: TestSocket, key: [UInt8]?) {
        self.socket = socket
        self.key = key
    }

    // MARK: The handshake (section 4)

    /// The example's key, and what a server makes of it (section 1.3).
    private static let nonce = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    /// What a server makes of any key.
    package static func accept(of key: String) -> String {
        Data(SHA1.digest(of: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))).base64EncodedString()
    }

    /// The head of a client's request.
    package static func request(_ target: String, _ fields: [String] = []) -> String {
        let lines =
            [
                "GET \(target) HTTP/1.1", "Host: test", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: \(nonce)", "Sec-WebSocket-Version: 13",
            ] + fields
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// The head of a server's response to a request.
    package static func response(to request: HTTPRequest, _ fields: [String] = []) -> String {
        response(accept(of: request["Sec-WebSocket-Key"] ?? ""), fields)
    }

    /// The head of a server's response to the example's key.
    package static func response(_ fields: [String] = []) -> String { response(accept, fields) }

    private static func response(_ accept: String, _ fields: [String]) -> String {
        let lines =
            [
                "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Accept: \(accept)",
            ] + fields
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Opens one as a client.
    /// - Throws: when the server does not switch, or not as it should.
    package static func open(_ socket: TestSocket, _ target: String, _ fields: [String] = []) throws(TestFailure)
        -> WebSocket
    {
        try socket.send(request(target, fields))
        return try finishOpening(socket)
    }

    /// The same for a client that has sent its request already.
    package static func finishOpening(_ socket: TestSocket) throws(TestFailure) -> WebSocket {
        let response = try socket.readResponse()
        let upgrade = response.values("Upgrade").map { $0.lowercased() }
        let options = response.values("Connection").map { $0.lowercased() }
        guard response.status == 101, upgrade == ["websocket"], options == ["upgrade"],
            response.values("Sec-WebSocket-Accept") == [accept], response["Content-Length"] == nil,
            response["Transfer-Encoding"] == nil
        else { throw TestFailure("not the response to a handshake: \(response.status) \(response.fields)") }
        return WebSocket(socket, key: [0x37, 0xFA, 0x21, 0x3D])
    }

    /// Accepts one as a server; nil when the client has ended the connection instead.
    /// - Throws: when the request is not one of a client that wants one.
    package static func accept(_ socket: TestSocket, _ fields: [String] = []) throws(TestFailure) -> WebSocket? {
        guard let request = try socket.readRequest() else { return nil }
        return try accept(request, on: socket, fields)
    }

    /// The same for a request that has been read.
    package static func accept(
        _ request: HTTPRequest, on socket: TestSocket, _ fields: [String] = []
    ) throws(TestFailure) -> WebSocket {
        let options = request.values("Connection").flatMap { $0.lowercased().split(separator: ", ") }
        guard request.method == "GET", request.version == "HTTP/1.1", request.values("Upgrade") == ["websocket"],
            options.contains("upgrade"), request.values("Sec-WebSocket-Key").map(\.count) == [24],
            request.values("Sec-WebSocket-Version") == ["13"]
        else { throw TestFailure("not a handshake: \(request.method) \(request.fields)") }
        try socket.send(response(to: request, fields))
        return WebSocket(socket, key: nil)
    }

    // MARK: Frames

    package func send(_ frame: WebSocketFrame) throws(TestFailure) { try socket.send(frame.bytes(maskedBy: key)) }

    /// The next frame.
    /// - Throws: when there is none, or it breaks the rules.
    package func receive() throws(TestFailure) -> WebSocketFrame {
        let head = try socket.receive(exactly: 2)
        guard head[0] & 0x70 == 0, let opcode = WebSocketFrame.Opcode(rawValue: head[0] & 0x0F) else {
            throw TestFailure("not a frame: \(head)")
        }
        // Clients mask, servers do not (section 5.1).
        if (head[1] & 0x80 != 0) != (key == nil) { throw TestFailure("a frame of the wrong side: \(head)") }
        var length = Int(head[1] & 0x7F)
        if length > 125 {
            length = try socket.receive(exactly: length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        let mask = try key == nil ? socket.receive(exactly: 4) : []
        let payload = try socket.receive(exactly: length)
        return WebSocketFrame(
            opcode, mask.isEmpty ? payload : WebSocketFrame.masked(payload, by: mask), isFinal: head[0] & 0x80 != 0)
    }

    /// The next message as text, of however many frames; control frames within it are left out.
    package func receiveText() throws(TestFailure) -> String {
        var payload: [UInt8] = []
        while true {
            let frame = try receive()
            if frame.opcode == .close { throw TestFailure("closed instead of a message: \(frame.payload)") }
            if frame.opcode == .ping || frame.opcode == .pong { continue }
            payload += frame.payload
            if frame.isFinal { return String(decoding: payload, as: UTF8.self) }
        }
    }

    /// Sends back what comes, frame by frame, answers pings, and ends when the client closes.
    package func echo() throws(TestFailure) {
        while true {
            var frame = try receive()
            if frame.opcode == .ping { frame.opcode = .pong }
            try send(frame)
            if frame.opcode == .close { return }
        }
    }
}
