// How WebSockets end that nobody closes as they should be.
import Glibc
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketEndingTests {
    /// Many on two servers; one of them is killed.
    @Test func aServerIsKilled() throws {
        let servers = try (0..<2).map { _ in try ScriptedServer.webSockets() }
        let config = Configs.proxy(to: servers.map(\.address), upstream: ["balance: round-robin"])
        try withMartlet(config) { martlet throws in
            let webSockets = try (0..<40).map { _ in try martlet.openWebSocket() }
            #expect(servers.map(\.connectionCount) == [20, 20])
            servers[0].stop()
            var lost = 0
            for webSocket in webSockets {
                do {
                    try webSocket.send(.text("a"))
                    #expect(try webSocket.receiveText() == "a")
                } catch {
                    lost += 1
                }
                webSocket.socket.close()
            }
            #expect(lost == 20)
            // New ones go to the other.
            for _ in 0..<4 {
                let webSocket = try martlet.openWebSocket()
                try webSocket.send(.text("b"))
                #expect(try webSocket.receiveText() == "b")
                webSocket.socket.close()
            }
            try martlet.waitForMetric("martlet_tunnels_active", 0)
        }
    }

    @Test(arguments: [false, true]) func clientsVanish(secure: Bool) throws {
        let server = try ScriptedServer.webSockets()
        try withProxy(secure: secure, to: server) { martlet throws in
            let webSockets = try (0..<20).map { _ in try martlet.openWebSocket() }
            for (number, webSocket) in webSockets.enumerated() {
                try webSocket.socket.send([0x82, 0xFE, 0xFF])
                if number % 2 == 0 { webSocket.socket.reset() } else { webSocket.socket.close() }
            }
            try martlet.waitForMetric("martlet_tunnels_active", 0)
            try martlet.waitForMetric("martlet_upstream_connections_active", 0)
        }
        #expect(server.waitForScripts())
    }

    @Test(arguments: [false, true]) func silenceEndsThem(secure: Bool) throws {
        let server = try ScriptedServer.webSockets()
        try withProxy(secure: secure, to: server, "timeouts: {tunnelIdle: 1s}") { martlet throws in
            let webSocket = try martlet.openWebSocket("/idle")
            for _ in 0..<5 {
                // Whoever pings stays.
                #expect(webSocket.socket.isQuiet(for: .milliseconds(300)))
                try webSocket.send(WebSocketFrame(.ping))
                #expect(try webSocket.receive() == WebSocketFrame(.pong))
            }
            #expect(try webSocket.receive().closeCode == 1001)
            #expect(try webSocket.socket.receiveUntilEnd().isEmpty)
            webSocket.socket.close()
            let line = try martlet.accessLogLine(target: "/idle")
            #expect(line["error"] == "nothing was sent for too long" || line["error"] == nil)
        }
    }

    /// The time for draining is theirs; whoever is still there at its end is told.
    @Test func aDrainWaitsAndThenSaysSo() throws {
        let server = try ScriptedServer.webSockets()
        let martlet = try RunningMartlet(Configs.proxy(to: server, "timeouts: {drain: 2s}"))
        let (staying, leaving) = (try martlet.openWebSocket("/a"), try martlet.openWebSocket("/b"))
        martlet.process.signal(SIGTERM)
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        for webSocket in [staying, leaving] {
            try webSocket.send(.text("still"))
            #expect(try webSocket.receiveText() == "still")
        }
        try leaving.send(.close(1000))
        #expect(try leaving.receive().closeCode == 1000)
        leaving.socket.close()
        #expect(try staying.receive().closeCode == 1001)
        #expect(try staying.socket.receiveUntilEnd().isEmpty)
        #expect(try martlet.process.wait() == .code(0))
        let lines = try martlet.accessLog
        #expect(lines.first { $0["target"] == "/a" }?["error"] == "shutting down")
        #expect(lines.contains { $0["target"] == "/b" && $0["error"] == nil })
    }

    @Test func aDrainIsOverWhenTheyAre() throws {
        let server = try ScriptedServer.webSockets()
        let martlet = try RunningMartlet(Configs.proxy(to: server, "timeouts: {drain: 1h}"))
        let webSocket = try martlet.openWebSocket()
        martlet.process.signal(SIGTERM)
        try martlet.process.waitForOutput(containing: "draining", on: .errors)
        #expect(martlet.process.isRunning)
        webSocket.socket.close()
        #expect(try martlet.process.wait() == .code(0))
    }
}
