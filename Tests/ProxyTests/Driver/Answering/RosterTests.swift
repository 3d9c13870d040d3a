// What a loop is told of servers while exchanges go on.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct RosterTests {
    /// A server that leaves the roster gets nothing new, and finishes what it has.
    @Test func whoeverIsTakenOutFinishes() throws {
        let gate = Gate()
        let (received, others) = (Received(), Received())
        let first = try ScriptedServer.noting(received, Responses.named("first"), after: gate)
        let second = try ScriptedServer.noting(others, Responses.named("second"))
        let setup = ProxySetup(first, second).inOrder
        let proxy = try TestProxy(setup)
        let client = try proxy.asking()
        try received.wait(for: 1)
        try proxy.tell(.roster(upstream: 0, setup.roster([1])))
        for _ in 0..<3 { #expect(try proxy.answer().text == "second") }
        gate.open()
        #expect(try client.readResponse().text == "first")
        // Its connection is not kept for anybody.
        try proxy.wait("the connection to be closed") { _ in proxy.balance.loads.connections(0) == 0 }
        try client.send(Requests.get)
        #expect(try client.readResponse().text == "second")
        client.close()
        try proxy.end(first, second)
        #expect(received.requests.count == 1)
    }

    @Test func idleConnectionsToThoseTakenOutAreClosed() throws {
        let first = try ScriptedServer.answering()
        let second = try ScriptedServer.answering()
        let setup = ProxySetup(first, second).inOrder
        let proxy = try TestProxy(setup)
        #expect(try proxy.answer().status == 200)
        try proxy.wait(for: .poolIdle, 1)
        try proxy.tell(.roster(upstream: 0, setup.roster([1])))
        #expect(proxy.metrics.read(.poolIdle) == 0 && proxy.metrics.read(.poolServerGone) == 1)
        #expect(proxy.balance.loads.connections(0) == 0)
        try proxy.end(first, second)
    }

    /// A roster may come while an exchange is connecting, waiting for its retry, or uploading; nothing of that is lost.
    @Test func aRosterDisturbsNobody() throws {
        let gate = Gate()
        let first = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            try gate.wait()
            socket.reset()
        }
        let second = try ScriptedServer.answering(Responses.named("second"))
        let setup = ProxySetup(first, second).inOrder
        let proxy = try TestProxy(setup)
        let client = try proxy.asking(Requests.put(length: 6) + "abc")
        #expect(first.waitForConnections(1))
        for members in [[0], [1], [], [1, 0], [1]] {
            try proxy.tell(.roster(upstream: 0, setup.roster(members)))
        }
        gate.open()
        try client.send("def")
        #expect(try client.readResponse().text == "second")
        client.close()
        try proxy.end(first, second)
    }

    // MARK: Draining

    /// The time is over: what may be sent again is, and the rest fails honestly.
    @Test func whatADrainedServerStillHasIsCut() throws {
        let received = Received()
        let first = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                received.append(request)
                if request.target == "/half" { try socket.send(Responses.head(length: 9) + "half") }
                _ = try socket.receiveUntilGone()
            }
        }
        let second = try ScriptedServer.answering(Responses.named("second"))
        let setup = ProxySetup(first, second).inOrder
        let proxy = try TestProxy(setup)
        let get = try proxy.asking()
        let post = try proxy.asking(Requests.post(length: 2) + "hi")
        let half = try proxy.asking(Requests.get("/half"))
        try received.wait(for: 3)
        _ = try half.receive(until: "half")
        try proxy.tell(.roster(upstream: 0, setup.roster([1])))
        try proxy.tell(.cutServer(0))
        #expect(try get.readResponse().text == "second")
        let answer = try post.readResponse()
        #expect(answer.status == 503 && answer["Retry-After"] == "1")
        #expect(try half.receiveUntilGone().ending == .reset)
        #expect(proxy.metrics.read(.exchangesCut) == 3)
        for client in [get, post, half] { client.close() }
        try proxy.end(first, second)
        // It was our decision, not the server's failure.
        #expect(proxy.balance.loads.outcomes(0).failures == 0)
    }

    // MARK: Down

    @Test func whatWaitsForAServerThatIsDownGoesElsewhere() throws {
        let received = Received()
        let first = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() { received.append(request) }
        }
        let second = try ScriptedServer.answering(Responses.named("second"))
        let proxy = try TestProxy(ProxySetup(first, second).inOrder.with { $0.upstream.responseTime = 300 })
        let clients = try (0..<3).map { _ in try proxy.asking() }
        let post = try proxy.asking(Requests.post(length: 2) + "hi")
        try received.wait(for: 4)
        proxy.post(.serverDown(0))
        for client in clients {
            #expect(try client.readResponse().text == "second")
            client.close()
        }
        // Only its own time ends this one.
        #expect(try post.readResponse().status == 504)
        post.close()
        try proxy.end(first, second)
        #expect(proxy.metrics.read(.retries) == 3)
    }

    /// A check may be wrong: what may not be sent again for want of budget stays, and may yet be answered.
    @Test func withoutBudgetTheyStay() throws {
        let (received, gate) = (Received(), Gate())
        let first = try ScriptedServer.noting(received, Responses.named("first"), after: gate)
        let second = try ScriptedServer.answering(Responses.named("second"))
        let proxy = try TestProxy(ProxySetup(first, second).inOrder.with { $0.upstream.retry.budgetFloor = 0 })
        let client = try proxy.asking()
        try received.wait(for: 1)
        try proxy.tell(.serverDown(0))
        gate.open()
        #expect(try client.readResponse().text == "first")
        client.close()
        try proxy.end(first, second)
        #expect(proxy.metrics.read(.retriesRefused) == 1)
    }

    /// Who is still connecting has sent nothing: any method may go elsewhere.
    @Test func whoIsConnectingGoesElsewhere() throws {
        let full = Descriptor(try Listening.open(.loopback(port: 0), backlog: 0))
        let port = try Listening.port(of: full.number)
        let filling = try TestSocket(port: port)
        let second = try ScriptedServer.answering(Responses.named("second"))
        let proxy = try TestProxy(
            ProxySetup([ServerModel(port: port), ServerModel(second)]).inOrder.with {
                $0.upstream.connectTime = 60_000
                $0.upstream.retry.budgetFloor = 0
            })
        let client = try proxy.asking(Requests.post(length: 2) + "hi")
        try proxy.wait("the connection") { _ in proxy.balance.loads.connections(0) == 1 }
        proxy.post(.serverDown(0))
        #expect(try client.readResponse().text == "second")
        client.close()
        filling.close()
        try proxy.end(second)
    }
}
