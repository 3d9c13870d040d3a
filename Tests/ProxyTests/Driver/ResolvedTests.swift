import MartletBalancing
// A server's name leads elsewhere.
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ResolvedTests {
    private func address(_ server: ScriptedServer) -> SocketAddress { .loopback(port: server.port) }

    /// A proxy for a server whose name leads to `server`.
    private func start(_ server: ScriptedServer) throws -> TestProxy {
        try TestProxy(ProxySetup([ServerModel(name: "app.test:80", addresses: [address(server)])]))
    }

    /// A client whose request is at the server.
    private func waiting(for proxy: TestProxy) throws -> TestSocket {
        let client = try proxy.connect()
        try client.send(Requests.get)
        try proxy.wait("the request at the server") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
        return client
    }

    @Test func aNameCanBeUsedWhenItIsResolved() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(.withoutServers)
        #expect(try proxy.answer().status == 503)
        try proxy.resolve([address(server)])
        #expect(try proxy.answer().status == 200)
        #expect(try proxy.end(server).map(\.server) == [nil, "app.test:80"])
    }

    @Test func idleConnectionsToALostAddressAreClosed() throws {
        let (old, new) = (try ScriptedServer.answering(), try ScriptedServer.answering())
        let proxy = try start(old)
        #expect(try proxy.answer().status == 200)
        try proxy.wait(for: .poolIdle, 1)
        try proxy.resolve([address(new)])
        #expect(proxy.metrics.read(.poolIdle) == 0 && proxy.metrics.read(.poolAddressGone) == 1)
        #expect(old.waitForScripts(), "the old server sees the end")
        #expect(try proxy.answer().status == 200)
        #expect(new.connectionCount == 1 && old.connectionCount == 1)
        try proxy.end(old, new)
    }

    @Test func nothingIsClosedWhileNoAddressIsLost() throws {
        let (one, two) = (try ScriptedServer.answering(), try ScriptedServer.answering())
        let proxy = try start(one)
        #expect(try proxy.answer().status == 200)
        try proxy.wait(for: .poolIdle, 1)
        try proxy.resolve([address(two), address(one)])
        #expect(proxy.metrics.read(.poolIdle) == 1 && proxy.metrics.read(.poolAddressGone) == 0)
        #expect(try proxy.answer().status == 200)
        #expect(one.connectionCount == 1 && proxy.metrics.read(.upstreamConnectionsReused) == 1)
        try proxy.end(one, two)
    }

    /// What is being served is finished, and its connection not used again.
    @Test func busyConnectionsEndWithTheirExchange() throws {
        let gate = Gate()
        let (old, new) = (try ScriptedServer.answering(after: gate), try ScriptedServer.answering())
        let proxy = try start(old)
        let client = try waiting(for: proxy)
        try proxy.resolve([address(new)])
        gate.open()
        #expect(try client.readResponse().text == "ok")
        #expect(old.waitForScripts())
        #expect(proxy.metrics.read(.poolIdle) == 0)
        try client.send(Requests.get)
        #expect(try client.readResponse().text == "ok")
        #expect(new.connectionCount == 1 && old.connectionCount == 1)
        client.close()
        try proxy.end(old, new)
    }

    /// Even if the old address comes back meanwhile: it may be another server by then.
    @Test func anAddressThatComesBackIsNew() throws {
        let gate = Gate()
        let (old, new) = (try ScriptedServer.answering(after: gate), try ScriptedServer.answering())
        let proxy = try start(old)
        let client = try waiting(for: proxy)
        try proxy.resolve([address(new)])
        try proxy.resolve([address(old)])
        gate.open()
        for _ in 0..<2 {
            #expect(try client.readResponse().text == "ok")
            try client.send(Requests.get)
        }
        #expect(try client.readResponse().text == "ok")
        #expect(old.connectionCount == 2 && new.connectionCount == 0)
        client.close()
        try proxy.end(old, new)
    }

    @Test func connectionsGoToAllAddressesInTurn() throws {
        let servers = try (0..<3).map { _ in try ScriptedServer.answering(Responses.closing) }
        let proxy = try TestProxy(.withoutServers)
        try proxy.resolve(servers.map { address($0) })
        for _ in 0..<6 { #expect(try proxy.answer().status == 200) }
        #expect(servers.map(\.connectionCount) == [2, 2, 2])
        try proxy.end(servers[0], servers[1], servers[2])
    }
}

extension TestProxy {
    /// The only server's name has these addresses, and so it may be chosen.
    fileprivate func resolve(_ addresses: [SocketAddress]) throws {
        try tell(.resolved(server: 0, addresses))
        try tell(.roster(upstream: 0, Roster([Candidate(server: 0)], for: .leastBusy)))
    }
}
