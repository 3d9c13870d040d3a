// A client of HTTP/2 that sends any frames, the wrong ones as well, and says what comes back. It can be a server, too.
import MartletTestSupport

/// Where a server of HTTP/2 listens, and how it is reached.
struct FrameServer: Sendable, CustomStringConvertible {
    let port: UInt16
    /// With ALPN "h2", or in clear with prior knowledge (RFC 9113 sections 3.2 and 3.3).
    let isSecure: Bool

    var description: String { "\(scheme)://\(authority)" }
    var scheme: String { isSecure ? "https" : "http" }
    var authority: String { "127.0.0.1:\(port)" }

    /// The pseudo-fields of a request, and more fields.
    func request(_ method: String = "GET", _ path: String = "/", _ more: [HTTPField] = []) -> [HTTPField] {
        [
            HTTPField(":method", method), HTTPField(":scheme", scheme), HTTPField(":path", path),
            HTTPField(":authority", authority),
        ] + more
    }

    /// The same as a header block.
    func block(_ method: String = "GET", _ path: String = "/", _ more: [HTTPField] = []) -> [UInt8] {
        HPACKWriter.block(request(method, path, more))
    }
}

/// A connection. It belongs to one thread.
final class FrameClient {
    /// What comes from the server.
    enum Event: Equatable {
        /// HEADERS come as one frame with their whole block, decoded.
        case frame(WireFrame)
        /// Nothing, within the time that there was.
        case nothing
        /// The end of the connection.
        case gone
    }

    /// What a client of HTTP/2 begins with (RFC 9113 section 3.4).
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    /// How long an answer may take before a test fails.
    static let patience = Duration.seconds(8)

    let server: FrameServer
    let socket: TestSocket
    /// What speaks TLS for us.
    private let process: ChildProcess?
    private var input: [UInt8] = []
    private var position = 0
    /// HEADERS whose block goes on.
    private var open: WireFrame?
    /// What the server has said, in words, for failures.
    private var log: [String] = []

    /// What the server has set.
    private(set) var settings: [UInt16: UInt32] = [:]
    /// By how much the server has opened the windows of streams, and of the connection at 0.
    private(set) var increments: [UInt32: Int] = [:]
    /// The server's words for the end.
    private(set) var goAways: [WireFrame] = []
    /// What the server wanted to have echoed.
    private(set) var pings: [WireFrame] = []
    /// How many of our SETTINGS the server has acknowledged.
    private(set) var acknowledgements = 0
    /// How fields of responses are decoded.
    var hpack = HPACKReader()
    /// Whether SETTINGS and PING are answered as they come.
    var answers = true
    /// Whether what DATA has taken of the windows is given back as it comes.
    var opensWindows = false
    /// Whether the server has ended the connection.
    private(set) var isGone = false
    /// What has come of responses so far.
    var exchanges: [UInt32: FrameResponse] = [:]

    /// Connects, and says nothing.
    /// - Parameters:
    ///   - receiveBuffer: what SO_RCVBUF is set to; in clear only.
    ///   - protocols: what is offered in ALPN.
    init(_ server: FrameServer, receiveBuffer: Int32? = nil, protocols: String = "h2") throws {
        self.server = server
        if server.isSecure {
            let secure = try TestSocket.secure(to: server.port, ["-alpn", protocols])
            socket = secure.socket
            process = secure.process
        } else {
            socket = try TestSocket(port: server.port, receiveBuffer: receiveBuffer)
            process = nil
        }
    }

    /// The other end: a server of HTTP/2 on a socket that has been accepted. The client's preface is read, and nothing is said.
    init(accepted socket: TestSocket) throws {
        server = FrameServer(port: socket.port, isSecure: false)
        self.socket = socket
        process = nil
        guard try socket.receive(exactly: Self.preface.count) == Self.preface else {
            throw TestFailure("a connection that does not begin with the preface")
        }
    }

    /// Connects, exchanges SETTINGS with the server, and waits until both are acknowledged.
    static func ready(_ server: FrameServer, _ settings: [(UInt16, UInt32)] = []) throws -> FrameClient {
        let client = try FrameClient(server)
        try client.start(settings)
        return client
    }

    /// Says the preface with SETTINGS, and waits for the server's and for the acknowledgement.
    func start(_ values: [(UInt16, UInt32)] = []) throws {
        if let size = values.first(where: { $0.0 == Setting.tableSize })?.1 { hpack.bound = Int(size) }
        send(Self.preface + WireFrame.settings(values).bytes)
        var isSet = false
        while !isSet || acknowledgements == 0 {
            guard case .frame(let frame) = try next() else { throw failure("SETTINGS and an acknowledgement") }
            if frame.kind == .settings && !frame.flags.contains(.acknowledged) { isSet = true }
        }
    }

