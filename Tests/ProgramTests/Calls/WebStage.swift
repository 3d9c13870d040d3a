// Clients of gRPC-Web, by HTTP/1.1 and HTTP/2, before a server of gRPC.
import Foundation
import MartletTestSupport

/// How a client speaks.
struct WebForm: Sendable, CustomStringConvertible {
    let isHTTP2: Bool
    let isText: Bool

    static let all = [false, true].flatMap { http2 in [false, true].map { WebForm(isHTTP2: http2, isText: $0) } }
    static let binary = all.filter { !$0.isText }
    static let text = all.filter(\.isText)

    var type: String { isText ? "application/grpc-web-text" : "application/grpc-web" }
    var description: String { (isHTTP2 ? "HTTP/2" : "HTTP/1.1") + (isText ? ", text" : ", binary") }

    /// Content as it is sent in this form.
    func encode(_ content: [UInt8]) -> [UInt8] { isText ? Array(Data(content).base64EncodedData()) : content }
}

/// An answer as a client of gRPC-Web sees it, whatever came by which protocol.
struct WebAnswer: Sendable {
    let status: Int
    let fields: [HTTPField]
    let content: [UInt8]
    let trailers: [HTTPField]

    subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }

    /// The frames of the content.
    func frames() throws -> [WebFrame] {
        let isText = self["content-type"]?.hasPrefix("application/grpc-web-text") ?? false
        let bytes = try isText ? Self.decode(content) : content
        return try MessageFrames.frames(bytes).map {
            WebFrame(flags: $0.flags, text: String(decoding: $0.bytes, as: UTF8.self))
        }
    }

    /// Base64 group by group, as there may be padding in the middle.
    static func decode(_ text: [UInt8]) throws -> [UInt8] {
        if text.count % 4 != 0 { throw TestFailure("\(text.count) characters of Base64") }
        return try stride(from: 0, to: text.count, by: 4).flatMap { start in
            guard let bytes = Data(base64Encoded: Data(text[start..<start + 4])) else {
                throw TestFailure("not Base64")
            }
            return Array(bytes)
        }
    }
}

/// A frame of a response: a message, or the trailers.
struct WebFrame: Equatable, Sendable {
    var flags: UInt8 = 0
    let text: String

    static func message(_ text: String) -> WebFrame { WebFrame(text: text) }
    static func trailers(_ text: String) -> WebFrame { WebFrame(flags: 0x80, text: text) }
}

/// A call that has been begun.
enum WebClient {
    case http1(TestSocket)
    case http2(FrameClient)

    /// Waits for the whole answer.
    func answer() throws -> WebAnswer {
        switch self {
        case .http1(let socket):
            let response = try socket.readResponse()
            return WebAnswer(
                status: response.status, fields: response.fields, content: response.content,
                trailers: response.trailers)
        case .http2(let client):
            client.opensWindows = true
            let response = try client.response(on: 1)
            if let code = response.resetCode { throw TestFailure("reset: \(code)") }
            return WebAnswer(
                status: response.status, fields: response.fields, content: response.content,
                trailers: response.trailers)
        }
    }

    /// Sends more of a request's content, and ends it with the last piece.
    func send(_ bytes: [UInt8], isLast: Bool = false) throws {
        switch self {
        case .http1(let socket):
            if !bytes.isEmpty {
                try socket.send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10])
            }
            if isLast { try socket.send("0\r\n\r\n") }
        case .http2(let client): client.send(WireFrame(.data, isLast ? .endStream : [], 1, bytes))
        }
    }
}

extension Configs {
    /// A proxy on whose one route calls of gRPC-Web are translated.
    static func web(to servers: [String], upstream: [String] = [], _ more: String = "") -> String {
        proxy(to: servers, upstream: ["protocol: h2c"] + upstream, more)
            .replacing("  - upstream: app\n", with: "  - upstream: app\n    grpcWeb: true\n")
    }
}

extension RunningMartlet {
    /// Begins a call whose content comes in pieces.
    func beginWeb(_ form: WebForm, fields more: [HTTPField] = []) throws -> WebClient {
        var fields = more
        for field in [HTTPField("content-type", form.type + "+proto"), HTTPField("x-grpc-web", "1")]
        where !fields.contains(where: { $0.name == field.name }) {
            fields.append(field)
        }
        if form.isHTTP2 {
            let client = try FrameClient.ready(FrameServer(port: try port(), isSecure: false))
            client.send(.open(1, client.server.block("POST", "/a.B/C", fields)))
            return .http2(client)
        }
        let socket = try connect()
        let lines = (fields + [HTTPField("Transfer-Encoding", "chunked")]).map { "\($0.name): \($0.value)" }
        try socket.send(requestText("POST /a.B/C", lines))
        return .http1(socket)
    }

    /// Makes a call with this content, encoded as the form says, and waits for its answer.
    func callWeb(
        _ form: WebForm, _ content: [UInt8], fields: [HTTPField] = []
    ) throws -> WebAnswer {
        let client = try beginWeb(form, fields: fields)
        try client.send(form.encode(content), isLast: true)
        return try client.answer()
    }
}
