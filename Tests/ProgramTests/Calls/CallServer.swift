// A server of gRPC, in frames: it does what a test says, the wrong things as well, and keeps what comes.
import MartletTestSupport

/// What comes on a call's stream.
enum CallEvent: Equatable, Sendable {
    /// The head of the request.
    case begun
    /// A whole message.
    case message(String)
    /// The client has sent all.
    case ended
    /// The client has called it off.
    case reset(ErrorCode)
}

/// Answers calls on every connection, by HTTP/2 without TLS.
final class CallServer: Sendable {
    /// What to do when something comes. It runs on the connection's thread.
    typealias Behaviour = @Sendable (ServedCall, CallEvent) throws -> Void

    let server: ScriptedServer
    private let seen: Monitor<[ServedCall]>

    /// - Parameter settings: what clients are told at first.
    init(
        on reserved: ReservedPort? = nil, settings: [(UInt16, UInt32)] = [], _ behaviour: @escaping Behaviour
    ) throws {
        let seen = Monitor<[ServedCall]>([])
        self.seen = seen
        server = try ScriptedServer(on: reserved) { socket, _ in
            let connection = CallConnection(socket, behaviour) { call in seen.change { $0.append(call) } }
            try connection.serve(settings)
        }
    }

    /// As it is written in a config.
    var address: String { server.address }
    /// All calls so far.
    var calls: [ServedCall] { seen.value }

    /// Waits for the call that comes as the one with this number.
    func call(_ number: Int = 0) throws -> ServedCall {
        if let call = seen.wait(for: { $0.count > number ? $0[number] : nil }) { return call }
        throw TestFailure("\(calls.count) calls have come, not \(number + 1)")
    }

    /// Answers each call when it has ended with one message: all that it has said, joined.
    static func joining(on reserved: ReservedPort? = nil) throws -> CallServer {
        try CallServer(on: reserved) { call, event in
            if event == .ended { try call.answer(call.messages.joined(separator: "+")) }
        }
    }

    /// Answers each call at its beginning with a status alone.
    static func refusing(_ status: Int, _ more: [HTTPField] = []) throws -> CallServer {
        try CallServer { call, event in if event == .begun { try call.end(status, more) } }
    }
}

/// A call at a server. A test may answer it from its own thread.
final class ServedCall: Sendable {
    struct State: Sendable {
        var content: [UInt8] = []
        var trailers: [HTTPField] = []
        var isEnded = false
        var resetCode: ErrorCode?
        fileprivate var hasHead = false
        fileprivate var told = 0
    }

    let fields: [HTTPField]
    let stream: UInt32
    private let socket: TestSocket
    fileprivate let state = Monitor(State())

    fileprivate init(_ fields: [HTTPField], _ stream: UInt32, _ socket: TestSocket) {
        self.fields = fields
        self.stream = stream
        self.socket = socket
    }

    /// The value of the first field with this name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    var path: String { self[":path"] ?? "" }
    /// What has come so far.
    var received: State { state.value }
    /// The messages that have come whole.
    var messages: [String] { CallMessage.read(state.value.content).messages }

    /// Waits until something has come.
    func wait(for what: String, _ isSo: (State) -> Bool) throws {
        if state.wait(for: { isSo($0) ? true : nil }) == nil { throw TestFailure("\(what) has not come: \(received)") }
    }

    // MARK: Answering

    /// Sends the head of the response.
    func head(_ more: [HTTPField] = []) throws {
        state.change { $0.hasHead = true }
        let fields = [HTTPField(":status", "200"), HTTPField("content-type", "application/grpc")] + more
        try send(.open(stream, HPACKWriter.block(fields)))
    }

    /// Sends a message, behind a head if there was none. Windows are not looked at: all messages of a call together must fit
    /// the first 64 KiB.
    func message(_ text: String) throws {
        if !received.hasHead { try head() }
        var rest = CallMessage.bytes(text)[...]
        while !rest.isEmpty {
            try send(WireFrame(.data, [], stream, Array(rest.prefix(16_384))))
            rest = rest.dropFirst(16_384)
        }
    }

    /// Ends the call: in trailers, or in a head alone if there was none.
    func end(_ status: Int = 0, _ more: [HTTPField] = []) throws {
        let end = [HTTPField("grpc-status", "\(status)")] + more
        let head = [HTTPField(":status", "200"), HTTPField("content-type", "application/grpc")]
        try send(.headers(stream, HPACKWriter.block(received.hasHead ? end : head + end)))
    }

    /// Answers with one message, and ends.
    func answer(_ text: String) throws {
        try message(text)
        try end()
    }

    /// Sends any frames.
    func send(_ frames: WireFrame...) throws { try socket.send(frames.flatMap(\.bytes)) }

