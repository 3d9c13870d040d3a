// Limits of servers and upstreams, on one loop and on two.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct LimitTests {
    enum Limit: CaseIterable, Sendable { case inFlight, serverConnections, requests, connections }

    private func limited(_ server: ScriptedServer, _ limit: Limit, to count: Int) -> ProxySetup {
        var model = ServerModel(server)
        if limit == .serverConnections {
            model = ServerModel(name: model.name, addresses: model.addresses, connectionLimit: count)
        }
        return ProxySetup([model]).patient.with {
            switch limit {
            case .inFlight: $0.inFlightLimit = UInt32(count)
            case .serverConnections: break
            case .requests: $0.upstream.breaker.requests = count
            case .connections: $0.upstream.breaker.connections = count
            }
        }
    }

    @Test(arguments: Limit.allCases, [1, 3])
    func soManyAtATimeAndTheOthersLater(limit: Limit, count: Int) throws {
        let (received, gate) = (Received(), Gate())
        let server = try ScriptedServer.noting(received, after: gate)
        let proxy = try TestProxy(limited(server, limit, to: count))
        let clients = try (0..<count + 3).map { _ in try proxy.asking() }
        try received.wait(for: count)
        try proxy.waitForWaiting(3)
        #expect(received.requests.count == count)
        gate.open()
        for client in clients {
            #expect(try client.readResponse().text == "ok")
            client.close()
        }
        try proxy.end(server)
        #expect(server.connectionCount <= count)
    }

    /// The log names no server that was not asked.
    @Test func whoWaitsInVainHasNoServer() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(
            limited(server, .serverConnections, to: 1).with { $0.upstream.queue.saturatedTime = 30 })
        #expect(proxy.balance.loads.connect(0))
        #expect(try proxy.answer().status == 503)
        proxy.balance.loads.disconnect(0)
        let lines = try proxy.end(server)
        #expect(lines.map(\.server) == [nil] && lines[0].error == "all servers are at their limits")
    }

    /// An idle connection to one server is no reason not to make one to another.
    @Test func idleConnectionsGiveWay() throws {
        let first = try ScriptedServer.answering(Responses.named("first"))
        let second = try ScriptedServer.answering(Responses.named("second"))
        let setup = ProxySetup(first, second).inOrder.patient.with { $0.upstream.breaker.connections = 1 }
        let proxy = try TestProxy(setup.with { $0.affinity.key = .path })
        #expect(try proxy.answer().text == "first")
        try proxy.wait(for: .poolIdle, 1)
        // The first one stays a member, and its connection is kept.
        let swapped = Roster(
            [1, 0].map { Candidate(server: $0, identity: UInt64($0)) }, for: .first)
        try proxy.tell(.roster(upstream: 0, swapped))
        #expect(try proxy.answer().text == "second")
        try proxy.end(first, second)
        #expect(proxy.metrics.read(.poolLimit) == 1)
    }

    // MARK: Two loops

    private func twoLoops(_ setup: ProxySetup) throws -> (TestProxy, TestProxy) {
        let group = try LoopGroup(setup, loops: 2)
        return (
            try TestProxy(setup, place: LoopPlace(group: group, number: 0)),
            try TestProxy(setup, place: LoopPlace(group: group, number: 1))
        )
    }

    @Test(arguments: Limit.allCases)
    func aPlaceThatOneLoopFreesServesTheOther(limit: Limit) throws {
        let (received, gate) = (Received(), Gate())
        let server = try ScriptedServer.noting(received, after: gate)
        let (one, other) = try twoLoops(limited(server, limit, to: 1))
        let busy = try one.asking(Requests.get("/busy"))
        try received.wait(for: 1)
        let waiting = try other.asking(Requests.get("/waiting"))
        try other.waitForWaiting(1)
        #expect(one.balance.upstreams.read(.waiting, 0) == 1)
        gate.open()
        for client in [busy, waiting] {
            #expect(try client.readResponse().text == "ok")
            client.close()
        }
        server.stop()
        try one.end()
        try other.end()
        #expect(received.targets == ["/busy", "/waiting"] && one.counts.isEmpty, "\(one.counts)")
    }

    /// A connection that is idle on one loop is given up when the other may not make one.
    @Test(arguments: [Limit.serverConnections, .connections])
    func anIdleConnectionOfOneLoopGivesWayToTheOther(limit: Limit) throws {
        let server = try ScriptedServer.answering()
        let (one, other) = try twoLoops(limited(server, limit, to: 1))
        for _ in 0..<3 {
            #expect(try one.answer().text == "ok")
            #expect(try other.answer().text == "ok")
        }
        try one.wait("the clients' ends") { _ in one.metrics.read(.connectionsActive) == 0 }
        server.stop()
        try one.end()
        try other.end()
        #expect(one.counts.isEmpty && server.connectionCount == 6)
    }

    /// Whoever has waited longest comes first, whichever loop it is on.
    @Test(arguments: Limit.allCases)
    func nobodyOvertakesAnotherLoopsExchange(limit: Limit) throws {
        let (received, gate) = (Received(), Gate())
        let server = try ScriptedServer.noting(received, after: gate)
        let (one, other) = try twoLoops(limited(server, limit, to: 1))
        var clients = [try one.asking(Requests.get("/0"))]
        try received.wait(for: 1)
        clients.append(try other.asking(Requests.get("/1")))
        try other.waitForWaiting(1)
        // Loops do not measure time to the millisecond.
        let began = ContinuousClock.now
        try other.wait("some turns") { _ in ContinuousClock.now - began > .milliseconds(150) }
        clients.append(try one.asking(Requests.get("/2")))
        try one.waitForWaiting(1)
        gate.open()
        for client in clients {
            #expect(try client.readResponse().text == "ok")
            client.close()
        }
        server.stop()
        try one.end()
        try other.end()
        #expect(received.targets == ["/0", "/1", "/2"] && one.counts.isEmpty)
    }

    /// A higher priority comes first, whichever loop it is on, and however long the others have waited.
    @Test(arguments: Limit.allCases)
    func priorityHoldsOverLoops(limit: Limit) throws {
        let (received, gate) = (Received(), Gate())
        let server = try ScriptedServer.noting(received, after: gate)
        let (one, other) = try twoLoops(limited(server, limit, to: 1).with { $0.hasPriorities = true })
        var clients = [try one.asking(Requests.get("/0"))]
        try received.wait(for: 1)
        for (proxy, path) in [(one, "/low/1"), (one, "/2"), (other, "/high/3")] {
            let before = one.balance.upstreams.read(.waiting, 0)
            clients.append(try proxy.asking(Requests.get(path)))
            try proxy.wait(path) { _ in one.balance.upstreams.read(.waiting, 0) == before + 1 }
        }
        gate.open()
        for client in clients {
            #expect(try client.readResponse().text == "ok")
            client.close()
        }
        server.stop()
        try one.end()
        try other.end()
        #expect(received.targets == ["/0", "/high/3", "/2", "/low/1"] && one.counts.isEmpty)
    }
}
