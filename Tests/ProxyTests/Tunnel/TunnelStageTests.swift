// Tunnels whose ends do the unexpected at each stage: before, while and after their server is reached.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct TunnelStageTests {
    /// The server speaks first, and this client not at all: it must not matter whether its end comes before the server is
    /// reached.
    @Test func aClientMaySayNothing() throws {
        let server = try ScriptedServer { socket, _ in
            #expect(try socket.receiveUntilEnd().isEmpty)
            try socket.send("the time is")
        }
        let proxy = try TestProxy(ProxySetup(server).relaying)
        for _ in 0..<50 {
            let client = try proxy.connect()
            client.shutdownSend()
            #expect(try client.receiveUntilEnd() == Array("the time is".utf8))
            client.close()
        }
        #expect(try proxy.end(server).allSatisfy { $0.status == 200 })
        #expect(server.failures == [])
    }

    /// Those who wait for memory say so once. Afterwards nothing happens that would remind of them.
    @Test func whoWaitsForMemoryIsNotForgotten() throws {
        let server = try ScriptedServer.pouring()
        let proxy = try TestProxy(
            ProxySetup(server).relaying.with {
                $0.settings.bufferBytes = 640 << 10
                $0.settings.rateGrace = 300
            })
        let hogs = try (0..<40).map { _ in try proxy.connect(receiveBuffer: 4_096) }
        try proxy.wait(for: .bufferWaits, 1, orMore: true)
        let client = try proxy.connect()
        try client.send("x")
        #expect(try client.receive(exactly: 1) == [0x78])
        try proxy.wait(for: .timeoutTunnelStall, 1, orMore: true)
        for hog in hogs { hog.close() }
        client.close()
        try proxy.end(server)
    }

    /// Whoever accepts only to reset is no better than one who refuses.
    @Test func aServerThatResetsWhatItAcceptsIsNotWell() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.receive(exactly: 1)
            socket.reset()
        }
        let watch = Watch()
        let proxy = try TestProxy(
            ProxySetup(server).relaying.with {
                $0.watch = watch
                $0.health.ejection.connectionFailures = 3
            })
        for _ in 0..<3 {
            let client = try proxy.connect()
            try client.send("x")
            #expect(try client.receiveUntilGone().ending == .reset)
            client.close()
        }
        try proxy.end(server)
        #expect(watch.notices == [.failures(server: 0, .connection, inARow: 3)])
    }

    @Test func aServerThatSpeaksIsWell() throws {
        let server = try ScriptedServer { socket, number in
            _ = try socket.receive(exactly: 1)
            if number == 1 { try socket.send("x") } else { socket.reset() }
        }
        let watch = Watch()
        let proxy = try TestProxy(
            ProxySetup(server).relaying.with {
                $0.watch = watch
                $0.health.ejection.connectionFailures = 2
            })
        for _ in 0..<3 {
            let client = try proxy.connect()
            try client.send("x")
            _ = try client.receiveUntilGone()
            client.close()
        }
        try proxy.end(server)
        #expect(watch.notices.isEmpty)
    }

    /// What is kept for a server that cannot be reached goes whole to the one that can.
    @Test func whatIsKeptGoesToTheNextServer() throws {
        let dead = [try ReservedPort(), try ReservedPort()]
        let server = try ScriptedServer.collecting()
        let servers = dead.map { ServerModel(port: $0.port) } + [ServerModel(server)]
        let proxy = try TestProxy(ProxySetup(servers).relaying.inOrder)
        for seed in 0..<8 {
            let bytes = pattern(200_000 + seed, seed: UInt64(seed))
            let client = try proxy.connect()
            let sending = TestThread {
                try? client.send(bytes)
                client.shutdownSend()
            }
            let back = try client.receiveUntilEnd()
            #expect(back == bytes)
            #expect(sending.join())
            client.close()
        }
        #expect(try proxy.end(server).allSatisfy { $0.status == 200 && $0.error == nil })
    }

    @Test func aResetWhileItWaitsGivesItsPlaceBack() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(ProxySetup(server).relaying.patient.with { $0.inFlightLimit = 1 })
        let first = try proxy.connect()
        try proxy.wait("the first") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
        for size in [0, 1, 300_000] {
            let second = try proxy.connect()
            try proxy.waitForWaiting(1)
            try? second.send(pattern(size, seed: 1))
            second.reset()
            try proxy.waitForWaiting(0)
        }
        first.close()
        let lines = try proxy.end(server)
        #expect(lines.filter { $0.error == "client gone" && $0.phase == "waiting" }.count == 3)
    }

    /// While the server's end is on its way to a slow client, everything may still come.
    @Test func allArrivesBehindASlowReader() throws {
        let bytes = pattern(3_000_000, seed: 5)
        let server = try ScriptedServer { socket, _ in try socket.send(bytes) }
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect(receiveBuffer: 4_096)
        client.shutdownSend()
        var received: [UInt8] = []
        while received.count < 1_000_000 { received += try client.receive(exactly: 1_000) }
        received += try client.receiveUntilEnd()
        #expect(received == bytes)
        client.close()
        #expect(try proxy.end(server).first?.status == 200)
    }

    /// Nobody must be able to make the proxy look at the same bytes again and again.
    @Test func tinyRecordsInTinyPiecesArePassedOn() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(try ProxySetup(server).relaying(byName: [("a.test", 0)]))
        var hello: [UInt8] = []
        for byte in Hello.bytes("a.test").dropFirst(5) { hello += [22, 3, 1, 0, 1, byte] }
        let client = try proxy.connect()
        for (count, byte) in hello.enumerated() {
            try proxy.wait(for: .downstreamBytesIn, UInt64(count))
            try client.send([byte])
        }
        client.shutdownSend()
        #expect(try client.receiveUntilEnd() == hello)
        client.close()
        #expect(try proxy.end(server).first?.serverName == "a.test")
    }

    @Test func drainingCutsWhoWaits() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(ProxySetup(server).relaying.patient.with { $0.inFlightLimit = 1 })
        let first = try proxy.connect()
        try proxy.wait("the first") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
        let second = try proxy.connect()
        try second.send("x")
        try proxy.waitForWaiting(1)
        proxy.post(.stop)
        #expect(proxy.waitForEnd())
        for client in [first, second] { #expect(try client.receiveUntilGone().ending == .reset) }
        #expect(try proxy.log.parsed().map(\.error) == ["shutting down", "shutting down"])
        #expect(proxy.counts.isEmpty)
    }
}
