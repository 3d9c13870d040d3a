// Calls of gRPC as a client makes them, in frames, and the proxy between it and its servers.
import MartletTestSupport
import Testing

/// How a call has ended, and what has come before.
struct CallResult: Sendable, CustomStringConvertible {
    let response: FrameResponse

    /// The status, from the trailers or from a head that came alone; -1 for none.
    var status: Int { self["grpc-status"].flatMap { Int($0) } ?? -1 }
    var message: String { self["grpc-message"] ?? "" }
    var messages: [String] { CallMessage.read(response.content).messages }
    /// Whether it was a head and nothing else, and the stream ended with it.
    var isHeadAlone: Bool { response.isEnded && response.trailers.isEmpty && response.sizes.isEmpty }

    /// The value of a field of the trailers, or of a head that came alone.
    subscript(name: String) -> String? {
        let fields = response.trailers.isEmpty && response.content.isEmpty ? response.fields : response.trailers
        return fields.first { $0.name == name }?.value
    }

    var description: String {
        "status \(status) \(message), \(messages), HTTP \(response.status), reset \(String(describing: response.resetCode))"
    }
}

extension FrameClient {
    /// Begins a call; messages are to follow.
    func beginCall(_ stream: UInt32, _ path: String = "/test.Echo/Call", _ more: [HTTPField] = []) {
        send(.open(stream, callBlock(path, more)))
    }

    /// The head of a call.
    func callBlock(_ path: String = "/test.Echo/Call", _ more: [HTTPField] = []) -> [UInt8] {
        let fields = [HTTPField("te", "trailers"), HTTPField("content-type", "application/grpc+proto")]
        return server.block("POST", path, fields + more)
    }

    /// Sends a message of a call.
    func sendMessage(_ stream: UInt32, _ text: String, ends: Bool = false) {
        send(WireFrame(.data, ends ? .endStream : [], stream, CallMessage.bytes(text)))
    }

    /// Ends the client's side of a call.
    func endCall(_ stream: UInt32) { send(.data(stream, "")) }

    /// Makes a call with one message, and waits for its end.
    func call(
        _ stream: UInt32, _ path: String = "/test.Echo/Call", _ more: [HTTPField] = [], message: String = "hello"
    ) throws -> CallResult {
        beginCall(stream, path, more)
        sendMessage(stream, message, ends: true)
        return try callResult(on: stream)
    }

    /// Waits for the end of a call.
    func callResult(on stream: UInt32) throws -> CallResult { CallResult(response: try response(on: stream)) }

    /// Waits until so many messages have come.
    func messages(_ count: Int, on stream: UInt32) throws -> [String] {
        func messages() -> [String] { CallMessage.read(exchanges[stream]?.content ?? []).messages }
        try takeIn(until: "\(count) messages") { messages().count >= count || exchanges[stream]?.isDone == true }
        return messages()
    }
}

/// Runs tests with the proxy between a client and servers of gRPC.
enum CallStage {
    /// - Parameters:
    ///   - servers: as they are written in a config.
    ///   - upstream: more lines for the upstream `app`.
    ///   - more: more sections of the file.
    static func run(
        _ servers: [String], upstream: [String] = [], _ more: String = "",
        _ test: (RunningMartlet, FrameClient) throws -> Void
    ) throws {
        try withMartlet(Configs.proxy(to: servers, upstream: ["protocol: h2c"] + upstream, more)) { martlet in
            try test(martlet, try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false)))
            #expect(try martlet.metrics["martlet_unanswered_total"] == 0)
        }
    }

    /// The same with one server.
    static func run(
        _ server: CallServer, upstream: [String] = [], _ more: String = "",
        _ test: (RunningMartlet, FrameClient) throws -> Void
    ) throws {
        try run([server.address], upstream: upstream, more, test)
    }
}

extension RunningMartlet {
    /// How many calls have ended with a status.
    func calls(_ status: String) throws -> Double? { try metrics["martlet_grpc_calls_total{status=\"\(status)\"}"] }

    /// Waits until so many have.
    func waitForCalls(_ status: String, _ count: Double) throws {
        try waitForMetric("martlet_grpc_calls_total{status=\"\(status)\"}", count)
    }
}
