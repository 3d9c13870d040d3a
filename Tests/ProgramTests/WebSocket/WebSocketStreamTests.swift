// WebSockets that begin with an extended CONNECT on a stream of HTTP/2 (RFC 8441), to a server that speaks HTTP/1.1.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketStreamTests {
    /// What the server was asked, as it switches and sends back all that comes.
    private let asked = Monitor<[HTTPRequest]>([])

    /// A server that switches to whatever it is asked for, and then sends back what comes until the client ends.
    private func echo(_ answer: String? = nil, greeting: String = "") throws -> ScriptedServer {
        let asked = asked
        return try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            asked.change { $0.append(request) }
            try socket.send((answer ?? WebSocket.response(to: request)) + greeting)
            while case .bytes(let bytes) = try socket.arrival(within: defaultLimit) { try socket.send(bytes) }
        }
    }

    private static func connect(_ server: FrameServer, _ word: String = "websocket", _ path: String = "/chat")
        -> [UInt8]
    {
        HPACKWriter.block(
            [
                HTTPField(":method", "CONNECT"), HTTPField(":protocol", word), HTTPField(":scheme", server.scheme),
                HTTPField(":path", path), HTTPField(":authority", server.authority),
                HTTPField("sec-websocket-version", "13"), HTTPField("origin", "http://example.com"),
            ])
    }

    /// Runs a test with a client of HTTP/2 in front of `server`.
    private func withClient(
        of server: ScriptedServer, secure: Bool = false, route: String = "",
        _ test: (FrameClient, RunningMartlet) throws -> Void
    ) throws {
        let stage = try FrameStage()
        var config = stage.config(to: [server.address])
        if !route.isEmpty {
            config = config.replacing("  - upstream: app\n", with: "  - upstream: app\n    \(route)\n")
        }
        try withMartlet(config) { martlet throws in
            let client = try FrameClient.ready(try martlet.frames(secure))
            defer { client.close() }
            try test(client, martlet)
        }
    }

    @Test(arguments: [false, true]) func bytesPassBothWaysUntilBothEnd(secure: Bool) throws {
        try withClient(of: try echo(), secure: secure) { client, martlet throws in
            client.send(.open(1, Self.connect(client.server)))
            #expect(try client.head(on: 1).status == 200)
            client.send(.data(1, "hello", []))
            try client.takeIn(until: "the echo") { client.count(on: 1) == 5 }
            client.send(.data(1, " and bye", .endStream))
            let response = try client.response(on: 1)
            #expect(response.text == "hello and bye" && response.isEnded)
            #expect(
                response["sec-websocket-accept"] == nil && response["upgrade"] == nil && response["connection"] == nil)
            try martlet.waitForMetric("martlet_upgrades_total{protocol=\"websocket\"}", 1)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
        let request = try #require(asked.value.first)
        #expect(request.method == "GET" && request.target == "/chat")
        #expect(request["Upgrade"] == "websocket" && request["Connection"] == "Upgrade")
        #expect(request["Sec-WebSocket-Version"] == "13" && request["Origin"] == "http://example.com")
        #expect(request["Sec-WebSocket-Key"]?.count == 24 && request["Transfer-Encoding"] == nil)
    }

    @Test func whatTheClientSendsBeforeTheAnswerFollowsIt() throws {
        try withClient(of: try echo(greeting: "first")) { client, _ throws in
            client.send(.open(1, Self.connect(client.server)), .data(1, "early", .endStream))
            #expect(try client.response(on: 1).text == "firstearly")
        }
    }

    @Test func everyHandshakeHasAKeyOfItsOwn() throws {
        for _ in 0..<2 {
            try withClient(of: try echo()) { client, _ throws in
                client.send(.open(1, Self.connect(client.server)), .data(1, "", .endStream))
                _ = try client.response(on: 1)
            }
        }
        let keys = asked.value.compactMap { $0["Sec-WebSocket-Key"] }
        #expect(keys.count == 2 && Set(keys).count == 2)
    }

    /// The key is ours, so it is for us to see whether the server has understood it.
    @Test(arguments: [[], ["Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]])
    func aServerThatHasNotUnderstoodTheKeyIsNotBelieved(fields: [String]) throws {
        let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        let answer = head + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        try withClient(of: try echo(answer)) { client, _ throws in
            client.send(.open(1, Self.connect(client.server)))
            #expect(try client.response(on: 1).status == 502)
        }
    }

    @Test func aServerThatDoesNotSwitchIsJustAnswered() throws {
        try withClient(of: try echo(response(403, "no"))) { client, _ throws in
            client.send(.open(1, Self.connect(client.server)))
            let response = try client.response(on: 1)
            #expect(response.status == 403 && response.text == "no")
        }
    }

    @Test(arguments: [("connect-udp", ""), ("websocket", "upgrades: []")])
    func whatIsNotAllowedIsNotSupported(word: String, route: String) throws {
        try withClient(of: try echo(), route: route) { client, _ throws in
            client.send(.open(1, Self.connect(client.server, word)))
            #expect(try client.response(on: 1).status == 501)
            #expect(asked.value.isEmpty)
        }
    }

    @Test func aStreamThatIsResetEndsTheServersConnection() throws {
        let isOver = Monitor(false)
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            try socket.send(WebSocket.response(to: request))
            guard case .gone = try socket.arrival(within: defaultLimit) else { return }
            isOver.change { $0 = true }
        }
        try withClient(of: server) { client, martlet throws in
            client.send(.open(1, Self.connect(client.server)))
            #expect(try client.head(on: 1).status == 200)
            client.send(.reset(1))
            #expect(isOver.wait { $0 ? true : nil } == true)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
    }

    @Test func muchPassesBackWhenTheClientOpensItsWindows() throws {
        try withClient(of: try echo()) { client, _ throws in
            client.send(.open(1, Self.connect(client.server)))
            #expect(try client.head(on: 1).status == 200)
            // More than the client's windows let pass at once.
            let total = 300_000
            try FrameSender(client).send(total, on: [1])
            client.send(.windowUpdate(0, 1 << 20), .windowUpdate(1, 1 << 20))
            try client.takeIn(until: "all of it") { client.count(on: 1) == total }
            #expect(try client.response(on: 1).isEnded)
        }
    }
}
