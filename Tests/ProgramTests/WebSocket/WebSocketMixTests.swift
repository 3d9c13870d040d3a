// WebSockets in all pairs of protocols: what clients and servers see of the handshake, of bytes and of ends.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketMixTests {
    private static func value(_ name: String, in fields: [HTTPField]) -> String? {
        fields.first { $0.name.lowercased() == name }?.value
    }

    @Test(arguments: Mix.all) func bytesPassBothWaysUntilBothEnd(mix: Mix) throws {
        let asked = Monitor<[[HTTPField]]>([])
        try mix.run(try mix.echo(asked)) { martlet throws in
            let client = try mix.open(martlet, "/chat?a=b")
            #expect(try client.roundTrip(Array("hello".utf8), piece: 5) == Array("hello".utf8))
            try client.send(Array("and bye".utf8))
            client.end()
            let rest = try client.rest()
            #expect(rest.bytes == Array("and bye".utf8) && rest.end == .end)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            try martlet.waitForMetric("martlet_upstream_http2_streams_active", 0)
            let metrics = try martlet.metrics
            #expect(metrics["martlet_upgrades_total{protocol=\"websocket\"}"] == 1)
            #expect(metrics["martlet_upgrades_ignored_total"] == 0 && metrics["martlet_upstream_resets_total"] == 0)
            #expect(metrics["martlet_upstream_http2_resets_total{by=\"proxy\"}"] == 0)
            #expect(metrics["martlet_http2_resets_total{by=\"proxy\"}"] == 0)
            let line = try martlet.accessLogLine(target: "/chat?a=b")
            #expect(line["status"] == "101" && line["upgrade"] == "websocket" && line["error"] == nil)
            #expect(line["bytes_in"] == "12")
        }
        let request = try #require(asked.value.first)
        #expect(Self.value("sec-websocket-version", in: request) == "13")
        #expect(Self.value("x-forwarded-for", in: request) == "127.0.0.1")
        #expect((Self.value("sec-websocket-key", in: request) == nil) == mix.serverTwo)
        #expect((Self.value("upgrade", in: request) == nil) == mix.serverTwo)
        #expect((Self.value("connection", in: request) == nil) == mix.serverTwo)
    }

    /// An extended CONNECT (RFC 8441 section 4).
    @Test(arguments: Mix.toServersOfHTTP2) func serversSeeWhatTheRFCWants(mix: Mix) throws {
        let asked = Monitor<[[HTTPField]]>([])
        try mix.run(try mix.echo(asked)) { martlet throws in
            let client = try mix.open(martlet, "/chat?a=b")
            client.end()
            _ = try client.rest()
        }
        let request = try #require(asked.value.first)
        #expect(
            request.prefix(5) == [
                HTTPField(":method", "CONNECT"), HTTPField(":protocol", "websocket"), HTTPField(":scheme", "http"),
                HTTPField(":path", "/chat?a=b"), HTTPField(":authority", "test"),
            ])
    }

    /// The subprotocol and the extensions are between the two ends; what shows that the handshake was understood is not.
    @Test(arguments: [false, true]) func clientsOfHTTP1GetTheirSwitch(secretly: Bool) throws {
        // A server of HTTP/2 that says Accept says nothing.
        let lie = secretly ? [HTTPField("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")] : []
        let answer = [HTTPField("sec-websocket-protocol", "chat.v2"), HTTPField("set-cookie", "a=b")]
        let server = try ScriptedServer.streamEcho(fields: answer + lie)
        try withMartlet(Configs.proxy(to: server, upstream: ["protocol: h2c"])) { martlet throws in
            let key = "AQIDBAUGBwgJCgsMDQ4PEA=="
            let client = try martlet.connect()
            let head = WebSocket.request("/", ["Sec-WebSocket-Protocol: chat.v1, chat.v2"])
            try client.send(head.replacing("dGhlIHNhbXBsZSBub25jZQ==", with: key))
            let response = try client.readResponse()
            #expect(response.status == 101 && response.reason == "Switching Protocols")
            #expect(response.values("Sec-WebSocket-Accept") == [WebSocket.accept(of: key)])
            #expect(response.values("Upgrade") == ["websocket"] && response.values("Connection") == ["Upgrade"])
            #expect(response["Sec-WebSocket-Protocol"] == "chat.v2" && response["Set-Cookie"] == "a=b")
        }
    }

    /// What a client that trusts in the answer sends before it follows it.
    @Test(arguments: Mix.all) func whatComesBeforeTheAnswerFollowsIt(mix: Mix) throws {
        try mix.run(try mix.echo()) { martlet throws in
            if mix.clientTwo {
                let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
                client.send(.open(1, StreamTunnel.handshake(client.server, "/")), .data(1, "early"))
                #expect(try client.response(on: 1).text == "early")
            } else {
                let client = try martlet.connect()
                try client.send(WebSocket.request("/") + "early")
                #expect(try client.readResponse().status == 101)
                #expect(try client.receive(exactly: 5) == Array("early".utf8))
            }
        }
    }

    /// A key of a client of HTTP/2 means nothing: servers of HTTP/1.1 get ours alone, those of HTTP/2 none.
    @Test(arguments: [false, true]) func keysInHTTP2AreDropped(serverTwo: Bool) throws {
        let asked = Monitor<[[HTTPField]]>([])
        let mix = Mix(clientTwo: true, serverTwo: serverTwo)
        try mix.run(try mix.echo(asked)) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            let key = HTTPField("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            client.send(.open(1, StreamTunnel.handshake(client.server, "/", [key])))
            #expect(try client.head(on: 1).status == 200)
        }
        let keys = asked.value.flatMap { $0 }.filter { $0.name.lowercased() == "sec-websocket-key" }
        #expect(keys.count == (serverTwo ? 0 : 1) && keys.first?.value != "dGhlIHNhbXBsZSBub25jZQ==")
    }

    /// Content-Length means nothing in a CONNECT: it neither bounds the tunnel nor reaches a server.
    @Test(arguments: [false, true]) func lengthsOfTunnelsMeanNothing(serverTwo: Bool) throws {
        let asked = Monitor<[[HTTPField]]>([])
        let mix = Mix(clientTwo: true, serverTwo: serverTwo)
        try mix.run(try mix.echo(asked)) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            client.send(
                .open(1, StreamTunnel.handshake(client.server, "/", [HTTPField("content-length", "3")])),
                .data(1, "more than three"))
            #expect(try client.response(on: 1).text == "more than three")
        }
        #expect(!asked.value.flatMap { $0 }.contains { $0.name.lowercased() == "content-length" })
    }

    /// With 2xx of any kind the server has switched, and it may have said all by that.
    @Test(arguments: Mix.toServersOfHTTP2, [200, 204, 299]) func serversMayEndAtOnce(mix: Mix, status: Int) throws {
        let server = try ScriptedServer.frames { peer, _ in
            _ = try peer.request(on: 1)
            peer.send(.headers(1, HPACKWriter.block([HTTPField(":status", "\(status)")])))
            try peer.untilGone()
        }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            client.end()
            let rest = try client.rest()
            #expect(rest.bytes.isEmpty && rest.end == .end)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
    }

    /// Any other answer is one, and the client goes on.
    @Test(arguments: Mix.toServersOfHTTP2) func otherAnswersPass(mix: Mix) throws {
        let server = try ScriptedServer.frames { peer, _ in
            for (stream, status) in [(UInt32(1), 403), (3, 302), (5, 500)] {
                _ = try peer.request(on: stream)
                peer.send(FrameClient.answer(stream, status, [HTTPField("location", "/a")]), .data(stream, "no"))
            }
            try peer.untilGone()
        }
        try mix.run(server, upstream: ["retry: {attempts: 1}"]) { martlet throws in
            let one = try martlet.connect()
            let two = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            for (index, status) in [403, 302, 500].enumerated() {
                if mix.clientTwo {
                    let stream = UInt32(1 + 2 * index)
                    two.send(.open(stream, StreamTunnel.handshake(two.server, "/")))
                    let response = try two.response(on: stream)
                    #expect(response.status == status && response.text == "no" && response["location"] == "/a")
                } else {
                    try one.send(WebSocket.request("/"))
                    let response = try one.readResponse()
                    #expect(response.status == status && response.text == "no" && response["Location"] == "/a")
                    #expect(response["Upgrade"] == nil && response["Sec-WebSocket-Accept"] == nil)
                }
            }
            #expect(try martlet.metrics["martlet_upgrades_total{protocol=\"websocket\"}"] == 0)
            try martlet.waitForMetric("martlet_upstream_http2_streams_active", 0)
        }
    }

    /// Many on one connection, each with bytes of its own.
    @Test(arguments: [false, true]) func manyShareAConnection(clientTwo: Bool) throws {
        let server = try ScriptedServer.streamEcho()
        try withMartlet(Configs.proxy(to: server, upstream: ["protocol: h2c"])) { martlet throws in
            let mix = Mix(clientTwo: clientTwo, serverTwo: true)
            let clients = try (0..<30).map { try mix.open(martlet, "/\($0)") }
            for round in 0..<3 {
                for (index, client) in clients.enumerated() { try client.send(Array("\(index).\(round)".utf8)) }
                for (index, client) in clients.enumerated() {
                    let text = Array("\(index).\(round)".utf8)
                    #expect(try client.receive(text.count) == text)
                }
            }
            #expect(try martlet.metrics["martlet_upstream_http2_streams_active"] == 30)
            #expect(try martlet.request("GET /").text == "ok")
            for client in clients { client.end() }
            for client in clients { #expect(try client.rest().end == .end) }
            #expect(server.connectionCount == 1)
            try martlet.waitForMetric("martlet_upstream_http2_streams_active", 0)
        }
    }
}
