// How a loop comes to its end.
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct DrainTests {
    /// A proxy with a client whose request its server holds back until `gate` is open.
    private func withHeldRequest(
        admin: AdminDesk? = nil, _ body: (TestProxy, TestSocket, Gate) throws -> Void
    ) throws {
        let gate = Gate()
        let server = try ScriptedServer.answering(after: gate)
        let proxy = try TestProxy(ProxySetup(server).with { $0.admin = admin })
        let client = try proxy.connect()
        try client.send(Requests.get)
        try proxy.wait("the request at the server") { _ in proxy.metrics.read(.inFlight, server: 0) == 1 }
        try body(proxy, client, gate)
        gate.open()
    }

    private func expectRefused(_ port: UInt16) {
        #expect(throws: TestFailure.self) { try TestSocket(port: port) }
    }

    @Test func whatIsGoingOnIsFinishedAndTheClientTold() throws {
        try withHeldRequest { proxy, client, gate in
            proxy.post(.drain)
            try proxy.wait("the end of accepting") { $0.isFinishing }
            expectRefused(proxy.port)
            gate.open()
            let answer = try client.readResponse()
            #expect(answer.text == "ok" && answer["Connection"] == "close")
            #expect(try client.receiveUntilGone() == ([], .end))
            #expect(proxy.waitForEnd(), "nothing is left to be done")
            let line = try #require(try proxy.log.parsed().first)
            #expect(line.status == 200 && line.error == nil)
            #expect(proxy.metrics.read(.upstreamConnectionsActive) == 0 && proxy.metrics.read(.poolIdle) == 0)
            #expect(proxy.metrics.read(.connectionsActive) == 0 && proxy.shared.current == 0)
        }
    }

    /// A request may be on its way on a connection that looks idle.
    @Test func idleConnectionsHaveTimeForOneMoreRequest() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server))
        let (one, other) = (try proxy.connect(), try proxy.connect())
        for client in [one, other] {
            try client.send(Requests.get)
            #expect(try client.readResponse()["Connection"] == nil)
        }
        try proxy.wait("idle connections") { $0.idleClients == 2 }
        let began = ContinuousClock.now
        try proxy.tell(.drain)
        try one.send(Requests.get)
        let answer = try one.readResponse()
        #expect(answer.status == 200 && answer["Connection"] == "close")
        // The other says nothing and is closed in peace, but not before the time is over; loops count in whole milliseconds.
        #expect(try other.receiveUntilGone() == ([], .end))
        #expect(ContinuousClock.now - began >= .milliseconds(249))
        #expect(proxy.waitForEnd())
        #expect(proxy.metrics.read(.timeoutIdle) == 0)
        #expect(try proxy.log.parsed().count == 3)
    }

    @Test func aProxyWithoutClientsEndsAtOnce() throws {
        let proxy = try TestProxy(.withoutServers)
        proxy.post(.drain)
        #expect(proxy.waitForEnd())
        expectRefused(proxy.port)
    }

    /// Whoever was in the backlog when the drain began is owed an answer.
    @Test func whoeverConnectedBeforeIsAnswered() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server))
        let clients = try (0..<20).map { _ in
            let client = try proxy.connect()
            try client.send(Requests.get)
            return client
        }
        proxy.post(.drain)
        for client in clients { #expect(try client.readResponse().status == 200) }
        #expect(proxy.waitForEnd())
    }

    /// The admin listener is where one sees how the drain comes along; those who watch do not hold it up.
    @Test func theAdminListenerGoesOnUntilTheEnd() throws {
        let desk = AdminDesk(immediate: .text("draining"))
        try withHeldRequest(admin: desk) { proxy, client, gate in
            let watcher = try proxy.connectToAdmin()
            proxy.post(.drain)
            try proxy.wait("the end of accepting") { $0.isFinishing }
            expectRefused(proxy.port)
            let late = try proxy.connectToAdmin()
            try late.send(Requests.get)
            #expect(try late.readResponse().text == "draining")
            gate.open()
            #expect(try client.readResponse().status == 200)
            #expect(proxy.waitForEnd())
            expectRefused(proxy.adminPort)
            watcher.close()
        }
    }

    @Test func beginningTwiceChangesNothing() throws {
        try withHeldRequest { proxy, client, gate in
            try proxy.tell(.drain)
            try proxy.tell(.drain)
            gate.open()
            #expect(try client.readResponse().status == 200)
            #expect(proxy.waitForEnd())
        }
    }

    // MARK: Stop

    /// Who has not got a response is told, and has a line in the log.
    @Test func stoppingCutsOffAndLogs() throws {
        try withHeldRequest { proxy, client, _ in
            proxy.post(.stop)
            #expect(proxy.waitForEnd())
            #expect(try client.readResponse().status == 503)
            let line = try #require(try proxy.log.parsed().first)
            #expect(line.status == 503 && line.error == "shutting down" && line.side == "proxy")
            #expect(proxy.metrics.read(.logLines) == 1 && proxy.metrics.read(.exchangesActive) == 0)
            #expect(proxy.metrics.read(.inFlight, server: 0) == 0)
            #expect(proxy.metrics.read(.upstreamConnectionsActive) == 0)
            #expect(proxy.metrics.read(.connectionsActive) == 0 && proxy.shared.current == 0)
        }
    }

    @Test func stoppingEndsADrain() throws {
        try withHeldRequest { proxy, client, _ in
            proxy.post(.drain)
            try proxy.wait("the end of accepting") { $0.isFinishing }
            proxy.post(.stop)
            #expect(proxy.waitForEnd())
            #expect(try client.readResponse().status == 503)
            #expect(try proxy.log.parsed().map(\.error) == ["shutting down"])
        }
    }

    @Test func stoppingHandsOverLinesThatWait() throws {
        let proxy = try TestProxy(.withoutServers)
        #expect(try proxy.answer().status == 503)
        proxy.post(.stop)
        #expect(proxy.waitForEnd())
        #expect(try proxy.log.parsed().count == 1)
    }
}
