// WebSockets through the program (RFC 6455).
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketTests {
    private static func payload(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    }

    @Test(arguments: [false, true]) func messagesPassBothWays(secure: Bool) throws {
        let server = try ScriptedServer.webSockets()
        try withProxy(secure: secure, to: server) { martlet throws in
            let webSocket = try martlet.openWebSocket("/chat?room=1")
            for count in [0, 1, 125, 126, 65_535, 65_536, 1_000_000] {
                let frame = WebSocketFrame(.binary, Self.payload(count))
                try webSocket.send(frame)
                #expect(try webSocket.receive() == frame, "\(count) bytes")
            }
            try webSocket.send(.close(1000, "done"))
            #expect(try webSocket.receive() == .close(1000, "done"))
            #expect(try webSocket.socket.receiveUntilEnd().isEmpty)
            webSocket.socket.close()
            let line = try martlet.accessLogLine(target: "/chat?room=1")
            #expect(line["status"] == "101" && line["upgrade"] == "websocket" && line["error"] == nil)
            #expect(Int(line["bytes_in"] ?? "").map { $0 > 1_131_000 && $0 < 1_132_000 } == true)
            #expect(try martlet.metrics["martlet_upgrades_total{protocol=\"websocket\"}"] == 1)
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
        #expect(server.failures == [])
    }

    /// A message in pieces, with control frames among them.
    @Test(arguments: [false, true]) func fragmentsStayAsTheyAre(secure: Bool) throws {
        let server = try ScriptedServer.webSockets()
        try withProxy(secure: secure, to: server) { martlet throws in
            let webSocket = try martlet.openWebSocket()
            let frames = [
                WebSocketFrame(.text, Array("one ".utf8), isFinal: false), WebSocketFrame(.ping, [1, 2, 3]),
                WebSocketFrame(.continuation, Array("two ".utf8), isFinal: false), WebSocketFrame(.ping),
                WebSocketFrame(.continuation, Array("three".utf8)),
            ]
            for frame in frames { try webSocket.send(frame) }
            #expect(try webSocket.receive() == frames[0])
            #expect(try webSocket.receive() == WebSocketFrame(.pong, [1, 2, 3]))
            #expect(try webSocket.receiveText() == "two three")
            // One byte at a time.
            for byte in WebSocketFrame.text("slow").bytes(maskedBy: [9, 8, 7, 6]) {
                try webSocket.socket.send([byte])
            }
            #expect(try webSocket.receive() == .text("slow"))
            try webSocket.send(.close(1000))
            #expect(try webSocket.receive().closeCode == 1000)
            webSocket.socket.close()
        }
        #expect(server.failures == [])
    }

    @Test(arguments: [false, true]) func theServerMaySpeakAndClose(secure: Bool) throws {
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            // With the head, in one write.
            let first = WebSocketFrame.text("welcome").bytes(maskedBy: nil)
            try socket.send(Array(WebSocket.response().utf8) + first + WebSocketFrame.close(1001).bytes(maskedBy: nil))
            #expect(request["Upgrade"] == "websocket")
            let answer = WebSocketFrame.close(1001).bytes(maskedBy: [0x37, 0xFA, 0x21, 0x3D])
            #expect(try socket.receiveUntilEnd() == answer)
        }
        try withProxy(secure: secure, to: server) { martlet throws in
            let webSocket = try martlet.openWebSocket()
            #expect(try webSocket.receiveText() == "welcome")
            #expect(try webSocket.receive().closeCode == 1001)
            try webSocket.send(.close(1001))
            webSocket.socket.close()
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
        #expect(server.failures == [])
    }

    /// Much at a time, from both ends, to readers with little room.
    @Test(arguments: [false, true]) func muchNeedsNoMemory(secure: Bool) throws {
        let server = try ScriptedServer.webSockets(receiveBuffer: 65_536, limit: .seconds(60))
        try withProxy(secure: secure, to: server) { martlet throws in
            let port = try martlet.port()
            let socket = try TestSocket(port: port, receiveBuffer: 65_536, limit: .seconds(60))
            let webSocket = try WebSocket.open(socket, "/")
            let before = try martlet.peakMemory()
            let frame = WebSocketFrame(.binary, Self.payload(1 << 20))
            let bytes = frame.bytes(maskedBy: [1, 2, 3, 4])
            let sending = TestThread {
                for _ in 0..<48 { try? socket.send(bytes) }
            }
            for _ in 0..<48 { #expect(try webSocket.receive() == frame) }
            #expect(sending.join())
            try webSocket.send(.close(1000))
            #expect(try webSocket.receive().closeCode == 1000)
            socket.close()
            #expect(try martlet.peakMemory() - before < 16 << 10)
        }
        #expect(server.failures == [])
    }

    /// What fits into the proxy and the kernel, and no more, while the other end does not read.
    @Test func whoDoesNotReadHoldsTheOtherBack() throws {
        let isOpen = Monitor(false)
        let server = try ScriptedServer(receiveBuffer: 65_536) { socket, _ in
            guard try WebSocket.accept(socket) != nil else { return }
            _ = isOpen.wait(.seconds(60)) { $0 ? true : nil }
            _ = try socket.receiveUntilEnd()
        }
        try withMartlet(Configs.proxy(to: server)) { martlet throws in
            let webSocket = try martlet.openWebSocket()
            let filled = try webSocket.socket.fill(atMost: 256 << 20, quiet: .milliseconds(300))
            #expect(filled < 64 << 20)
            #expect(try martlet.metrics["martlet_buffer_bytes"].map { $0 < 1_048_576 } == true)
            isOpen.change { $0 = true }
            webSocket.socket.shutdownSend()
            #expect(try webSocket.socket.receiveUntilEnd().isEmpty)
            webSocket.socket.close()
        }
    }

    /// The server that a client sticks to, and the cookie comes with the switch.
    @Test func sticky() throws {
        let servers = try (0..<3).map { _ in try ScriptedServer.webSockets() }
        let config = Configs.proxy(to: servers.map(\.address), upstream: ["balance: round-robin", "sticky: {}"])
        try withMartlet(config) { martlet throws in
            let first = try martlet.connect()
            try first.send(WebSocket.request("/"))
            let response = try first.readResponse()
            #expect(response.status == 101)
            let cookie = try #require(response["Set-Cookie"]?.prefix { $0 != ";" })
            for _ in 0..<6 {
                let webSocket = try WebSocket.open(try martlet.connect(), "/", ["Cookie: \(cookie)"])
                webSocket.socket.close()
            }
            first.close()
        }
        #expect(servers.map(\.connectionCount).sorted() == [0, 0, 7])
    }

    /// Each is a request in flight, so that whoever has fewer gets the next.
    @Test func theyCountAsLoad() throws {
        let servers = try (0..<4).map { _ in try ScriptedServer.webSockets() }
        let config = Configs.proxy(to: servers.map(\.address), upstream: ["balance: least-request"])
        try withMartlet(config) { martlet throws in
            let webSockets = try (0..<20).map { _ in try martlet.openWebSocket() }
            #expect(servers.map(\.connectionCount) == [5, 5, 5, 5])
            try martlet.waitForMetric("martlet_tunnels_active", 20)
            let metrics = try martlet.metrics
            let active = servers.map {
                metrics["martlet_server_requests_active{upstream=\"app\",server=\"\($0.address)\"}"]
            }
            #expect(active == [5, 5, 5, 5])
            for webSocket in webSockets { webSocket.socket.close() }
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            try martlet.waitForMetric("martlet_upstream_connections_active", 0)
        }
    }
}
