// Copies of requests: what the other upstream gets, and that nobody else notices.
import Glibc
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct MirrorTests {
    /// One route to `app`, whose requests are copied to `copy`.
    private static func config(
        _ app: String, _ copy: String, _ mirror: String = "", route: String = "",
        _ more: String = ""
    ) -> String {
        """
        workers: 1
        listeners: [{address: "127.0.0.1:0"}]
        admin: {address: "127.0.0.1:0"}
        routes: [{upstream: app, mirror: {to: copy\(mirror)}\(route)}]
        upstreams:
          app: {servers: ["\(app)"]}
          copy: {servers: ["\(copy)"]}
        \(more)
        """
    }

    private static func outcome(_ name: String) -> String { "martlet_mirrors_total{outcome=\"\(name)\"}" }
    private static func skipped(_ name: String) -> String { "martlet_mirrors_skipped_total{reason=\"\(name)\"}" }

    // MARK: What is copied

    @Test func theCopyIsWhatTheServerGets() throws {
        let app = try Origin { response(201, $0.method == "HEAD" ? "" : "from app", ["X-From: app"]) }
        let copy = try Origin { response(500, $0.method == "HEAD" ? "" : "from copy", ["X-From: copy"]) }
        let route = ", rewrite: {addPrefix: /v2}, requestFields: {set: {X-Set: \"{path}\"}}"
        try withMartlet(Self.config(app.address, copy.address, route: route)) { martlet in
            let requests = [("GET /a?b=c", ""), ("POST /d", "some content"), ("HEAD /e", ""), ("PUT /f", "x")]
            for (index, request) in requests.enumerated() {
                let answer = try martlet.request(request.0, ["X-Test: 1"], content: request.1)
                #expect(answer.status == 201 && answer["X-From"] == "app", "\(request.0)")
                try martlet.waitForMetric(Self.outcome("answered"), Double(index + 1))
            }
            let copies = copy.requests
            #expect(copies == app.requests)
            #expect(copies[0].target == "/v2/a?b=c" && copies[0]["X-Set"] == "/a" && copies[1].text == "some content")
            #expect(copies[0]["X-Request-ID"] != copies[1]["X-Request-ID"])
            #expect(app.server.connectionCount == 1 && copy.server.connectionCount == 1)
            try checkCounts(martlet, copy.address)
        }
    }

    /// What is counted after four copies, all of which were answered with 500.
    private func checkCounts(_ martlet: RunningMartlet, _ copy: String) throws {
        let metrics = try martlet.metrics
        #expect(metrics["martlet_mirrors_active"] == 0 && metrics["martlet_retries_total"] == 0)
        #expect(metrics["martlet_responses_total{class=\"5xx\"}"] == 0)
        let server = "{upstream=\"copy\",server=\"\(copy)\""
        #expect(metrics["martlet_server_requests_total\(server)}"] == 4)
        #expect(metrics["martlet_server_responses_total\(server),class=\"5xx\"}"] == 4)
        let line = try martlet.accessLogLine(target: "/d")
        #expect(line["mirror"] == "sent" && line["upstream"] == "app" && line["status"] == "201")
        #expect(try martlet.accessLog.count { $0["upstream"] == "copy" } == 0)
    }

    /// Content in pieces, with a length and in chunks with trailers: the copy is sent when all of it is there.
    @Test(arguments: ["", ", bufferRequest: {}", ", bufferRequest: {upTo: 4B}"])
    func contentThatComesInPiecesIsCopiedWhole(route: String) throws {
        let app = try Origin { response(200, $0.text) }
        let copy = try Origin { _ in response(200) }
        try withMartlet(Self.config(app.address, copy.address, route: route)) { martlet in
            let client = try martlet.connect()
            try client.send("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
            #expect(copy.requests.isEmpty)
            try client.send("67890")
            #expect(try client.readResponse().text == "1234567890")
            try martlet.waitForMetric(Self.outcome("answered"), 1)
            let head = "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            for piece in [head, "3\r\nabc\r\n", "2\r\nde\r\n", "0\r\nX-End: yes\r\n\r\n"] { try client.send(piece) }
            #expect(try client.readResponse().text == "abcde")
            let copies = try copy.waitForRequests(2)
            #expect(copies.map(\.text) == ["1234567890", "abcde"])
            #expect(copies[1].trailers == [HTTPField("X-End", "yes")])
            #expect(copies == app.requests)
        }
    }

    @Test func aShareIsCopied() throws {
        let app = try Origin()
        let copy = try Origin()
        try withMartlet(Self.config(app.address, copy.address, ", share: 20%")) { martlet in
            let client = try martlet.connect()
            for number in 0..<300 { #expect(try client.exchange("GET /\(number)").status == 200) }
            // 60 of 300 are expected; six standard deviations are 42.
            try eventually("all copies") {
                try martlet.metrics[Self.outcome("answered")].map { Int($0) } == copy.requests.count
            }
            #expect((18...102).contains(copy.requests.count))
        }
    }

    /// The short form, clients and servers that speak HTTP/2, content in frames.
    @Test func streamsAreCopiedToStreams() throws {
        let app = try Origin { response(200, $0.text) }
        let copy = try Origin { _ in response(404) }
        try withMartlet(Configs.proxy(to: [copy.address])) { behind in
            let port = try behind.port()
            let config = """
                workers: 1
                listeners: [{address: "127.0.0.1:0"}]
                admin: {address: "127.0.0.1:0"}
                routes: [{upstream: app, mirror: copy}]
                upstreams:
                  app: {servers: ["\(app.address)"]}
                  copy: {servers: ["127.0.0.1:\(port)"], protocol: h2c}
                """
            try withMartlet(config) { martlet in
                let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
                defer { client.close() }
                #expect(try client.get(1, "/get").status == 200)
                try martlet.waitForMetric(Self.outcome("answered"), 1)
                client.send(.open(3, client.server.block("POST", "/post")))
                client.send(.data(3, "abc", []))
                client.send(.data(3, "def"))
                let answer = try client.response(on: 3)
                #expect(answer.text == "abcdef")
                let copies = try copy.waitForRequests(2)
                #expect(copies.map(\.target) == ["/get", "/post"] && copies.map(\.text) == ["", "abcdef"])
                try martlet.waitForMetric(Self.outcome("answered"), 2)
                #expect(try martlet.metrics["martlet_upstream_http2_streams_total"] == 2)
            }
        }
    }

    // MARK: What is not copied

    @Test func largeContentIsNotCopied() throws {
        let app = try Origin { response(200, "\($0.content.count)") }
        let copy = try Origin()
        try withMartlet(Self.config(app.address, copy.address, ", content: 1KiB")) { martlet in
            #expect(try martlet.request("POST /fits", content: String(repeating: "x", count: 1_024)).text == "1024")
            #expect(try martlet.request("POST /large", content: String(repeating: "x", count: 1_025)).text == "1025")
            let client = try martlet.connect()
            let head = "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunk = "400\r\n" + String(repeating: "x", count: 1_024) + "\r\n"
            for piece in [head, chunk, chunk, "0\r\n\r\n"] { try client.send(piece) }
            #expect(try client.readResponse().text == "2048")
            try martlet.waitForMetric(Self.skipped("too_large"), 2)
            try martlet.waitForMetric(Self.outcome("answered"), 1)
            #expect(copy.requests.map(\.target) == ["/fits"])
            #expect(try martlet.accessLogLine(target: "/large")["mirror"] == "too large")
            #expect(try martlet.accessLogLine(target: "/chunks")["mirror"] == "too large")
            #expect(try martlet.metrics["martlet_mirrors_active"] == 0)
        }
    }

    /// A client that leaves within its content, and a server that answers before it has come.
    @Test func halfRequestsAreNotCopied() throws {
        let app = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            try socket.send(response(413, "", ["Connection: close"]))
        }
        let copy = try Origin()
        try withMartlet(Self.config(app.address, copy.address)) { martlet in
            let early = try martlet.connect()
            try early.send("POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
            #expect(try early.readResponse().status == 413)
            try martlet.waitForMetric(Self.skipped("incomplete"), 1)
            #expect(try martlet.accessLogLine(target: "/early")["mirror"] == "incomplete")
            #expect(copy.requests.isEmpty && copy.server.connectionCount == 0)
            #expect(try martlet.metrics["martlet_mirrors_active"] == 0)
        }
    }

    @Test func callsAndUpgradesAreNotCopied() throws {
        let app = try Origin { _ in response(200) }
        let copy = try Origin()
        try withMartlet(Self.config(app.address, copy.address)) { martlet in
            let webSocket = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
            let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            _ = try martlet.request("GET /websocket", webSocket + [key])
            _ = try martlet.request("POST /call", ["Content-Type: application/grpc", "TE: trailers"], content: "12345")
            #expect(try martlet.request("GET /last").status == 200)
            #expect(try copy.waitForRequests(1).map(\.target) == ["/last"])
            #expect(app.requests.map(\.target) == ["/websocket", "/call", "/last"])
        }
    }

    /// What does not come in is not copied, and what does is copied with the name of who it is.
    @Test func whatIsRefusedIsNotCopied() throws {
        let app = try Origin()
        let copy = try Origin()
        let more = """
            access: [{action: deny, path: /secret/*}]
            auth: {apiKeys: {file: FOLDER/keys}}
            """
        let folder = try TestFolder()
        let digest = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"
        _ = try folder.write("backup:\(digest)\n", to: "keys")
        let martlet = try RunningMartlet(Self.config(app.address, copy.address, "", more), folder: folder)
        #expect(try martlet.request("GET /secret/x", ["X-API-Key: password"]).status == 403)
        #expect(try martlet.request("GET /nobody").status == 401)
        #expect(try martlet.request("GET /known", ["X-API-Key: password"]).status == 200)
        let copies = try copy.waitForRequests(1)
        #expect(copies.map(\.target) == ["/known"] && copies[0]["X-Authenticated-Key"] == "backup")
        #expect(copies == app.requests)
        try martlet.stop()
    }

    // MARK: What the other upstream may do

    @Test func nobodyNoticesThatThereIsNoServer() throws {
        let app = try Origin()
        let port = try ReservedPort()
        let config = Self.config(app.address, "127.0.0.1:\(port.port)").replacing(
            "copy: {", with: "copy: {retry: {attempts: 3}, ")
        try withMartlet(config) { martlet in
            for number in 0..<5 { #expect(try martlet.request("GET /\(number)").status == 200) }
            try eventually("all copies have come to nothing") {
                let metrics = try martlet.metrics
                return metrics[Self.outcome("failed"), default: 0] + metrics[Self.outcome("no_server"), default: 0] == 5
            }
            let metrics = try martlet.metrics
            #expect(metrics["martlet_retries_total"] == 0 && metrics["martlet_queue_entered_total"] == 0)
            #expect(metrics["martlet_errors_total{status=\"502\"}"] == 0 && metrics["martlet_mirrors_active"] == 0)
        }
    }

    /// A server that does not answer keeps its copies no longer than they may take, and no more than there may be.
    @Test func aServerThatHangsHoldsNothingUp() throws {
        let app = try Origin()
        let copy = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {}
        }
        try withMartlet(Self.config(app.address, copy.address, ", inFlight: 2, timeout: 2s")) { martlet in
            let client = try martlet.connect()
            for number in 0..<5 { #expect(try client.exchange("GET /\(number)").status == 200) }
            try martlet.waitForMetric(Self.skipped("too_many"), 3)
            #expect(try martlet.accessLogLine(target: "/4")["mirror"] == "too many")
            try martlet.waitForMetric(Self.outcome("timeout"), 2)
            try martlet.waitForMetric("martlet_mirrors_active", 0)
            // There is room again.
            #expect(try client.exchange("GET /again").status == 200)
            try martlet.waitForMetric(Self.outcome("timeout"), 3)
        }
    }

    /// A response without end is read and dropped, for as long as a copy may take.
    @Test func anAnswerWithoutEndIsCut() throws {
        let app = try Origin()
        let copy = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
            while (try? socket.send(chunk)) != nil {}
        }
        try withMartlet(Self.config(app.address, copy.address, ", timeout: 500ms")) { martlet in
            #expect(try martlet.request("GET /").status == 200)
            try martlet.waitForMetric(Self.outcome("timeout"), 1)
            #expect(copy.waitForScripts())
            #expect(try martlet.peakMemory() < 200 << 10)
        }
    }

    /// What is no response, resets, interim responses, and a switch that nobody has asked for.
    @Test(arguments: [
        ("nonsense\r\n\r\n", "failed"), ("", "failed"), ("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "failed"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "answered"),
        ("HTTP/1.1 204 None\r\n\r\n", "answered"), ("HTTP/1.1 200 OK\r\n\r\nuntil the end", "answered"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nless", "failed"),
    ])
    func whateverItAnswersIsDropped(answer: String, outcome: String) throws {
        let app = try Origin { _ in response(200, "app") }
        let copy = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            if !answer.isEmpty { try socket.send(answer) }
        }
        try withMartlet(Self.config(app.address, copy.address)) { martlet in
            #expect(try martlet.request("GET /").text == "app")
            try martlet.waitForMetric(Self.outcome(outcome), 1)
            #expect(try martlet.request("GET /").text == "app")
            try martlet.waitForMetric(Self.outcome(outcome), 2)
            #expect(try martlet.metrics["martlet_mirrors_active"] == 0)
            #expect(try martlet.metrics["martlet_retries_total"] == 0)
        }
    }

    /// A copy that hangs does not keep the program from ending.
    @Test func drainingDoesNotWaitForCopies() throws {
        let app = try Origin()
        let copy = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil {}
        }
        let martlet = try RunningMartlet(Self.config(app.address, copy.address, ", timeout: 5m"))
        #expect(try martlet.request("GET /").status == 200)
        #expect(copy.waitForConnections(1))
        try martlet.stop(SIGTERM, exitCode: 0, .seconds(10))
    }

    /// A request that is tried twice is copied once.
    @Test func aRetryIsNotCopied() throws {
        let bad = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        let good = try Origin()
        let copy = try Origin()
        let config = Self.config(bad.address, copy.address).replacing(
            "\"\(bad.address)\"", with: "\"\(bad.address)\", \"\(good.address)\"")
        try withMartlet(config.replacing("app: {", with: "app: {balance: first, ")) { martlet in
            #expect(try martlet.request("GET /").status == 200)
            try martlet.waitForMetric(Self.outcome("answered"), 1)
            #expect(try martlet.metrics["martlet_retries_total"] == 1)
            #expect(copy.requests.count == 1)
        }
    }
}
