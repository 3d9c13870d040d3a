// Connections that are relayed as they are.
import Glibc
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct TunnelTests {
    @Test func bytesPassBothWays() throws {
        let server = try ScriptedServer.echoing()
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        for text in ["not HTTP\r\n", "\0\u{1}\u{2}", "GET / HTTP/1.1\r\n\r\n"] {
            try client.send(text)
            #expect(try client.receive(exactly: text.utf8.count) == Array(text.utf8))
        }
        client.shutdownSend()
        #expect(try client.receiveUntilEnd().isEmpty)
        client.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.status == 200 && line.bytes == 31 && line.bytesIn == 31 && line.error == nil)
        #expect(line.listener == "test" && line.upstream == "app" && line.client == "127.0.0.1")
        #expect(line.server == "127.0.0.1:\(server.port)" && line.target == nil && line.ttfbUs != nil)
        #expect(proxy.metrics.read(.tunnels) == 1 && proxy.metrics.read(.tunnelsFailed) == 0)
        #expect(proxy.metrics.read(.requests) == 0 && proxy.metrics.read(.requests, server: 0) == 1)
    }

    @Test func theServerMaySpeakFirst() throws {
        let server = try ScriptedServer { socket, _ in
            try socket.send("220 ready\r\n")
            #expect(try socket.receive(until: "\n") == "QUIT\n")
        }
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        #expect(try client.receive(until: "\n") == "220 ready\r\n")
        try client.send("QUIT\n")
        #expect(try client.receiveUntilEnd().isEmpty)
        client.close()
        try proxy.end(server)
    }

    @Test func theClientMayEndFirst() throws {
        let server = try ScriptedServer.collecting("all: ")
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let bytes = pattern(3_000_000, seed: 1)
        let client = try proxy.connect()
        try client.send(bytes)
        client.shutdownSend()
        let answer = try client.receiveUntilEnd()
        #expect(answer == Array("all: ".utf8) + bytes)
        client.close()
        #expect(try proxy.end(server).first?.status == 200)
    }

    @Test func theServerMayEndFirst() throws {
        let server = try ScriptedServer { socket, _ in
            try socket.send("that is all")
            socket.shutdownSend()
            #expect(try socket.receiveUntilEnd().count == 1_000_000)
        }
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        #expect(try client.receiveUntilEnd() == Array("that is all".utf8))
        try client.send(pattern(1_000_000, seed: 2))
        client.close()
        try proxy.wait(for: .tunnelsActive, 0)
        #expect(server.waitForScripts())
        let line = try #require(try proxy.end(server).first)
        #expect(line.status == 200 && line.bytesIn == 1_000_000 && line.bytes == 11)
        #expect(server.failures == [])
    }

    @Test func aResetIsPassedOnToTheServer() throws {
        let seen = Monitor<TestSocket.Ending?>(nil)
        let server = try ScriptedServer { socket, _ in
            try socket.send("x")
            let ending = try socket.receiveUntilGone().ending
            seen.change { $0 = ending }
        }
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        _ = try client.receive(exactly: 1)
        client.reset()
        #expect(seen.wait(for: { $0 }) == .reset)
        let line = try #require(try proxy.end(server).first)
        #expect(line.error == "client gone" && line.phase == "relaying" && line.side == "client")
        #expect(proxy.metrics.read(.tunnelsFailed) == 1)
    }

    @Test func aResetIsPassedOnToTheClient() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.receive(exactly: 1)
            socket.reset()
        }
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        try client.send("x")
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.error == "server reset the connection: Connection reset by peer" && line.status == 502)
    }

    @Test func whoDoesNotReadIsNotSentTo() throws {
        let held = try HeldServer()
        let proxy = try TestProxy(ProxySetup(held.server).relaying)
        try held.fill(by: try proxy.connect(), through: proxy)
    }

    @Test func theServerIsHeldBackAsWell() throws {
        let total = Monitor(0)
        let server = try ScriptedServer { socket, _ in
            let filled = try socket.fill(atMost: 256 << 20, quiet: .milliseconds(300))
            total.change { $0 = filled }
        }
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect(receiveBuffer: 65_536)
        let filled = try #require(total.wait(for: { $0 > 0 ? $0 : nil }))
        #expect(filled < 64 << 20)
        #expect(proxy.state.bufferBytes < 1 << 20)
        #expect(try client.receiveUntilEnd().count == filled)
        client.close()
        try proxy.end(server)
    }

    /// Clients that do not read cannot keep all memory for themselves.
    @Test func whoHoldsMemoryIsCutWhenItIsShort() throws {
        let server = try ScriptedServer.pouring()
        let proxy = try TestProxy(
            ProxySetup(server).relaying.with {
                $0.settings.bufferBytes = 640 << 10
                $0.settings.rateGrace = 100
            })
        let hogs = try (0..<40).map { _ in try proxy.connect(receiveBuffer: 4_096) }
        try proxy.wait(for: .bufferWaits, 1, orMore: true)
        try proxy.wait(for: .timeoutTunnelStall, 1, orMore: true)
        var isServed = false
        for _ in 0..<50 where !isServed {
            let client = try TestSocket(port: proxy.port, limit: .seconds(1))
            try? client.send("x")
            isServed = (try? client.receive(exactly: 1)) == [0x78]
            client.close()
        }
        #expect(isServed)
        for hog in hogs { hog.close() }
        let lines = try proxy.end(server)
        #expect(lines.contains { $0.error == "client reads the response too slowly" })
    }

    @Test func thereIsAnEndToSilence() throws {
        let server = try ScriptedServer { socket, _ in
            try socket.send("x")
            #expect(try socket.receiveUntilGone().ending == .reset)
        }
        let proxy = try TestProxy(ProxySetup(server).relaying.with { $0.settings.tunnelIdleTime = 150 })
        let client = try proxy.connect()
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.error == "nothing was sent for too long" && line.status == 504)
        #expect(proxy.metrics.read(.timeoutTunnelIdle) == 1)
    }

    @Test func drainingLetsTunnelsEnd() throws {
        let server = try ScriptedServer.echoing()
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        try client.send("a")
        _ = try client.receive(exactly: 1)
        try proxy.tell(.drain)
        try client.send("b")
        #expect(try client.receive(exactly: 1) == [0x62])
        client.close()
        #expect(proxy.waitForEnd())
    }

    @Test func stoppingCutsThem() throws {
        let server = try ScriptedServer.echoing()
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        try client.send("a")
        _ = try client.receive(exactly: 1)
        proxy.post(.stop)
        #expect(proxy.waitForEnd())
        #expect(try client.receiveUntilGone().ending == .reset)
        #expect(try proxy.log.parsed().first?.error == "shutting down")
    }

    @Test func theCombinedFormatHasALineToo() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(ProxySetup(server).relaying.with { $0.format = .combined })
        let client = try proxy.connect()
        try client.send("abc")
        client.shutdownSend()
        _ = try client.receiveUntilEnd()
        client.close()
        try proxy.log.wait(for: 1)
        let line = proxy.log.lines[0]
        #expect(line.hasPrefix("127.0.0.1 - - [") && line.hasSuffix("] \"TCP test\" 200 3 \"-\" \"-\""))
    }
}
