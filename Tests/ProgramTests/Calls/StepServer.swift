// A server of gRPC in clear, frame by frame. Nothing here is shared with the proxy.
import MartletTestSupport

/// A call as a server has got it.
struct SteppedCall: Sendable {
    let fields: [HTTPField]
    var content: [UInt8] = []

    /// The value of the first field with this name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    /// The values of all fields with this name.
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
    var path: String { self[":path"] ?? "" }

    /// What the messages of the content hold.
    var messages: [[UInt8]] { get throws { try MessageFrames.split(content) } }
}

/// Messages of gRPC with their prefix.
enum MessageFrames {
    static func framed(_ bytes: [UInt8], flags: UInt8 = 0) -> [UInt8] {
        [flags] + WireFrame.number(UInt32(bytes.count)) + bytes
    }

    static func framed(_ text: String, flags: UInt8 = 0) -> [UInt8] { framed(Array(text.utf8), flags: flags) }

    /// The frames in content, which must be whole.
    static func frames(_ content: [UInt8]) throws -> [(flags: UInt8, bytes: [UInt8])] {
        var frames: [(UInt8, [UInt8])] = []
        var rest = content[...]
        while !rest.isEmpty {
            guard rest.count >= 5 else { throw TestFailure("part of a prefix behind \(frames.count) messages") }
            let count = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let flags = rest[rest.startIndex]
            rest = rest.dropFirst(5)
            guard rest.count >= count else { throw TestFailure("\(rest.count) of \(count) bytes of a message") }
            frames.append((flags, Array(rest.prefix(count))))
            rest = rest.dropFirst(count)
        }
        return frames
    }

    /// What the messages in content hold.
    static func split(_ content: [UInt8]) throws -> [[UInt8]] { try frames(content).map(\.bytes) }
}

/// What a server does for a call, step by step.
enum CallStep: Sendable {
    /// The head of a response, with more fields.
    case head([HTTPField] = [], type: String = "application/grpc")
    /// A message, or whatever content.
    case message(String)
    case content([UInt8])
    /// The end, with these trailers.
    case trailers([HTTPField])
    /// A response that is a head alone.
    case only([HTTPField])
    /// The end without trailers.
    case end
    /// Waits until something is so.
    case wait(Monitor<Bool>)
    case reset(ErrorCode)
    /// Ends the connection.
    case close

    /// The end of a call with a status.
    static func status(_ status: Int, _ message: String? = nil) -> CallStep {
        .trailers([HTTPField("grpc-status", "\(status)")] + (message.map { [HTTPField("grpc-message", $0)] } ?? []))
    }

    /// The usual answer of one message.
    static func reply(_ text: String) -> [CallStep] { [.head(), .message(text), .status(0)] }
}

/// A server whose calls are answered, each when it is whole, in the order of their ends.
final class StepServer: Sendable {
    typealias Answer = @Sendable (SteppedCall) throws -> [CallStep]

    let server: ScriptedServer
    private let seen: Monitor<[SteppedCall]>

    init(_ answer: @escaping Answer = { CallStep.reply("hello " + $0.path) }) throws {
        let seen = Monitor<[SteppedCall]>([])
        self.seen = seen
        server = try ScriptedServer { socket, _ in
            var connection = StepConnection(socket: socket)
            try connection.serve { call in
                seen.change { $0.append(call) }
                return try answer(call)
            }
        }
    }

    /// As it is written in a config.
    var address: String { server.address }
    /// The calls so far that were whole.
    var calls: [SteppedCall] { seen.value }

    /// Waits for so many calls.
    func waitForCalls(_ count: Int) throws -> [SteppedCall] {
        guard let calls = seen.wait(for: { $0.count >= count ? $0 : nil }) else {
            throw TestFailure("\(seen.value.count) of \(count) calls")
        }
        return calls
    }
}

/// One connection of such a server.
private struct StepConnection {
    let socket: TestSocket
    private var hpack = HPACKReader()
    private var calls: [UInt32: SteppedCall] = [:]
    /// What may be sent on streams, and on the connection at 0.
    private var windows: [UInt32: Int] = [0: 65_535]
    private var initialWindow = 65_535
    private var isGone = false
    private var ended: [(stream: UInt32, call: SteppedCall)] = []

