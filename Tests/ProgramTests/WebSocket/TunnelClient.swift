// A client's end of a WebSocket of which only the bytes matter, by HTTP/1.1 or on a stream of HTTP/2.
import MartletTestSupport

/// How the other end of a tunnel has gone.
enum TunnelEnd: Equatable { case end, reset }

/// A client that has gone through the handshake.
protocol TunnelClient {
    /// Sends all of the bytes.
    func send(_ bytes: [UInt8]) throws
    /// The next bytes that come.
    func receive(_ count: Int) throws -> [UInt8]
    /// Sends bytes, a piece at a time, and takes as many that come back meanwhile.
    func roundTrip(_ bytes: [UInt8], piece: Int) throws -> [UInt8]
    /// Whether nothing comes for a time.
    func isQuiet(for time: Duration) throws -> Bool
    /// Says that nothing more will come.
    func end()
    /// Breaks it off.
    func reset()
    /// All that still comes, and how it ends.
    func rest() throws -> (bytes: [UInt8], end: TunnelEnd)
}

/// By HTTP/1.1.
struct SocketTunnel: TunnelClient {
    let socket: TestSocket

    init(_ martlet: RunningMartlet, _ target: String, receiveBuffer: Int32? = nil) throws {
        socket = try TestSocket(port: try martlet.port(), receiveBuffer: receiveBuffer, limit: .seconds(30))
        _ = try WebSocket.open(socket, target)
    }

    func send(_ bytes: [UInt8]) throws { try socket.send(bytes) }
    func receive(_ count: Int) throws -> [UInt8] { try socket.receive(exactly: count) }

    func roundTrip(_ bytes: [UInt8], piece: Int) throws -> [UInt8] {
        let socket = socket
        let sending = TestThread {
            for start in stride(from: 0, to: bytes.count, by: piece) {
                try? socket.send(Array(bytes[start..<min(start + piece, bytes.count)]))
            }
        }
        let back = try socket.receive(exactly: bytes.count)
        if !sending.join() { throw TestFailure("not all was sent") }
        return back
    }

    func isQuiet(for time: Duration) -> Bool { socket.isQuiet(for: time) }
    func end() { socket.shutdownSend() }
    func reset() { socket.reset() }

    func rest() throws -> (bytes: [UInt8], end: TunnelEnd) {
        let rest = try socket.receiveUntilGone()
        return (rest.bytes, rest.ending == .end ? .end : .reset)
    }
}

/// On stream 1 of a connection of HTTP/2.
final class StreamTunnel: TunnelClient {
    let client: FrameClient
    private let sender: FrameSender
    private var taken = 0

    init(_ martlet: RunningMartlet, _ target: String, _ settings: [(UInt16, UInt32)] = []) throws {
        client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false), settings)
        client.opensWindows = true
        sender = FrameSender(client)
        client.send(.open(1, Self.handshake(client.server, target)))
        let status = try client.head(on: 1).status
        if status != 200 { throw TestFailure("not the answer to a handshake: \(status)") }
    }

    /// An extended CONNECT (RFC 8441 section 4).
    static func handshake(_ server: FrameServer, _ target: String, _ more: [HTTPField] = []) -> [UInt8] {
        let fields = [
            HTTPField(":method", "CONNECT"), HTTPField(":protocol", "websocket"), HTTPField(":scheme", server.scheme),
            HTTPField(":path", target), HTTPField(":authority", "test"), HTTPField("sec-websocket-version", "13"),
        ]
        return HPACKWriter.block(fields + more)
    }

    func send(_ bytes: [UInt8]) throws { try sender.send(bytes, on: 1) }

    func receive(_ count: Int) throws -> [UInt8] {
        try client.takeIn(until: "\(count) bytes") { client.count(on: 1) >= taken + count }
        defer { taken += count }
        return Array((client.exchanges[1]?.content ?? [])[taken..<taken + count])
    }

    func roundTrip(_ bytes: [UInt8], piece: Int) throws -> [UInt8] {
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try send(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        return try receive(bytes.count)
    }

    func isQuiet(for time: Duration) throws -> Bool { try client.next(within: time) == .nothing }
    func end() { client.send(.data(1, "", .endStream)) }
    func reset() { client.send(.reset(1)) }

    func rest() throws -> (bytes: [UInt8], end: TunnelEnd) {
        let response = try client.response(on: 1)
        if let code = response.resetCode, code != .cancel { throw TestFailure("reset with \(code)") }
        return (Array(response.content.dropFirst(taken)), response.resetCode == nil ? .end : .reset)
    }
}
