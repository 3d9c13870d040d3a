// Requests that switch protocols, and what passes then.
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct UpgradeTests {
    @Test func webSocketsPassByDefault() throws {
        let server = try ScriptedServer { socket, _ in
            let request = try #require(try socket.readRequest())
            #expect(request.target == "/chat?a=b" && request.values("Connection") == ["Upgrade"])
            #expect(request["Sec-WebSocket-Protocol"] == "a, b" && request["X-Forwarded-For"] == "127.0.0.1")
            try WebSocket.accept(request, on: socket, ["Sec-WebSocket-Protocol: b"]).echo()
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        let webSocket = try WebSocket.open(client, "/chat?a=b", ["Sec-WebSocket-Protocol: a, b"])
        try proxy.wait(for: .tunnelsActive, 1)
        #expect(proxy.metrics.read(.exchangesActive) == 0)
        #expect(proxy.metrics.read(.inFlight, server: 0) == 1)
        for text in ["hello", "", String(repeating: "x", count: 200)] {
            try webSocket.send(.text(text))
            #expect(try webSocket.receiveText() == text)
        }
        // At rest it owns no buffer; the one there is, is the proxy's own.
        try proxy.wait("no buffers") { $0.bufferBytes == BufferPool.smallBytes }
        try webSocket.send(.close(1000))
        #expect(try webSocket.receive() == .close(1000))
        #expect(try client.receiveUntilEnd().isEmpty)
        client.close()
        let line = try #require(try proxy.end(server).first)
        #expect(server.failures == [])
        #expect(line.status == 101 && line.error == nil && line.upgrade == "websocket" && line.target == "/chat?a=b")
        #expect(line.upstream == "app" && line.method == "GET" && line.ttfbUs != nil)
        // 5, 0 and 200 bytes in frames of a client, and a Close.
        #expect(line.bytesIn == 6 + 5 + 6 + 8 + 200 + 8)
        #expect(line.bytes > 2 + 5 + 2 + 4 + 200 + 4 + 100)
        #expect(proxy.metrics.read(.upgradesWebSocket) == 1 && proxy.metrics.read(.tunnels) == 1)
        #expect(proxy.metrics.read(.responses1xx) == 1 && proxy.metrics.read(.responses1xx, server: 0) == 1)
        #expect(proxy.metrics.read(.requests) == 1 && proxy.metrics.read(.upgradesIgnored) == 0)
        // How long they last says nothing of how fast requests are answered.
        #expect(proxy.metrics.read(.duration).buckets.allSatisfy { $0 == 0 })
        #expect(proxy.metrics.read(.timeToFirstByte).buckets.reduce(0, +) == 1)
    }

    @Test func theResponseIsWrittenAnew() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(
                "HTTP/1.1 101 Now\r\nupgrade:WEBSOCKET\r\nconnection: upgrade, x-hop\r\nX-Hop: 1\r\nX-Kept: 2\r\n"
                    + "Content-Length: 5\r\nSec-WebSocket-Accept: z\r\n\r\nhello")
            #expect(try socket.receiveUntilEnd() == Array("bytes".utf8))
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(WebSocket.request("/"))
        let response = try client.readResponse()
        #expect(response.status == 101 && response.reason == "Now")
        #expect(response.values("Upgrade") == ["websocket"] && response.values("Connection") == ["Upgrade"])
        #expect(response["X-Kept"] == "2" && response["Sec-WebSocket-Accept"] == "z" && response["X-Hop"] == nil)
        #expect(response["Content-Length"] == nil && response["Via"] == "1.1 martlet")
        #expect(try client.receive(exactly: 5) == Array("hello".utf8))
        try client.send("bytes")
        client.shutdownSend()
        #expect(try client.receiveUntilEnd().isEmpty)
        client.close()
        #expect(try proxy.end(server).first?.bytesIn == 5)
        #expect(server.failures == [])
    }

    /// What the client has sent before it could know is not lost, and comes in its order.
    @Test func bytesBeforeTheSwitchWait() throws {
        let early = pattern(300_000, seed: 4)
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            #expect(socket.isQuiet(for: .milliseconds(100)))
            try socket.send(WebSocket.response())
            #expect(try socket.receiveUntilEnd() == early)
            try socket.send("all")
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        let sending = TestThread {
            try? client.send(Array(WebSocket.request("/").utf8) + early)
            client.shutdownSend()
        }
        #expect(try client.readResponse().status == 101)
        #expect(try client.receiveUntilEnd() == Array("all".utf8))
        #expect(sending.join())
        client.close()
        #expect(try proxy.end(server).first?.bytesIn == early.count)
        #expect(server.failures == [])
    }

    @Test func theHeadMayComeInPieces() throws {
        let response = WebSocket.response()
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            let cut = response.index(response.startIndex, offsetBy: 1 + number * 13)
            try socket.send(String(response[..<cut]))
            _ = socket.isQuiet(for: .milliseconds(5))
            try socket.send(String(response[cut...]) + "first")
            #expect(try socket.receiveUntilEnd() == Array("second".utf8))
        }
        let proxy = try TestProxy(ProxySetup(server))
        let rounds = response.utf8.count / 13
        for _ in 0..<rounds {
            let client = try proxy.connect()
            try client.send(WebSocket.request("/"))
            #expect(try client.readResponse().status == 101)
            try client.send("second")
            client.shutdownSend()
            #expect(try client.receiveUntilEnd() == Array("first".utf8))
            client.close()
        }
        #expect(try proxy.end(server).count == rounds)
        #expect(server.failures == [])
    }

    @Test func interimResponsesPassBefore() throws {
        let server = try ScriptedServer { socket, _ in
            let request = try #require(try socket.readRequest())
            try socket.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            try WebSocket.accept(request, on: socket).echo()
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(WebSocket.request("/"))
        #expect(try client.readResponse().status == 103)
        let webSocket = try WebSocket.finishOpening(client)
        try webSocket.send(.close(1001))
        #expect(try webSocket.receive().closeCode == 1001)
        client.close()
        try proxy.end(server)
        #expect(server.failures == [])
    }

    /// Each request in its turn; the last one takes the connection.
    @Test func pipelinedRequestsAreAnsweredFirst() throws {
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request.target == "/ws" { return try WebSocket.accept(request, on: socket).echo() }
                try socket.send(Responses.ok)
            }
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        let ping = WebSocketFrame(.ping, [1]).bytes(maskedBy: [0, 0, 0, 0])
        try client.send(Array((Requests.get + Requests.get + WebSocket.request("/ws")).utf8) + ping)
        for _ in 0..<2 { #expect(try client.readResponse().text == "ok") }
        let webSocket = try WebSocket.finishOpening(client)
        #expect(try webSocket.receive() == WebSocketFrame(.pong, [1]))
        client.close()
        #expect(try proxy.end(server).map(\.status) == [200, 200, 101])
    }

    /// Another protocol, of which nothing is known but its name: ends are passed on one by one.
    @Test func othersPassWhereTheyAreAllowed() throws {
        let server = try ScriptedServer { socket, _ in
            let request = try #require(try socket.readRequest())
            #expect(request.method == "POST" && request.values("Upgrade") == ["spdy/3.1"])
            try socket.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n")
            let all = try socket.receiveUntilEnd()
            try socket.send(Array("all: ".utf8) + all)
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upgrades = ["websocket", "spdy/3.1"] })
        let client = try proxy.connect()
        try client.send(
            "POST /exec HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: IRC/6.9, SPDY/3.1\r\n"
                + "Content-Length: 0\r\n\r\n")
        #expect(try client.readResponse()["Upgrade"] == "spdy/3.1")
        let bytes = pattern(1_000_000, seed: 8)
        try client.send(bytes)
        client.shutdownSend()
        #expect(try client.receiveUntilEnd() == Array("all: ".utf8) + bytes)
        client.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.upgrade == "spdy/3.1" && line.bytesIn == 1_000_000)
        #expect(proxy.metrics.read(.upgradesOther) == 1 && proxy.metrics.read(.upgradesWebSocket) == 0)
        #expect(server.failures == [])
    }

    @Test func aConnectionOfThePoolServesAsWell() throws {
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request.target == "/ws" { return try WebSocket.accept(request, on: socket).echo() }
                try socket.send(Responses.ok)
            }
        }
        let proxy = try TestProxy(ProxySetup(server))
        #expect(try proxy.answer().status == 200)
        try proxy.wait(for: .poolIdle, 1)
        let client = try proxy.connect()
        let webSocket = try WebSocket.open(client, "/ws")
        #expect(server.connectionCount == 1)
        try webSocket.send(.text("a"))
        #expect(try webSocket.receiveText() == "a")
        client.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.upstreamConnectionsReused) == 1)
    }

    @Test func theCombinedFormatHasALine() throws {
        let server = try ScriptedServer.webSockets()
        let proxy = try TestProxy(ProxySetup(server).with { $0.format = .combined })
        let client = try proxy.connect()
        let webSocket = try WebSocket.open(client, "/ws")
        try webSocket.send(.close(1000))
        _ = try client.receiveUntilEnd()
        client.close()
        try proxy.log.wait(for: 1)
        #expect(proxy.log.lines[0].contains("\"GET /ws HTTP/1.1\" 101 "))
    }
}
