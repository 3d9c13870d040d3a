// How the servers of WebSockets are asked: in HTTP/2 where they take it, in HTTP/1.1 where that may be.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketChoiceTests {
    /// The status that a client of either kind gets.
    private static func status(_ mix: Mix, _ martlet: RunningMartlet, _ target: String = "/") throws -> Int {
        if !mix.clientTwo {
            let client = try martlet.connect()
            try client.send(WebSocket.request(target))
            return try client.readResponse().status
        }
        let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
        client.send(.open(1, StreamTunnel.handshake(client.server, target)))
        return try client.head(on: 1).status
    }

    /// A server that takes none gets none, and clients are told that this is not supported.
    @Test(arguments: Mix.toServersOfHTTP2) func serversThatDoNotTakeThemAreNotAsked(mix: Mix) throws {
        let asked = Monitor<[[HTTPField]]>([])
        let server = try ScriptedServer.streamEcho([], asked: asked)
        try mix.run(server) { martlet throws in
            // On a new connection, and on one whose settings are known.
            for target in ["/a", "/b"] {
                #expect(try Self.status(mix, martlet, target) == 501)
                let line = try martlet.accessLogLine(target: target)
                #expect(line["error"] == "the server takes no WebSockets over HTTP/2" && line["server"] != nil)
            }
            #expect(asked.value.isEmpty)
            #expect(try martlet.request("GET /").text == "ok")
            #expect(server.connectionCount == 1)
            try martlet.waitForMetric("martlet_upstream_http2_streams_active", 0)
            let active = "martlet_server_requests_active{upstream=\"app\",server=\"\(server.address)\"}"
            #expect(try martlet.metrics[active] == 0)
        }
    }

    /// Another server may take them.
    @Test(arguments: Mix.toServersOfHTTP2) func oneThatTakesThemIsLookedFor(mix: Mix) throws {
        let servers = [try ScriptedServer.streamEcho([]), try ScriptedServer.streamEcho()]
        let upstream = ["protocol: h2c", "balance: round-robin"]
        try withMartlet(Configs.proxy(to: servers.map(\.address), upstream: upstream)) { martlet throws in
            for _ in 0..<4 {
                let client = try mix.open(martlet)
                #expect(try client.roundTrip([1, 2, 3], piece: 1) == [1, 2, 3])
                client.end()
                #expect(try client.rest().end == .end)
            }
        }
    }

    /// What a server takes it says in its first SETTINGS: they are waited for, as long as a connection may take.
    @Test(arguments: Mix.toServersOfHTTP2) func settingsAreWaitedFor(mix: Mix) throws {
        let isSaid = Monitor(false)
        let server = try ScriptedServer { socket, _ in
            let peer = try FrameClient(accepted: socket)
            peer.answers = false
            #expect(try peer.next().isSettings)
            while case .frame(let frame) = try peer.next(within: .milliseconds(100)) {
                #expect(frame.kind != .headers)
            }
            isSaid.change { $0 = true }
            peer.send(.settings((Setting.enableConnect, 1)), WireFrame(.settings, .acknowledged))
            try StreamEcho(peer, Monitor([]), []).run()
        }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            #expect(isSaid.value)
            #expect(try client.roundTrip([1, 2, 3], piece: 3) == [1, 2, 3])
        }
    }

    /// There are servers that say by default what they do not take, and in the same breath that they do.
    @Test(arguments: Mix.toServersOfHTTP2) func settingsMayComeInTwo(mix: Mix) throws {
        let server = try ScriptedServer { socket, _ in
            let peer = try FrameClient(accepted: socket)
            peer.opensWindows = true
            peer.send(.settings((Setting.enableConnect, 0)), .settings((Setting.enableConnect, 1)))
            try StreamEcho(peer, Monitor([]), []).run()
        }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            #expect(try client.roundTrip([1, 2, 3], piece: 3) == [1, 2, 3])
        }
    }

    @Test(arguments: Mix.toServersOfHTTP2) func settingsThatNeverComeAreATimeout(mix: Mix) throws {
        let server = try ScriptedServer { socket, _ in
            let peer = try FrameClient(accepted: socket)
            peer.answers = false
            try peer.untilGone()
        }
        let upstream = ["connectTimeout: 300ms", "retry: {attempts: 1}", "queue: {noServerTimeout: 0s}"]
        try mix.run(server, upstream: upstream) { martlet throws in
            #expect(try Self.status(mix, martlet) == 504)
            #expect(try martlet.metrics["martlet_timeouts_total{kind=\"connect\"}"] == 1)
        }
    }

    /// Whoever has left a request alone by its own word is followed by another try.
    @Test(arguments: Mix.toServersOfHTTP2, [false, true]) func whatWasLeftAloneIsAskedAgain(mix: Mix, byEnd: Bool)
        throws
    {
        let server = try ScriptedServer.frames { peer, number in
            if number > 0 { return try StreamEcho(peer, Monitor([]), []).run() }
            _ = try peer.request(on: 1)
            peer.send(byEnd ? .goAway(last: 0, .noError) : .reset(1, .refusedStream))
            if byEnd { return try peer.untilGone() }
            _ = try peer.request(on: 3)
            peer.send(FrameClient.answer(3, 200), .data(3, "again", []))
            try peer.untilGone()
        }
        try mix.run(server) { martlet throws in
            let client = try mix.open(martlet)
            if byEnd {
                #expect(try client.roundTrip([1, 2, 3], piece: 3) == [1, 2, 3])
            } else {
                #expect(try client.receive(5) == Array("again".utf8))
            }
            #expect(try martlet.metrics["martlet_upstream_http2_streams_refused_total"] == 1)
        }
    }

    /// One that has answered has begun, whatever it says: the request is not sent again.
    @Test func whoHasAnsweredHasBegun() throws {
        let asked = Monitor(0)
        let server = try ScriptedServer.frames { peer, _ in
            for stream in stride(from: UInt32(1), through: 9, by: 2) {
                _ = try peer.request(on: stream)
                asked.change { $0 += 1 }
                peer.send(FrameClient.answer(stream, 200), .data(stream, "half", []), .reset(stream, .refusedStream))
            }
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["protocol: h2c"])) { martlet throws in
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            let answer = String(decoding: try client.receiveUntilGone().bytes, as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && !answer.dropFirst().contains("HTTP/1.1"))
            #expect(asked.value == 1)
        }
    }

    /// Over TLS such a server is asked in HTTP/1.1 instead, where `protocol` leaves it the choice.
    @Test(.enabled(if: MartletBinary.hasProgram("python3")), arguments: [false, true])
    func serversThatMayChooseAreAskedInHTTP1(clientTwo: Bool) throws {
        let (one, two) = (try ScriptedServer.webSockets(), try ScriptedServer.streamEcho([]))
        let certificates = try TestCertificates()
        let front = try SecureFront(try certificates.leaf(["127.0.0.1"]), http1: one, http2: two)
        let upstream = ["tls: {ca: \(certificates.authority)}", "protocol: auto"]
        try withMartlet(Configs.proxy(to: [front.address], upstream: upstream)) { martlet throws in
            let mix = Mix(clientTwo: clientTwo, serverTwo: false)
            let frame = WebSocketFrame.text("hello")
            for round in 1...3 {
                let client = try mix.open(martlet)
                try client.send(frame.bytes(maskedBy: [1, 2, 3, 4]))
                #expect(try client.receive(7) == frame.bytes(maskedBy: nil))
                client.reset()
                #expect(one.connectionCount == round)
                // Requests stay streams.
                #expect(try martlet.request("GET /").text == "ok")
            }
            #expect(two.connectionCount == 1)
            #expect(try martlet.metrics["martlet_upgrades_total{protocol=\"websocket\"}"] == 3)
            #expect(try martlet.metrics["martlet_upstream_http2_streams_total"] == 3)
        }
    }

    /// One that takes them as streams gets them so.
    @Test(.enabled(if: MartletBinary.hasProgram("python3")), arguments: [false, true])
    func serversThatTakeThemAreAskedInHTTP2(clientTwo: Bool) throws {
        let (one, two) = (try ScriptedServer.webSockets(), try ScriptedServer.streamEcho())
        let certificates = try TestCertificates()
        let front = try SecureFront(try certificates.leaf(["127.0.0.1"]), http1: one, http2: two)
        for word in ["auto", "h2"] {
            let upstream = ["tls: {ca: \(certificates.authority)}", "protocol: \(word)"]
            try withMartlet(Configs.proxy(to: [front.address], upstream: upstream)) { martlet throws in
                let client = try Mix(clientTwo: clientTwo, serverTwo: true).open(martlet)
                let bytes = [UInt8](repeating: 7, count: 200_000)
                #expect(try client.roundTrip(bytes, piece: 9_999) == bytes)
                client.end()
                #expect(try client.rest().end == .end)
                #expect(try martlet.metrics["martlet_upstream_http2_streams_total"] == 1)
            }
        }
        #expect(one.connectionCount == 0)
    }

    /// Where it is for us to say that the key is understood, it has to be one.
    @Test(arguments: [
        nil, "", "AAAA", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25jZQ?=",
        "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ])
    func keysHaveToBeKeys(key: String?) throws {
        let server = try ScriptedServer.streamEcho()
        let line = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        let request = WebSocket.request("/bad").replacing(line, with: key.map { "Sec-WebSocket-Key: \($0)\r\n" } ?? "")
        try withMartlet(Configs.proxy(to: server, upstream: ["protocol: h2c"])) { martlet throws in
            let client = try martlet.connect()
            try client.send(request)
            #expect(try client.readResponse().status == 400)
            #expect(try martlet.accessLogLine(target: "/bad")["error"] == "bad or missing Sec-WebSocket-Key")
            #expect(server.connectionCount == 0)
        }
        // A server of HTTP/1.1 says for itself what it makes of it.
        let origin = try Origin { _ in response(400, "by the server") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet throws in
            let client = try martlet.connect()
            try client.send(request)
            #expect(try client.readResponse().text == "by the server")
        }
    }

    /// To servers of HTTP/2 alone there is no upgrade but that of WebSocket.
    @Test func otherUpgradesAreIgnored() throws {
        let asked = Monitor<[[HTTPField]]>([])
        let server = try ScriptedServer.streamEcho(asked: asked)
        let config = Configs.proxy(to: server, upstream: ["protocol: h2c"]).replacing(
            "  - upstream: app\n", with: "  - {upstream: app, upgrades: [websocket, tcp]}\n")
        try withMartlet(config) { martlet throws in
            #expect(try martlet.request("GET /", ["Connection: Upgrade", "Upgrade: tcp"]).text == "ok")
            #expect(try martlet.metrics["martlet_upgrades_ignored_total"] == 1)
        }
        #expect(asked.value.first?.contains { $0.name == "upgrade" || $0.name == ":protocol" } == false)
    }
}

extension FrameClient.Event {
    fileprivate var isSettings: Bool {
        if case .frame(let frame) = self { return frame.kind == .settings }
        return false
    }
}

/// What speaks TLS before two servers, and leads to one or the other by what is chosen (ALPN): HTTP/2 before HTTP/1.1.
private final class SecureFront {
    private let process: ChildProcess
    let address: String

    private static let script = """
        import select, socket, ssl, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        context.set_alpn_protocols(["h2", "http/1.1"])
        def relay(plain):
            try:
                client = context.wrap_socket(plain, server_side=True)
                port = sys.argv[4 if client.selected_alpn_protocol() == "h2" else 3]
                server = socket.create_connection(("127.0.0.1", int(port)))
                while True:
                    ready = [client] if client.pending() else select.select([client, server], [], [])[0]
                    for source in ready:
                        data = source.recv(65536)
                        if not data:
                            return
                        (server if source is client else client).sendall(data)
            except OSError:
                pass
            finally:
                plain.close()
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], "listens", flush=True)
        while True:
            threading.Thread(target=relay, args=(listener.accept()[0],), daemon=True).start()
        """

    init(_ leaf: TestCertificates.Leaf, http1: ScriptedServer, http2: ScriptedServer) throws {
        process = try ChildProcess(
            "python3", ["-c", Self.script, leaf.chain, leaf.key, "\(http1.port)", "\(http2.port)"])
        let port = try process.waitForOutput(containing: " listens\n").prefix { $0 != " " }
        address = "127.0.0.1:\(port)"
    }
}
