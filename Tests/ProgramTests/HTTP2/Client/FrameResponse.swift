// Requests and responses over frames.
import MartletTestSupport

/// What has come on a stream. Stream 0 has one as well, which nobody looks at.
struct FrameResponse: Sendable {
    /// The fields of interim responses (1xx).
    private(set) var interims: [[HTTPField]] = []
    private(set) var fields: [HTTPField] = []
    private(set) var content: [UInt8] = []
    private(set) var trailers: [HTTPField] = []
    /// How large the frames with the content were.
    private(set) var sizes: [Int] = []
    /// Whether the server has ended it.
    private(set) var isEnded = false
    /// Why the server has reset the stream.
    private(set) var resetCode: ErrorCode?

    /// The final status; 0 if there is none.
    var status: Int { fields.first { $0.name == ":status" }.flatMap { Int($0.value) } ?? 0 }
    /// Nothing more will come.
    var isDone: Bool { isEnded || resetCode != nil }
    var text: String { String(decoding: content, as: UTF8.self) }

    /// The value of the first field with this name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    /// The values of all fields with this name.
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    mutating func take(_ frame: WireFrame) {
        switch frame.kind {
        case .headers: takeFields(frame.fields)
        case .data:
            content += frame.content
            sizes.append(frame.payload.count)
        case .reset: resetCode = frame.code
        default: return
        }
        if frame.kind != .reset && frame.endsStream { isEnded = true }
    }

    private mutating func takeFields(_ new: [HTTPField]) {
        if new.first?.name == ":status" && new.first?.value.hasPrefix("1") == true {
            interims.append(new)
        } else if fields.isEmpty {
            fields = new
        } else {
            trailers = new
        }
    }
}

extension FrameClient {
    /// Sends a request without content, and waits for its response.
    func get(_ stream: UInt32, _ path: String = "/", _ more: [HTTPField] = []) throws -> FrameResponse {
        send(.headers(stream, server.block("GET", path, more)))
        return try response(on: stream)
    }

    /// Sends a request with content in one frame, and waits for its response.
    func post(
        _ stream: UInt32, _ path: String, _ content: String, _ more: [HTTPField] = []
    ) throws -> FrameResponse {
        send(.headers(stream, server.block("POST", path, more), .endHeaders), .data(stream, content))
        return try response(on: stream)
    }

    /// Waits until a response is whole, or its stream is reset.
    func response(on stream: UInt32, within time: Duration = patience) throws -> FrameResponse {
        let deadline = ContinuousClock.now + time
        while true {
            if let exchange = exchanges[stream], exchange.isDone { return exchange }
            guard case .frame = try next(within: max(.zero, deadline - .now)) else {
                throw failure("a response on stream \(stream)")
            }
        }
    }

    /// Waits until the head of a final response is there.
    func head(on stream: UInt32) throws -> FrameResponse {
        func isThere() -> Bool { exchanges[stream].map { $0.status != 0 || $0.isDone } ?? false }
        try takeIn(until: "a head on stream \(stream)", isThere)
        return exchanges[stream] ?? FrameResponse()
    }

    /// How much content has come on a stream.
    func count(on stream: UInt32) -> Int { exchanges[stream]?.content.count ?? 0 }

    /// Waits for the server's answer to a PING: it has dealt with all that was sent before.
    func synchronize() throws {
        send(.ping("sync"))
        try expect(.pingAnswer("sync"))
    }
}