    init(socket: TestSocket) { self.socket = socket }

    /// Serves until the client has gone.
    mutating func serve(_ answer: StepServer.Answer) throws {
        guard try !socket.receive(exactly: FrameClient.preface.count).isEmpty else { return }
        try send(.settings())
        while !isGone {
            try takeFrame()
            while !ended.isEmpty && !isGone {
                let (stream, call) = ended.removeFirst()
                for step in try answer(call) where !isGone { try perform(step, stream) }
            }
        }
    }

    private func send(_ frame: WireFrame) throws { try socket.send(frame.bytes) }

    private mutating func perform(_ step: CallStep, _ stream: UInt32) throws {
        switch step {
        case .head(let more, let type):
            let fields = [HTTPField(":status", "200"), HTTPField("content-type", type)] + more
            try send(.open(stream, HPACKWriter.block(fields)))
        case .message(let text): try sendContent(MessageFrames.framed(text), stream)
        case .content(let bytes): try sendContent(bytes, stream)
        case .trailers(let fields): try send(.headers(stream, HPACKWriter.block(fields)))
        case .only(let more):
            let fields = [HTTPField(":status", "200"), HTTPField("content-type", "application/grpc")] + more
            try send(.headers(stream, HPACKWriter.block(fields)))
        case .end: try send(.data(stream, ""))
        case .wait(let isSo): _ = isSo.wait { $0 ? true : nil }
        case .reset(let code): try send(.reset(stream, code))
        case .close: isGone = true
        }
    }

    /// Sends content as the client's windows allow.
    private mutating func sendContent(_ bytes: [UInt8], _ stream: UInt32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let room = min(windows[0, default: 0], windows[stream, default: 0], 16_384)
            if room <= 0 {
                if isGone { return }
                try takeFrame()
                continue
            }
            let piece = Array(rest.prefix(room))
            rest = rest.dropFirst(piece.count)
            for place in [0, stream] { windows[place, default: 0] -= piece.count }
            try send(WireFrame(.data, [], stream, piece))
        }
    }

    private mutating func takeFrame() throws {
        guard let head = try? socket.receive(exactly: 9) else {
            isGone = true
            return
        }
        let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let frame = WireFrame(
            type: head[3], flags: FrameFlags(rawValue: head[4]), stream: stream,
            payload: try socket.receive(exactly: count))
        try take(frame)
    }

    private mutating func take(_ frame: WireFrame) throws {
        switch frame.kind {
        case .headers:
            guard frame.flags.contains(.endHeaders) else { throw TestFailure("a block of several frames") }
            let fields = try hpack.decode(frame.payload)
            if calls[frame.stream] == nil {
                calls[frame.stream] = SteppedCall(fields: fields)
                windows[frame.stream] = initialWindow
            }
            endIfSaid(frame)
        case .data:
            calls[frame.stream]?.content += frame.payload
            if !frame.payload.isEmpty {
                let count = UInt32(frame.payload.count)
                try send(.windowUpdate(0, count))
                if !frame.endsStream { try send(.windowUpdate(frame.stream, count)) }
            }
            endIfSaid(frame)
        case .settings where !frame.flags.contains(.acknowledged): try takeSettings(frame)
        case .windowUpdate: windows[frame.stream, default: 0] += Int(frame.number(at: 0))
        case .ping where !frame.flags.contains(.acknowledged):
            try send(WireFrame(.ping, .acknowledged, 0, frame.payload))
        case .reset: windows[frame.stream] = nil
        default: return
        }
    }

    private mutating func endIfSaid(_ frame: WireFrame) {
        if frame.endsStream, let call = calls.removeValue(forKey: frame.stream) { ended.append((frame.stream, call)) }
    }

    private mutating func takeSettings(_ frame: WireFrame) throws {
        for offset in stride(from: 0, to: frame.payload.count - 5, by: 6) {
            let name = UInt16(frame.payload[offset]) << 8 | UInt16(frame.payload[offset + 1])
            if name != Setting.initialWindow { continue }
            let size = Int(frame.number(at: offset + 2))
            for stream in windows.keys where stream != 0 { windows[stream, default: 0] += size - initialWindow }
            initialWindow = size
        }
        try send(WireFrame(.settings, .acknowledged))
    }
}
