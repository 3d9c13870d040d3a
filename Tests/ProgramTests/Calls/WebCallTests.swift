// grpcWeb: calls of browsers become calls of gRPC.
import Foundation
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebCallTests {
    private static let hi = MessageFrames.framed("hi")
    private static let fine = "grpc-status: 0\r\ngrpc-message: fine\r\n"

    private static func reply(_ texts: String...) -> [CallStep] {
        [.head(type: "application/grpc+proto")] + texts.map { .message($0) } + [.status(0, "fine")]
    }

    @Test(arguments: WebForm.all) func aCallIsTranslated(form: WebForm) throws {
        let server = try StepServer { _ in Self.reply("hello") }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let more = [
                HTTPField("accept", form.type), HTTPField("grpc-timeout", "5S"),
                HTTPField("x-user-agent", "grpc-web-js"),
                HTTPField("x-token", "abc"),
            ]
            let answer = try martlet.callWeb(form, Self.hi, fields: more)
            #expect(answer.status == 200 && answer["content-type"] == form.type + "+proto")
            #expect(try answer.frames() == [.message("hello"), .trailers(Self.fine)])
            #expect(answer.trailers.isEmpty && answer["content-length"] == nil && answer["grpc-status"] == nil)
            #expect(answer["access-control-expose-headers"] == nil)
            let call = try server.waitForCalls(1)[0]
            #expect(call[":method"] == "POST" && call.path == "/a.B/C")
            #expect(call.values("content-type") == ["application/grpc+proto"] && call.values("te") == ["trailers"])
            #expect(call["x-grpc-web"] == nil && call["accept"] == nil && call["content-length"] == nil)
            #expect(call["x-user-agent"] == "grpc-web-js" && call["x-token"] == "abc")
            #expect(call["grpc-timeout"] != nil)
            #expect(try call.messages == [Array("hi".utf8)])
            let name = "martlet_grpc_web_calls_total{form=\"\(form.isText ? "text" : "binary")\"}"
            #expect(try martlet.metrics[name] == 1)
            #expect(try martlet.accessLogLine(target: "/a.B/C")["status"] == "200")
        }
    }

    /// Content with a length: that of binary content stays, that of text is lost.
    @Test(arguments: [false, true]) func aLengthIsTranslated(isText: Bool) throws {
        let form = WebForm(isHTTP2: false, isText: isText)
        let server = try StepServer { _ in Self.reply("hello") }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let content = String(decoding: form.encode(Self.hi), as: UTF8.self)
            let response = try martlet.request("POST /", ["Content-Type: \(form.type)"], content: content)
            #expect(response.status == 200 && response["Content-Type"] == form.type + "+proto")
            let call = try server.waitForCalls(1)[0]
            #expect(call["content-length"] == (isText ? nil : "7"))
            #expect(call["content-type"] == "application/grpc")
            #expect(try call.messages == [Array("hi".utf8)])
        }
    }

    /// Messages are passed on as they come, and so is the end.
    @Test(arguments: WebForm.all) func messagesAreStreamed(form: WebForm) throws {
        let gate = Monitor(false)
        let server = try StepServer { _ in
            [.head(), .message("one"), .wait(gate), .message("two"), .message("three"), .status(0)]
        }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let client = try martlet.beginWeb(form)
            try client.send(form.encode(Self.hi), isLast: true)
            let first = form.encode(MessageFrames.framed("one"))
            switch client {
            case .http1(let socket):
                let head = try socket.receive(until: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 200 ") && head.contains("\r\nContent-Type: \(form.type)\r\n"))
                #expect(try socket.receive(until: "\r\n") == "\(String(first.count, radix: 16))\r\n")
                #expect(try socket.receive(exactly: first.count) == first)
            case .http2(let frames):
                try frames.takeIn(until: "a message") { frames.count(on: 1) >= first.count }
                #expect(frames.exchanges[1]?.content == first)
            }
            gate.change { $0 = true }
            switch client {
            case .http1(let socket):
                var rest: [UInt8] = []
                #expect(try socket.receive(until: "\r\n") == "\r\n")
                while true {
                    let size = try #require(Int(try socket.receive(until: "\r\n").dropLast(1), radix: 16))
                    if size == 0 { break }
                    rest += try socket.receive(exactly: size)
                    _ = try socket.receive(exactly: 2)
                }
                let frames = try MessageFrames.frames(form.isText ? WebAnswer.decode(rest) : rest)
                #expect(
                    frames.map { String(decoding: $0.bytes, as: UTF8.self) } == ["two", "three", "grpc-status: 0\r\n"])
            case .http2:
                let frames = try client.answer().frames()
                #expect(frames.map(\.text) == ["one", "two", "three", "grpc-status: 0\r\n"])
                #expect(frames.map(\.flags) == [0, 0, 0, 0x80])
            }
        }
    }

    /// However the content of a text call is cut and padded, it is the same.
    @Test(arguments: WebForm.text) func textMayBePaddedAnywhere(form: WebForm) throws {
        let server = try StepServer { _ in Self.reply("hello") }
        let message = MessageFrames.framed("0123456789")
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            for size in [1, 2, 4, 5, 7] {
                let client = try martlet.beginWeb(form)
                var rest = message[...]
                while !rest.isEmpty {
                    // Each piece is padded for itself, and sent character by character.
                    for character in form.encode(Array(rest.prefix(size))) { try client.send([character]) }
                    rest = rest.dropFirst(size)
                }
                try client.send([], isLast: true)
                #expect(try client.answer().frames() == [.message("hello"), .trailers(Self.fine)])
            }
            for call in try server.waitForCalls(5) { #expect(call.content == message) }
        }
    }

    @Test(arguments: WebForm.all) func aResponseWithoutMessagesIsAHead(form: WebForm) throws {
        let server = try StepServer { _ in
            [.only([HTTPField("grpc-status", "5"), HTTPField("grpc-message", "no such thing")])]
        }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let answer = try martlet.callWeb(form, Self.hi, fields: [HTTPField("origin", "https://app.test")])
            #expect(answer.status == 200 && answer["content-type"] == form.type)
            #expect(answer["grpc-status"] == "5" && answer["grpc-message"] == "no such thing")
            #expect(answer.content.isEmpty && answer.trailers.isEmpty)
            let exposed = answer["access-control-expose-headers"] ?? ""
            #expect(exposed.contains("grpc-status") && exposed.contains("grpc-message"))
        }
    }

    /// What a client accepts decides about the answer, whatever it has sent.
    @Test(arguments: [
        (false, "application/grpc-web-text", true), (true, "application/grpc-web", false), (true, "*/*", true),
        (false, "application/json", false),
    ])
    func theAnswerIsAsAccepted(isText: Bool, accept: String, isTextAnswer: Bool) throws {
        let server = try StepServer { _ in Self.reply("hello") }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            for http2 in [false, true] {
                let form = WebForm(isHTTP2: http2, isText: isText)
                let answer = try martlet.callWeb(form, Self.hi, fields: [HTTPField("accept", accept)])
                let type = "application/grpc-web" + (isTextAnswer ? "-text" : "") + "+proto"
                #expect(answer["content-type"] == type)
                #expect(try answer.frames() == [.message("hello"), .trailers(Self.fine)])
            }
        }
    }

    /// An answer that is not of gRPC passes as it is: clients understand its status.
    @Test(arguments: WebForm.all) func otherAnswersPass(form: WebForm) throws {
        let server = try StepServer { _ in [.head(type: "text/html"), .content(Array("<p>".utf8)), .end] }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let answer = try martlet.callWeb(form, Self.hi)
            #expect(answer["content-type"] == "text/html" && answer.content == Array("<p>".utf8))
        }
    }

    /// On such a route everything else is as on any other.
    @Test func otherRequestsPass() throws {
        let server = try StepServer { call in
            [
                .head([HTTPField("x-type", call["content-type"] ?? "-")], type: "text/plain"), .content(call.content),
                .end,
            ]
        }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let plain = try martlet.request("POST /", ["Content-Type: text/plain"], content: "abc")
            #expect(plain["x-type"] == "text/plain" && plain.text == "abc")
            let put = try martlet.request("PUT /", ["Content-Type: application/grpc-web-text"], content: "QUJD")
            #expect(put["x-type"] == "application/grpc-web-text" && put.text == "QUJD")
            #expect(try martlet.request("GET /")["x-type"] == "-")
        }
        // And on others calls of gRPC-Web are content like any other.
        try withMartlet(Configs.proxy(to: [server.address], upstream: ["protocol: h2c"])) { martlet in
            let web = try martlet.request("POST /", ["Content-Type: application/grpc-web-text"], content: "QUJD")
            #expect(web["x-type"] == "application/grpc-web-text" && web.text == "QUJD")
        }
    }

    @Test func callsOfGRPCPass() throws {
        let server = try StepServer { _ in Self.reply("hello") }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            let fields = [HTTPField("content-type", "application/grpc"), HTTPField("te", "trailers")]
            client.send(
                .open(1, client.server.block("POST", "/a.B/C", fields)), WireFrame(.data, .endStream, 1, Self.hi))
            let response = try client.response(on: 1)
            #expect(response["content-type"] == "application/grpc+proto")
            #expect(response.content == MessageFrames.framed("hello"))
            #expect(response.trailers == [HTTPField("grpc-status", "0"), HTTPField("grpc-message", "fine")])
        }
    }

    /// Who knows no chunks learns of the end by the end of the connection.
    @Test(arguments: [false, true]) func olderClientsAreServed(isText: Bool) throws {
        let form = WebForm(isHTTP2: false, isText: isText)
        let server = try StepServer { _ in Self.reply("hello") }
        try withMartlet(Configs.web(to: [server.address])) { martlet in
            let content = form.encode(Self.hi)
            let socket = try martlet.connect()
            try socket.send(
                "POST /a.B/C HTTP/1.0\r\nHost: a\r\nContent-Type: \(form.type)\r\nContent-Length: \(content.count)\r\n\r\n"
            )
            try socket.send(content)
            let response = try socket.readResponse()
            let answer = WebAnswer(
                status: response.status, fields: response.fields, content: response.content, trailers: [])
            #expect(try answer.frames() == [.message("hello"), .trailers(Self.fine)])
        }
    }

    /// As much as one wants passes, both ways, and no more of it is in memory than usual.
    @Test(arguments: WebForm.all) func muchContentPasses(form: WebForm) throws {
        let big = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
        let server = try StepServer { _ in [.head(), .content(MessageFrames.framed(big)), .status(0)] }
        try withMartlet(Configs.web(to: [server.address], upstream: ["stallTimeout: 1m"])) { martlet in
            let client = try martlet.beginWeb(form)
            switch client {
            case .http1:
                var rest = form.encode(MessageFrames.framed(big))[...]
                while !rest.isEmpty {
                    try client.send(Array(rest.prefix(10_000)))
                    rest = rest.dropFirst(10_000)
                }
                try client.send([], isLast: true)
            case .http2: try client.send(form.encode(MessageFrames.framed("small")), isLast: true)
            }
            let call = try server.waitForCalls(1)[0]
            #expect(call.content == MessageFrames.framed(form.isHTTP2 ? Array("small".utf8) : big))
            // Nobody reads yet.
            pass(.milliseconds(300))
            #expect(try martlet.metrics["martlet_buffer_bytes", default: .infinity] < 2_000_000)
            let answer = try client.answer()
            let frames = try MessageFrames.frames(form.isText ? WebAnswer.decode(answer.content) : answer.content)
            #expect(frames.count == 2 && frames[0].bytes == big)
        }
    }
}