    /// Says that the connection ends, and ends it, with its script.
    func leave(behind frames: WireFrame...) throws -> Never {
        try socket.send((frames + [.goAway(last: stream, .noError)]).flatMap(\.bytes))
        socket.shutdownSend()
        // Closing over what has not been read would reset the connection.
        _ = try socket.receiveUntilGone()
        throw TestFailure("left on purpose")
    }

    /// Breaks the connection off, and ends its script: the descriptor may be somebody else's from now on.
    func breakOff() throws -> Never {
        socket.reset()
        throw TestFailure("broken off on purpose")
    }
}

/// Messages of gRPC on the wire.
enum CallMessage {
    /// A message with its prefix of five bytes.
    static func bytes(_ text: String) -> [UInt8] {
        [0] + WireFrame.number(UInt32(text.utf8.count)) + Array(text.utf8)
    }

    /// The whole messages in some content, and what is left of it.
    static func read(_ content: [UInt8]) -> (messages: [String], rest: Int) {
        var messages: [String] = []
        var rest = content[...]
        while rest.count >= 5 {
            let count = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            if rest.count < 5 + count { break }
            messages.append(String(decoding: rest.dropFirst(5).prefix(count), as: UTF8.self))
            rest = rest.dropFirst(5 + count)
        }
        return (messages, rest.count)
    }
}

/// A connection of a server; it belongs to its thread.
private final class CallConnection {
    private let socket: TestSocket
    private let behaviour: CallServer.Behaviour
    private let note: (ServedCall) -> Void
    private var hpack = HPACKReader()
    private var calls: [UInt32: ServedCall] = [:]
    private var input: [UInt8] = []

    init(_ socket: TestSocket, _ behaviour: @escaping CallServer.Behaviour, note: @escaping (ServedCall) -> Void) {
        self.socket = socket
        self.behaviour = behaviour
        self.note = note
    }

    /// Serves until the client has left.
    func serve(_ settings: [(UInt16, UInt32)]) throws {
        try socket.send(WireFrame.settings(settings).bytes)
        guard try read(FrameClient.preface.count) == FrameClient.preface else { return }
        while let frame = try nextFrame() { try take(frame) }
    }

    private func nextFrame() throws -> WireFrame? {
        guard let head = try read(9) else { return nil }
        let count = head[..<3].reduce(0) { $0 << 8 | Int($1) }
        guard let payload = try read(count) else { return nil }
        let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        return WireFrame(type: head[3], flags: FrameFlags(rawValue: head[4]), stream: stream, payload: payload)
    }

    /// So many bytes; `nil` when the client has left before.
    private func read(_ count: Int) throws -> [UInt8]? {
        while input.count < count {
            guard case .bytes(let bytes) = try socket.arrival(within: .seconds(60)) else { return nil }
            input += bytes
        }
        defer { input.removeFirst(count) }
        return Array(input[..<count])
    }

    private func take(_ frame: WireFrame) throws {
        switch frame.kind {
        case .settings where !frame.flags.contains(.acknowledged):
            try socket.send(WireFrame(.settings, .acknowledged).bytes)
        case .ping where !frame.flags.contains(.acknowledged):
            try socket.send(WireFrame(.ping, .acknowledged, 0, frame.payload).bytes)
        case .headers: try takeHeaders(frame)
        case .data: try takeData(frame)
        case .reset:
            guard let call = calls.removeValue(forKey: frame.stream) else { return }
            call.state.change { $0.resetCode = frame.code }
            try behaviour(call, .reset(frame.code))
        default: return
        }
    }

    private func takeHeaders(_ frame: WireFrame) throws {
        let fields = try hpack.decode(frame.payload)
        if let call = calls[frame.stream] {
            call.state.change { $0.trailers = fields }
            return try end(call)
        }
        let call = ServedCall(fields, frame.stream, socket)
        calls[frame.stream] = call
        note(call)
        try behaviour(call, .begun)
        if frame.endsStream { try end(call) }
    }

    private func takeData(_ frame: WireFrame) throws {
        if !frame.payload.isEmpty {
            let count = UInt32(frame.payload.count)
            let ends = frame.endsStream ? [] : WireFrame.windowUpdate(frame.stream, count).bytes
            try socket.send(WireFrame.windowUpdate(0, count).bytes + ends)
        }
        guard let call = calls[frame.stream] else { return }
        let new = call.state.change { state in
            state.content += frame.content
            let messages = CallMessage.read(state.content).messages
            defer { state.told = messages.count }
            return messages.dropFirst(state.told)
        }
        for message in new { try behaviour(call, .message(message)) }
        if frame.endsStream { try end(call) }
    }

    private func end(_ call: ServedCall) throws {
        call.state.change { $0.isEnded = true }
        try behaviour(call, .ended)
    }
}
