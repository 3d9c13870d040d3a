// Connections that have switched protocols, as load: retries, limits, and peers that do not read.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct UpgradeLoadTests {
    /// Until a server has switched, another one may be asked.
    @Test func aServerThatDiesBeforeIsReplaced() throws {
        let dead = try ReservedPort()
        let dying = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            socket.reset()
        }
        let busy = try ScriptedServer.answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
        let well = try ScriptedServer.webSockets()
        let servers = [dead.port, dying.port, busy.port, well.port].map { ServerModel(port: $0) }
        let proxy = try TestProxy(ProxySetup(servers).inOrder.with { $0.upstream.retry.attempts = 4 })
        let webSocket = try proxy.openWebSocket()
        webSocket.socket.close()
        let line = try #require(try proxy.end(dying, busy, well).first)
        #expect(line.server == "127.0.0.1:\(well.port)" && line.error == nil && line.upgrade == "websocket")
        #expect(proxy.metrics.read(.retries) == 3)
    }

    /// Afterwards never.
    @Test func aServerThatDiesAfterwardsIsNot() throws {
        let dying = try ScriptedServer { socket, _ in
            _ = try WebSocket.accept(socket)
            socket.reset()
        }
        let other = try ScriptedServer.webSockets()
        let proxy = try TestProxy(ProxySetup([ServerModel(dying), ServerModel(other)]).inOrder)
        let client = try proxy.connect()
        try client.send(WebSocket.request("/"))
        #expect(try client.readResponse().status == 101)
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        try proxy.end(dying, other)
        #expect(other.connectionCount == 0 && proxy.metrics.read(.retries) == 0)
    }

    /// They count as requests of their server for as long as they last.
    @Test func theyTakeThePlaceOfARequest() throws {
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request.target == "/ws" { return try WebSocket.accept(request, on: socket).echo() }
                try socket.send(Responses.ok)
            }
        }
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.inFlightLimit = 1
                $0.upstream.queue.saturatedTime = 60_000
            })
        let webSocket = try WebSocket.open(try proxy.connect(), "/ws")
        let other = try proxy.connect()
        try other.send(Requests.get)
        try proxy.waitForWaiting(1)
        webSocket.socket.close()
        #expect(try other.readResponse().text == "ok")
        other.close()
        try proxy.end(server)
    }

    @Test func whoDoesNotReadIsNotSentTo() throws {
        let held = try HeldServer { _ = try WebSocket.accept($0) }
        let proxy = try TestProxy(ProxySetup(held.server))
        try held.fill(by: try WebSocket.open(try proxy.connect(), "/").socket, through: proxy)
    }

    /// From the very first bytes behind the head on.
    @Test func theServerIsHeldBackAsWell() throws {
        let total = Monitor(0)
        let server = try ScriptedServer { socket, _ in
            _ = try WebSocket.accept(socket)
            let filled = try socket.fill(atMost: 256 << 20, quiet: .milliseconds(300))
            total.change { $0 = filled }
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect(receiveBuffer: 65_536)
        try client.send(WebSocket.request("/"))
        let filled = try #require(total.wait(for: { $0 > 0 ? $0 : nil }))
        #expect(filled < 64 << 20)
        #expect(proxy.state.bufferBytes < 1 << 20)
        #expect(try client.readResponse().status == 101)
        #expect(try client.receiveUntilEnd().count == filled)
        client.close()
        try proxy.end(server)
    }

    /// Many at a time, each with messages of its own.
    @Test(.timeLimit(.minutes(20))) func manyAtATime() throws {
        let server = try ScriptedServer(limit: .seconds(60)) { socket, _ in
            guard let webSocket = try WebSocket.accept(socket) else { return }
            try webSocket.echo()
        }
        let proxy = try TestProxy(ProxySetup(server))
        let complaints = Monitor<[String]>([])
        let clients = (0..<32).map { number in
            TestThread {
                do {
                    let socket = try TestSocket(port: proxy.port, limit: .seconds(60))
                    let webSocket = try WebSocket.open(socket, "/\(number)")
                    for round in 0..<20 {
                        let frame = WebSocketFrame(.binary, pattern(number * 97 * round, seed: UInt64(round)))
                        try webSocket.send(frame)
                        if try webSocket.receive() != frame { complaints.change { $0.append("\(number): others") } }
                    }
                    try webSocket.send(.close(1000))
                    if try webSocket.receive() != .close(1000) { complaints.change { $0.append("\(number): open") } }
                    socket.close()
                } catch {
                    complaints.change { $0.append("\(number): \(error)") }
                }
            }
        }
        for client in clients { #expect(client.join(.seconds(120))) }
        #expect(complaints.value == [])
        #expect(try proxy.end(server).allSatisfy { $0.status == 101 && $0.error == nil })
        #expect(proxy.metrics.read(.upgradesWebSocket) == 32)
    }
}