    /// Breaks the connection off.
    func close() {
        process?.signal(9)
        socket.close()
    }

    // MARK: Sending

    /// Sends frames together. What cannot be sent any more is lost: the connection's end is seen by what is read.
    func send(_ frames: WireFrame...) { send(frames) }
    /// Sends frames together.
    func send(_ frames: [WireFrame]) { send(frames.flatMap(\.bytes)) }
    /// Sends bytes.
    func send(_ bytes: [UInt8]) { try? socket.send(bytes) }

    /// How much a frame to the server may hold.
    var maxFrame: Int { Int(settings[Setting.maxFrame] ?? 16_384) }

    // MARK: Receiving

    /// Takes in what has come so far.
    func takeIn() throws {
        while case .frame = try next(within: .zero) {}
    }

    /// Takes in what comes until something is so.
    func takeIn(until what: String, _ isSo: () -> Bool) throws {
        while !isSo() {
            guard case .frame = try next() else { throw failure(what) }
        }
    }

    /// What comes next.
    func next(within time: Duration = patience) throws -> Event {
        let deadline = ContinuousClock.now + time
        while true {
            if let frame = takeFrame() {
                guard let whole = try joined(frame) else { continue }
                note(whole)
                return .frame(whole)
            }
            if isGone { return .gone }
            switch try socket.arrival(within: max(.zero, deadline - .now)) {
            case .bytes(let bytes): input += bytes
            case .nothing: return .nothing
            case .gone: isGone = true
            }
        }
    }

    /// A failure with what was expected, and what has come instead.
    func failure(_ expected: String) -> TestFailure {
        let seen = log.isEmpty ? "nothing has come" : "has come: " + log.suffix(12).joined(separator: "; ")
        return TestFailure("expected \(expected); \(seen)\(isGone ? "; the end of the connection" : "")")
    }

    private func takeFrame() -> WireFrame? {
        let head = input.dropFirst(position).prefix(9).map { Int($0) }
        if head.count < 9 { return nil }
        let count = head[0] << 16 | head[1] << 8 | head[2]
        if input.count < position + 9 + count { return nil }
        let start = position + 9
        position = start + count
        let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let frame = WireFrame(
            type: UInt8(head[3]), flags: FrameFlags(rawValue: UInt8(head[4])), stream: stream,
            payload: Array(input[start..<position]))
        if position > 1 << 18 || position == input.count {
            input.removeFirst(position)
            position = 0
        }
        return frame
    }

    /// HEADERS with their CONTINUATION frames and fields; `nil` while the block goes on.
    private func joined(_ frame: WireFrame) throws -> WireFrame? {
        var frame = frame
        if let open, frame.kind != .continuation { throw failure("CONTINUATION behind \(open.summary)") }
        if frame.kind == .continuation {
            guard var whole = open, whole.stream == frame.stream else { throw failure("no CONTINUATION") }
            whole.payload += frame.payload
            whole.flags.formUnion(frame.flags)
            frame = whole
            open = nil
        }
        guard frame.kind == .headers else { return frame }
        if !frame.flags.contains(.endHeaders) {
            open = frame
            return nil
        }
        frame.fields = try hpack.decode(frame.payload)
        return frame
    }

    /// Does what every client does with a frame.
    private func note(_ frame: WireFrame) {
        if log.count > 64 { log.removeFirst(32) }
        log.append(frame.summary)
        exchanges[frame.stream, default: FrameResponse()].take(frame)
        switch frame.kind {
        case .settings where frame.flags.contains(.acknowledged): acknowledgements += 1
        case .settings:
            for offset in stride(from: 0, to: frame.payload.count - 5, by: 6) {
                let name = UInt16(frame.payload[offset]) << 8 | UInt16(frame.payload[offset + 1])
                settings[name] = frame.number(at: offset + 2)
            }
            if answers { send(WireFrame(.settings, .acknowledged)) }
        case .goAway: goAways.append(frame)
        case .windowUpdate: increments[frame.stream, default: 0] += Int(frame.number(at: 0))
        case .ping where !frame.flags.contains(.acknowledged):
            pings.append(frame)
            if answers { send(WireFrame(.ping, .acknowledged, 0, frame.payload)) }
        case .data where opensWindows && !frame.payload.isEmpty:
            let count = UInt32(frame.payload.count)
            send([.windowUpdate(0, count)] + (frame.endsStream ? [] : [.windowUpdate(frame.stream, count)]))
        default: break
        }
    }
}
