// Streams that outlive the connections of their clients, as their servers, which speak HTTP/2, are not done yet.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct LateServerTests {
    /// How a server ends a stream whose content has come whole already.
    enum LateEnd: CaseIterable {
        case end, trailers, more, reset, connection, never

        /// Does it.
        func play(_ peer: FrameClient, on stream: UInt32) {
            switch self {
            case .end: peer.send(.data(stream, ""))
            case .trailers: peer.send(.headers(stream, HPACKWriter.block([HTTPField("grpc-status", "0")])))
            case .more: peer.send(.data(stream, "more than was said"))
            case .reset: peer.send(.reset(stream, .internalError))
            case .connection: peer.socket.reset()
            case .never: return
            }
        }
    }

    /// How a client leaves.
    enum Leaving: CaseIterable {
        case closes, resets, halfCloses

        func play(_ client: FrameClient) {
            switch self {
            case .closes: client.close()
            case .resets: client.socket.reset()
            case .halfCloses: client.socket.shutdownSend()
            }
        }
    }

    /// Waits until nothing is left of requests but the one that asks for metrics.
    private func waitForRest(_ martlet: RunningMartlet) throws {
        try martlet.waitForMetric("martlet_exchanges_active", 1)
        try martlet.waitForMetric("martlet_http2_streams_active", 0)
        try martlet.waitForMetric("martlet_upstream_http2_streams_active", 0)
    }

    /// The client has its whole response, by its length, and leaves; then the server says that it was the whole response.
    @Test(arguments: LateEnd.allCases, Leaving.allCases)
    func aServerMayBeLaterThanTheClient(end: LateEnd, leaving: Leaving) throws {
        let isGone = Monitor(false)
        let server = try ScriptedServer.frames { peer, number in
            if number > 0 { return try StreamEcho(peer, Monitor([]), []).run() }
            _ = try peer.request(on: 1)
            peer.send(FrameClient.answer(1, 200, [HTTPField("content-length", "5")]), .data(1, "hello", []))
            while !isGone.value { _ = try peer.next(within: .milliseconds(20)) }
            end.play(peer, on: 1)
            if end == .connection { return }
            try StreamEcho(peer, Monitor([]), []).run()
        }
        let upstream = ["protocol: h2c", "stallTimeout: 1s"]
        try withMartlet(Configs.proxy(to: server, upstream: upstream)) { martlet throws in
            let place = FrameServer(port: try martlet.port(), isSecure: false)
            let client = try FrameClient.ready(place)
            let response = try client.get(1)
            #expect(response.text == "hello" && response.isEnded)
            leaving.play(client)
            try martlet.waitForMetric("martlet_http2_connections_active", 0)
            // Another has its place meanwhile.
            let next = try FrameClient.ready(place)
            isGone.change { $0 = true }
            try waitForRest(martlet)
            #expect(try next.get(1, "/next").text == "ok")
            try waitForRest(martlet)
        }
        server.stop()
    }

    /// A response that ends with its head has no content to wait for.
    @Test(arguments: [204, 302, 200], Leaving.allCases)
    func aResponseMayEndWithItsHead(status: Int, leaving: Leaving) throws {
        let server = try ScriptedServer.frames { peer, _ in
            _ = try peer.request(on: 1)
            peer.send(.headers(1, HPACKWriter.block([HTTPField(":status", "\(status)"), HTTPField("location", "/")])))
            try peer.untilGone()
        }
        // No timeout ends it before the test does.
        let upstream = ["protocol: h2c", "stallTimeout: 1h"]
        try withMartlet(Configs.proxy(to: server, upstream: upstream)) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            let response = try client.get(1)
            #expect(response.status == status && response.isEnded)
            try waitForRest(martlet)
            leaving.play(client)
            try martlet.waitForMetric("martlet_http2_connections_active", 0)
        }
    }

    /// Requests whose content is still being sent when their clients go.
    @Test(arguments: Leaving.allCases) func clientsMayLeaveWhileTheySend(leaving: Leaving) throws {
        let server = try ScriptedServer.frames { peer, _ in
            peer.opensWindows = false
            _ = try peer.request(on: 1)
            peer.send(FrameClient.answer(1, 200, [HTTPField("content-length", "5")]), .data(1, "hello", []))
            try peer.untilGone()
        }
        let upstream = ["protocol: h2c", "stallTimeout: 1s"]
        try withMartlet(Configs.proxy(to: server, upstream: upstream)) { martlet throws in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            client.send(.open(1, client.server.block("POST")))
            #expect(try client.head(on: 1).status == 200)
            _ = try StallSender.fill(client, atMost: 1 << 20)
            leaving.play(client)
            try waitForRest(martlet)
            try martlet.waitForMetric("martlet_http2_connections_active", 0)
        }
    }
}
