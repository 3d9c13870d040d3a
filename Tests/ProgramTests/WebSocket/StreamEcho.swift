// Servers of HTTP/2 that take WebSockets as streams (RFC 8441).
import MartletTestSupport

extension ScriptedServer {
    /// A server of HTTP/2 in clear. What it gets it gives back to the windows.
    static func frames(
        _ settings: [(UInt16, UInt32)] = [(Setting.enableConnect, 1)],
        _ script: @escaping @Sendable (_ peer: FrameClient, _ number: Int) throws -> Void
    ) throws -> ScriptedServer {
        try ScriptedServer(limit: .seconds(30)) { socket, number in
            let peer = try FrameClient(accepted: socket)
            peer.opensWindows = true
            peer.send(.settings(settings))
            try script(peer, number)
        }
    }

    /// One that sends back what comes on tunnels, each end with its own, and "ok" to other requests.
    static func streamEcho(
        _ settings: [(UInt16, UInt32)] = [(Setting.enableConnect, 1)], asked: Monitor<[[HTTPField]]> = Monitor([]),
        fields: [HTTPField] = []
    ) throws -> ScriptedServer {
        try frames(settings) { peer, _ in try StreamEcho(peer, asked, fields).run() }
    }
}

extension FrameClient {
    /// As a server: waits for a request on a stream.
    func request(on stream: UInt32) throws -> [HTTPField] {
        func fields() -> [HTTPField] { exchanges[stream]?.fields ?? [] }
        try takeIn(until: "a request on stream \(stream)") { !fields().isEmpty }
        return fields()
    }

    /// As a server: takes in what comes until the connection has ended.
    func untilGone() throws {
        while case .frame = try next(within: .seconds(30)) {}
    }

    /// A head of a response behind which something comes.
    static func answer(_ stream: UInt32, _ status: Int, _ more: [HTTPField] = []) -> WireFrame {
        .open(stream, HPACKWriter.block([HTTPField(":status", "\(status)")] + more))
    }
}

/// One connection of such a server.
final class StreamEcho {
    private let peer: FrameClient
    private let asked: Monitor<[[HTTPField]]>
    /// More fields of the answer to a handshake.
    private let more: [HTTPField]
    /// What waits for the windows of streams, and what has been sent; in all at 0.
    private var waiting: [UInt32: [UInt8]] = [:]
    private var sent: [UInt32: Int] = [:]
    private var ended: Set<UInt32> = []

    init(_ peer: FrameClient, _ asked: Monitor<[[HTTPField]]>, _ more: [HTTPField]) {
        self.peer = peer
        self.asked = asked
        self.more = more
    }

    func run() throws {
        while case .frame(let frame) = try peer.next(within: .seconds(30)) {
            switch frame.kind {
            case .headers: answer(frame)
            case .data:
                waiting[frame.stream]? += frame.content
                if frame.endsStream { ended.insert(frame.stream) }
            case .reset: waiting[frame.stream] = nil
            default: break
            }
            for stream in waiting.keys { sendBack(on: stream) }
        }
    }

    private func answer(_ frame: WireFrame) {
        asked.change { $0.append(frame.fields) }
        if frame.fields.contains(HTTPField(":method", "CONNECT")) {
            waiting[frame.stream] = []
            peer.send(FrameClient.answer(frame.stream, 200, more))
        } else {
            peer.send(FrameClient.answer(frame.stream, 200), .data(frame.stream, "ok"))
        }
    }

    private func sendBack(on stream: UInt32) {
        while let bytes = waiting[stream] {
            let piece = bytes.prefix(min(room(on: stream), peer.maxFrame))
            let isEnd = ended.contains(stream) && piece.count == bytes.count
            if piece.isEmpty && !isEnd { return }
            peer.send(WireFrame(.data, isEnd ? .endStream : [], stream, Array(piece)))
            for place in [0, stream] { sent[place, default: 0] += piece.count }
            waiting[stream] = isEnd ? nil : Array(bytes.dropFirst(piece.count))
        }
    }

    private func room(on stream: UInt32) -> Int {
        let initial = Int(peer.settings[Setting.initialWindow] ?? 65_535)
        func room(_ place: UInt32, _ initial: Int) -> Int {
            initial + (peer.increments[place] ?? 0) - (sent[place] ?? 0)
        }
        return max(0, min(room(0, 65_535), room(stream, initial)))
    }
}
