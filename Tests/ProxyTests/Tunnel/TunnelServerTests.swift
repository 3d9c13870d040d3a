// How tunnels get their servers: as requests do.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct TunnelServerTests {
    /// A port that belongs to the test, and refuses.
    private func refusing(_ reserved: ReservedPort) -> ServerModel { ServerModel(port: reserved.port) }

    @Test func theNextServerIsTried() throws {
        let dead = try ReservedPort()
        let server = try ScriptedServer.collecting("here: ")
        let watch = Watch()
        let proxy = try TestProxy(
            ProxySetup([refusing(dead), ServerModel(server)]).relaying.inOrder.with {
                $0.watch = watch
                $0.health.ejection.connectionFailures = 1
            })
        let client = try proxy.connect()
        try client.send("x")
        client.shutdownSend()
        #expect(try client.receiveUntilEnd() == Array("here: x".utf8))
        client.close()
        let line = try #require(try proxy.end(server).first)
        #expect(line.server == "127.0.0.1:\(server.port)" && line.status == 200)
        #expect(proxy.metrics.read(.connectFailures, server: 0) == 1 && proxy.metrics.read(.retries) == 1)
        #expect(watch.notices == [.failures(server: 0, .connection, inARow: 1)])
    }

    @Test func withoutAServerTheConnectionIsReset() throws {
        let dead = try ReservedPort()
        let proxy = try TestProxy(ProxySetup([refusing(dead)]).relaying)
        let client = try proxy.connect()
        try client.send("x")
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        let line = try #require(try proxy.end().first)
        #expect(line.error == "connect failed: Connection refused" && line.status == 502 && line.phase == "connecting")
        #expect(proxy.metrics.read(.tunnelsFailed) == 1)
    }

    @Test func itIsWaitedForAPlace() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(ProxySetup(server).relaying.patient.with { $0.inFlightLimit = 1 })
        let first = try proxy.connect()
        try first.send("1")
        try proxy.wait(for: .tunnelsActive, 1)
        try proxy.wait("the first") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
        let second = try proxy.connect()
        let bytes = pattern(400_000, seed: 3)
        try proxy.waitForWaiting(1)
        _ = try second.send(bytes)
        second.shutdownSend()
        first.shutdownSend()
        #expect(try first.receiveUntilEnd() == [0x31])
        #expect(try second.receiveUntilEnd() == bytes)
        first.close()
        second.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.queueEntered) == 1)
    }

    @Test func whoLeavesTheQueueIsForgotten() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(ProxySetup(server).relaying.patient.with { $0.inFlightLimit = 1 })
        let first = try proxy.connect()
        try proxy.wait("the first") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
        let second = try proxy.connect()
        try proxy.waitForWaiting(1)
        second.close()
        try proxy.waitForWaiting(0)
        first.close()
        try proxy.end(server)
    }

    @Test func connectionsAreNotShared() throws {
        let server = try ScriptedServer.collecting()
        let proxy = try TestProxy(ProxySetup(server).relaying)
        for _ in 0..<3 {
            let client = try proxy.connect()
            try client.send("x")
            client.shutdownSend()
            _ = try client.receiveUntilEnd()
            client.close()
        }
        try proxy.end(server)
        #expect(proxy.metrics.read(.upstreamConnectionsOpened) == 3)
        #expect(proxy.metrics.read(.upstreamConnectionsReused) == 0)
    }

    @Test func aServerThatIsDrainedIsLeft() throws {
        let server = try ScriptedServer.echoing()
        let proxy = try TestProxy(ProxySetup(server).relaying)
        let client = try proxy.connect()
        try client.send("x")
        _ = try client.receive(exactly: 1)
        try proxy.tell(.serverDown(0))
        try client.send("y")
        #expect(try client.receive(exactly: 1) == [0x79])
        try proxy.tell(.cutServer(0))
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        #expect(try proxy.end(server).first?.error == "server drained")
    }

    /// The first tunnel after an ejection tells whether the server is well.
    @Test func aTunnelEndsProbation() throws {
        let servers = [try ScriptedServer.collecting(), try ScriptedServer.collecting()]
        let watch = Watch()
        let setup = ProxySetup(servers.map { ServerModel($0) }).relaying.inOrder.with { $0.watch = watch }
        let proxy = try TestProxy(setup)
        try proxy.tell(.roster(upstream: 0, setup.roster([0], probation: [1])))
        proxy.balance.loads.setProbation(1, .open)
        let other = try proxy.connect()
        try other.send("x")
        other.shutdownSend()
        _ = try other.receiveUntilEnd()
        other.close()
        try proxy.end(servers, #_sourceLocation)
        #expect(watch.notices == [.probation(server: 1, passed: true)])
    }
}
