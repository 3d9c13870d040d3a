// How connections end that have switched protocols.
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct UpgradeEndingTests {
    @Test func theServerMayCloseFirst() throws {
        let server = try ScriptedServer { socket, _ in
            let webSocket = try #require(try WebSocket.accept(socket))
            try webSocket.send(.close(1012, "restarting"))
            #expect(try webSocket.receive() == .close(1012))
        }
        let proxy = try TestProxy(ProxySetup(server))
        let webSocket = try WebSocket.open(try proxy.connect(), "/")
        #expect(try webSocket.receive() == .close(1012, "restarting"))
        try webSocket.send(.close(1012))
        #expect(try webSocket.socket.receiveUntilEnd().isEmpty)
        webSocket.socket.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.status == 101 && line.error == nil)
        #expect(server.failures == [] && proxy.metrics.read(.tunnelsFailed) == 0)
    }

    @Test func aResetIsPassedOnToTheServer() throws {
        let seen = Monitor<TestSocket.Ending?>(nil)
        let server = try ScriptedServer { socket, _ in
            _ = try WebSocket.accept(socket)
            let ending = try socket.receiveUntilGone().ending
            seen.change { $0 = ending }
        }
        let proxy = try TestProxy(ProxySetup(server))
        let webSocket = try WebSocket.open(try proxy.connect(), "/")
        webSocket.socket.reset()
        #expect(seen.wait(for: { $0 }) == .reset)
        let line = try #require(try proxy.end(server).first)
        #expect(line.status == 101 && line.error == "client gone" && line.phase == "relaying")
        #expect(proxy.metrics.read(.clientsGone) == 1 && proxy.metrics.read(.tunnelsFailed) == 1)
    }

    @Test func aResetIsPassedOnToTheClient() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try WebSocket.accept(socket)?.receive()
            socket.reset()
        }
        let proxy = try TestProxy(ProxySetup(server))
        let webSocket = try WebSocket.open(try proxy.connect(), "/")
        try webSocket.send(.text("x"))
        #expect(try webSocket.socket.receiveUntilGone().ending == .reset)
        webSocket.socket.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.status == 101 && line.error == "server reset the connection: Connection reset by peer")
        #expect(line.side == "server" && proxy.metrics.read(.failures, server: 0) == 1)
    }

    @Test func silenceEndsWithAWord() throws {
        let server = try ScriptedServer.webSockets()
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.tunnelIdleTime = 150 })
        let webSocket = try proxy.openWebSocket()
        #expect(try webSocket.receive().closeCode == 1001)
        #expect(try webSocket.socket.receiveUntilEnd().isEmpty)
        webSocket.socket.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.status == 101 && line.error == "nothing was sent for too long" && line.side == "proxy")
        #expect(proxy.metrics.read(.timeoutTunnelIdle) == 1 && proxy.metrics.read(.timeoutIdle) == 0)
    }

    /// When one end has ended its side, the other cannot hold its place for long.
    @Test(arguments: [false, true]) func bothHaveToEnd(serverFirst: Bool) throws {
        let gate = Gate()
        let server = try ScriptedServer { socket, _ in
            _ = try WebSocket.accept(socket)
            if serverFirst { socket.shutdownSend() }
            try gate.wait()
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.tunnelIdleTime = 300 })
        let webSocket = try WebSocket.open(try proxy.connect(), "/")
        if !serverFirst { webSocket.socket.shutdownSend() }
        #expect(try webSocket.socket.receiveUntilEnd().isEmpty)
        try proxy.wait(for: .tunnelsActive, 0)
        #expect(proxy.metrics.read(.inFlight, server: 0) == 0)
        gate.open()
        webSocket.socket.close()
        #expect(try proxy.end(server).map(\.error) == [nil])
        #expect(proxy.metrics.read(.timeoutTunnelIdle) == 0)
    }

    /// In the middle of a frame nothing can be said.
    @Test func noFrameIsBroken() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try WebSocket.accept(socket)
            try socket.send([0x82, 100, 1, 2, 3])
            _ = try socket.receiveUntilGone()
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.tunnelIdleTime = 150 })
        let webSocket = try WebSocket.open(try proxy.connect(), "/")
        #expect(try webSocket.socket.receiveUntilGone().bytes == [0x82, 100, 1, 2, 3])
        webSocket.socket.close()
        try proxy.end(server)
    }

    /// Other protocols have no such word, and may take an end for a good one.
    @Test func othersAreReset() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
            #expect(try socket.receiveUntilGone().ending == .reset)
        }
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.upgrades = ["tcp"]
                $0.settings.tunnelIdleTime = 150
            })
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        #expect(try client.readResponse().status == 101)
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        try proxy.end(server)
        #expect(server.failures == [])
    }

    @Test func drainingLetsThemEnd() throws {
        let server = try ScriptedServer.webSockets()
        let proxy = try TestProxy(ProxySetup(server))
        let webSocket = try proxy.openWebSocket()
        try proxy.tell(.drain)
        try webSocket.send(.text("still there"))
        #expect(try webSocket.receiveText() == "still there")
        try webSocket.send(.close(1000))
        #expect(try webSocket.receive().closeCode == 1000)
        webSocket.socket.close()
        #expect(proxy.waitForEnd())
        #expect(try proxy.log.parsed().map(\.error) == [nil])
    }

    @Test func stoppingSaysSo() throws {
        let server = try ScriptedServer.webSockets()
        let proxy = try TestProxy(ProxySetup(server))
        let webSocket = try proxy.openWebSocket()
        proxy.post(.stop)
        #expect(proxy.waitForEnd())
        #expect(try webSocket.receive().closeCode == 1001)
        #expect(try webSocket.socket.receiveUntilEnd().isEmpty)
        let line = try #require(try proxy.log.parsed().first)
        #expect(line.error == "shutting down" && line.status == 101)
    }

    @Test func aDrainedServerIsLeft() throws {
        let server = try ScriptedServer.webSockets()
        let proxy = try TestProxy(ProxySetup(server))
        let webSocket = try proxy.openWebSocket()
        try proxy.tell(.serverDown(0))
        try webSocket.send(.text("not disturbed"))
        #expect(try webSocket.receiveText() == "not disturbed")
        try proxy.tell(.cutServer(0))
        #expect(try webSocket.receive().closeCode == 1001)
        webSocket.socket.close()
        #expect(try proxy.end(server).first?.error == "server drained")
        #expect(proxy.metrics.read(.exchangesCut) == 1)
    }

    /// Before the server has switched it is an exchange like any other.
    @Test func aClientMayLeaveBefore() throws {
        let gate = Gate()
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            gate.open()
            _ = try socket.receiveUntilGone()
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(WebSocket.request("/"))
        try gate.wait()
        client.reset()
        let line = try proxy.end(server, failed: ExpectedFailure(.clientGone, .awaitingResponse))
        #expect(line.upgrade == nil)
    }

    /// Half of it, even: the server is told when it has switched.
    @Test func anEndBeforeTheSwitchIsPassedOn() throws {
        let hasEnded = Gate()
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try hasEnded.wait()
            try socket.send(WebSocket.response())
            #expect(try socket.receiveUntilEnd().isEmpty)
            try socket.send("bye")
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(WebSocket.request("/"))
        client.shutdownSend()
        hasEnded.open()
        #expect(try client.readResponse().status == 101)
        #expect(try client.receiveUntilEnd() == Array("bye".utf8))
        client.close()
        #expect(try proxy.end(server).first?.error == nil)
        #expect(server.failures == [])
    }

    @Test func timesOfExchangesEndWithTheSwitch() throws {
        let server = try ScriptedServer.webSockets()
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.settings.exchangeTime = 100
                $0.settings.idleTime = 100
                $0.settings.rateGrace = 100
                $0.upstream.responseTime = 100
                $0.upstream.stallTime = 100
                $0.upstream.retry.tryTime = 50
            })
        let webSocket = try proxy.openWebSocket()
        #expect(webSocket.socket.isQuiet(for: .milliseconds(600)))
        try webSocket.send(.text("still there"))
        #expect(try webSocket.receiveText() == "still there")
        webSocket.socket.close()
        #expect(try proxy.end(server).map(\.error) == [nil])
    }
}
