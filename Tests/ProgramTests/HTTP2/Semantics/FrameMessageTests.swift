// Messages over HTTP/2: what a client says and gets is what it would be in HTTP/1.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct FrameMessageTests {
    private func run(
        _ respond: @escaping @Sendable (HTTPRequest) -> String, upstream: [String] = [], _ more: String = "",
        _ test: (RunningMartlet, FrameClient, Origin) throws -> Void
    ) throws {
        let stage = try FrameStage(respond)
        try withMartlet(stage.config(upstream: upstream, more)) { martlet in
            try test(martlet, try FrameClient.ready(try martlet.frames()), stage.origin)
        }
    }

    @Test func everyMethodPasses() throws {
        try run({ response(200, "\($0.method) \($0.target) \($0.text)") }) { _, client, _ throws in
            for (index, method) in ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"].enumerated() {
                let stream = UInt32(1 + 4 * index)
                client.send(.headers(stream, client.server.block(method, "/a?b=c")))
                #expect(try client.response(on: stream).text == "\(method) /a?b=c ")
                client.send(.open(stream + 2, client.server.block(method, "/")), .data(stream + 2, "content"))
                #expect(try client.response(on: stream + 2).text == "\(method) / content")
            }
            client.send(.headers(101, client.server.block("OPTIONS", "*")))
            #expect(try client.response(on: 101).text == "OPTIONS * ")
        }
    }

    /// The method that HTTP/2 begins with is nobody's (RFC 9113 section 11.6): a server may take it for that.
    @Test func theMethodOfThePrefaceDoesNotPass() throws {
        try run({ response(200, $0.method) }) { martlet, client, origin in
            client.send(.headers(1, client.server.block("PRI", "/")))
            let answer = try client.response(on: 1)
            #expect(answer.status == 405 && answer["allow"]?.contains("GET") == true)
            client.send(.open(3, client.server.block("PRI", "/")), .data(3, "SM"))
            #expect(try client.response(on: 3).status == 405)
            let socket = try martlet.connect(to: "clear")
            #expect(try socket.exchange("GET /").status == 200)
            try socket.send("PRI / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try socket.readResponse().status == 405)
            // Another method is another one.
            #expect(try client.get(5).text == "GET")
            client.send(.headers(7, client.server.block("pri", "/")))
            #expect(try client.response(on: 7).text == "pri")
            #expect(!origin.requests.contains { $0.method == "PRI" })
        }
    }

    @Test func fieldsOfTheResponse() throws {
        let fields = [
            "X-Upper: A", "Set-Cookie: a=1", "Set-Cookie: b=2", "X-Empty:", "Connection: X-Hop, keep-alive", "X-Hop: 1",
            "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "Upgrade: h2c", "X-Bytes: caf\u{e9}",
        ]
        try run({ _ in response(200, "abc", fields) }) { _, client, _ in
            let answer = try client.get(1)
            #expect(answer.fields.first == HTTPField(":status", "200"))
            #expect(answer["x-upper"] == "A" && answer["x-empty"] == "" && answer["x-bytes"] == "caf\u{e9}")
            #expect(answer.values("set-cookie") == ["a=1", "b=2"] && answer.values("content-length") == ["3"])
            #expect(answer["via"] == "1.1 martlet")
            for name in ["connection", "x-hop", "keep-alive", "proxy-connection", "upgrade", "transfer-encoding"] {
                #expect(answer[name] == nil, "\(name)")
            }
            #expect(answer.fields.allSatisfy { $0.name == $0.name.lowercased() })
        }
    }

    @Test func chunksBecomeData() throws {
        let chunks = "4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\nX-Sum: 7\r\nX-Sum: 8\r\n\r\n"
        try run({ _ in response(200, chunks, ["Transfer-Encoding: chunked", "Trailer: X-Sum"]) }) { _, client, _ in
            let answer = try client.get(1, "/", [HTTPField("te", "trailers")])
            #expect(answer.text == "Wikipedia" && answer["content-length"] == nil)
            #expect(answer.trailers == [HTTPField("x-sum", "7"), HTTPField("x-sum", "8")])
        }
    }

    @Test func trailersOfTheRequestPass() throws {
        try run({ response(200, $0.text) }) { _, client, origin in
            let trailers = HPACKWriter.block([HTTPField("x-check", "ok"), HTTPField("x-empty", "")])
            client.send(
                .open(1, client.server.block("POST", "/", [HTTPField("te", "trailers")])), .data(1, "hello", []),
                .headers(1, trailers))
            #expect(try client.response(on: 1).text == "hello")
            let request = try origin.lastRequest
            #expect(request.trailers == [HTTPField("x-check", "ok"), HTTPField("x-empty", "")])
            #expect(request["TE"] == "trailers")
        }
    }

    @Test func whatHasNoContentEndsWithItsHead() throws {
        let respond: @Sendable (HTTPRequest) -> String = { request in
            if request.method == "HEAD" { return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" }
            return "HTTP/1.1 \(request.target.dropFirst()) Text\r\nETag: \"x\"\r\n\r\n"
        }
        try run(respond) { _, client, _ in
            client.send(.headers(1, client.server.block("HEAD")))
            let head = try client.response(on: 1)
            #expect(head.status == 200 && head["content-length"] == "1000" && head.sizes == [])
            for (stream, status) in [(3, 204), (5, 304)] as [(UInt32, Int)] {
                let answer = try client.get(stream, "/\(status)")
                #expect(answer.status == status && answer["etag"] == "\"x\"" && answer.sizes == [])
            }
        }
    }

    @Test func interimResponsesPass() throws {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n"
        try run({ _ in "HTTP/1.1 102 Processing\r\n\r\n" + hints + response(200, "final") }) { _, client, _ in
            let answer = try client.get(1)
            #expect(
                answer.interims.map { $0.filter { $0.name == ":status" || $0.name == "link" || $0.name == "x-hop" } }
                    == [
                        [HTTPField(":status", "102")], [HTTPField(":status", "103"), HTTPField("link", "</a.css>")],
                    ])
            #expect(answer.status == 200 && answer.text == "final")
        }
    }

    @Test func theServerIsAskedBeforeContentComes() throws {
        let server = try ScriptedServer { socket, _ in
            let head = try socket.readRequestHead()
            let isQuiet = socket.isQuiet(for: .milliseconds(20))
            try socket.send("HTTP/1.1 100 Continue\r\n\r\n")
            let content = head.flatMap { try? socket.readContent(of: $0) } ?? []
            let text = String(decoding: content, as: UTF8.self)
            try socket.send(response(200, "\(head?["Expect"] ?? "") \(isQuiet) \(text)"))
        }
        let stage = try FrameStage()
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            client.send(.open(1, client.server.block("POST", "/", [HTTPField("expect", "100-continue")])))
            try client.takeIn(until: "100") { client.exchanges[1]?.interims.isEmpty == false }
            client.send(.data(1, "hello"))
            #expect(try client.response(on: 1).text == "100-continue true hello")
        }
    }

    /// A server that answers before the content has come, and takes none.
    private static func early() throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            try socket.send(response(403, "early"))
            _ = try socket.receiveUntilGone()
        }
    }

    /// Who is answered early need not send the rest, and may do so for a while: some clients lose an answer behind which their
    /// stream is reset at once.
    @Test func anEarlyAnswerIsWhole() throws {
        let (server, stage) = (try Self.early(), try FrameStage())
        try withMartlet(stage.config(to: [server.address])) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            // More than the connection's window altogether: what nobody takes is given back.
            for stream in (0..<20).map({ UInt32(1 + 2 * $0) }) {
                client.send(.open(stream, client.server.block("POST", "/")))
                let answer = try client.response(on: stream)
                #expect(answer.status == 403 && answer.text == "early" && answer.isEnded)
                try FrameSender(client).send(100_000, on: [stream])
                try client.synchronize()
                #expect(client.exchanges[stream]?.resetCode == nil)
            }
            try martlet.waitForMetric("martlet_http2_streams_active", 0)
            #expect(!client.isGone && client.goAways == [])
        }
    }

    /// A client that does not end its side is not waited for any longer than in HTTP/1.1 (RFC 9113 section 8.1).
    @Test func anEarlyAnswerHasAnEnd() throws {
        let (server, stage) = (try Self.early(), try FrameStage())
        try withMartlet(stage.config(to: [server.address], "timeouts: {linger: 200ms}")) { martlet in
            let client = try FrameClient.ready(try martlet.frames())
            client.send(.open(1, client.server.block("POST", "/")))
            #expect(try client.response(on: 1).isEnded)
            try client.expect(.reset(1, .noError))
            client.send(.open(3, client.server.block("POST", "/")))
            #expect(try client.response(on: 3).isEnded)
        }
    }

    /// Many clients say that their content has ended in a frame of its own, behind all of it.
    @Test func theEndMayComeBehindTheAnswer() throws {
        try run({ response(200, $0.text) }) { _, client, _ in
            for stream: UInt32 in [1, 3, 5] {
                let head = client.server.block("POST", "/", [HTTPField("content-length", "5")])
                client.send(.open(stream, head), .data(stream, "hello", []))
                #expect(try client.response(on: stream).text == "hello")
                let trailers = HPACKWriter.block([HTTPField("x-late", "1")])
                client.send(stream == 5 ? .headers(stream, trailers) : .data(stream, ""))
                try client.synchronize()
                #expect(client.exchanges[stream]?.resetCode == nil)
            }
        }
    }

    /// Compression has a memory: what is said again costs less.
    @Test func fieldsThatRepeatAreIndexed() throws {
        let fields = [
            "X-Server: a-server-with-a-long-name", "Cache-Control: no-store, private", "X-Frame-Options: DENY",
        ]
        try run({ _ in response(200, "x", fields) }) { _, client, _ in
            var sizes: [Int] = []
            for stream: UInt32 in [1, 3, 5] {
                client.send(.headers(stream, client.server.block()))
                while true {
                    guard case .frame(let frame) = try client.next() else { throw client.failure("HEADERS") }
                    if frame.kind == .headers { sizes.append(frame.payload.count) }
                    if client.exchanges[stream]?.isDone == true { break }
                }
            }
            #expect(sizes[2] < sizes[0] / 2, "\(sizes)")
            #expect(client.exchanges[5]?["x-server"] == "a-server-with-a-long-name")
        }
    }

    /// A response's head that is larger than a frame goes on in CONTINUATION.
    @Test func aLargeHeadPassesBothWays() throws {
        let value = String(repeating: "v", count: 1_000)
        let fields = (0..<24).map { "X-Field-\($0): \(value)" }
        try run({ response(200, "\($0.fields.filter { $0.value == value }.count)", fields) }) { _, client, _ in
            let more = (0..<20).map { HTTPField("x-field-\($0)", value) }
            let block = client.server.block("GET", "/", more)
            client.send(.headers(1, Array(block[..<16_000]), .endStream), .continuation(1, block[16_000...]))
            let answer = try client.response(on: 1)
            #expect(answer.text == "20")
            #expect((0..<24).allSatisfy { answer["x-field-\($0)"] == value })
        }
    }
}
