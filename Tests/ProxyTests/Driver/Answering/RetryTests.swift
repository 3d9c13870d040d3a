// A server fails before it has answered, and another one answers.
import MartletBalancing
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct RetryTests {
    /// What the first server does with a request.
    enum Fault: String, CaseIterable, Sendable {
        case refuses, resets, closes, closesWithinHead, saysNothingUnderstood, switchesUnasked, answers503, isSilent
    }

    private func server(_ fault: Fault, _ received: Received) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest() else { return }
            received.append(request)
            switch fault {
            case .refuses, .closes: return
            case .resets: return socket.reset()
            case .closesWithinHead: return try socket.send("HTTP/1.1 200 OK\r\nContent-")
            case .saysNothingUnderstood: try socket.send("SSH-2.0\r\n\r\n")
            case .switchesUnasked: try socket.send("HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n")
            case .answers503: try socket.send(Responses.named("ill", status: 503))
            case .isSilent: break
            }
            _ = try socket.receiveUntilGone()
        }
    }

    private func setup(_ fault: Fault, _ first: ScriptedServer, _ second: ScriptedServer, dead: ReservedPort)
        -> ProxySetup
    {
        let one = fault == .refuses ? ServerModel(port: dead.port) : ServerModel(first)
        return ProxySetup([one, ServerModel(second)]).inOrder.with {
            if fault == .isSilent { $0.upstream.retry.tryTime = 20 }
        }
    }

    @Test(arguments: Fault.allCases)
    func theOtherServerAnswers(fault: Fault) throws {
        let (failed, well) = (Received(), Received())
        let first = try server(fault, failed)
        let second = try ScriptedServer.noting(well)
        let dead = try ReservedPort()
        let proxy = try TestProxy(setup(fault, first, second, dead: dead))
        #expect(try proxy.answer().text == "ok")
        let lines = try proxy.end(first, second)
        #expect(lines.map(\.status) == [200] && lines[0].error == nil)
        #expect(lines[0].server?.hasSuffix("\(second.port)") == true)
        #expect(failed.requests.count == (fault == .refuses ? 0 : 1) && well.requests.count == 1)
        #expect(proxy.metrics.read(.retries) == 1 && proxy.metrics.read(.retriesRefused) == 0)
        #expect(proxy.metrics.read(.timeoutTry) == (fault == .isSilent ? 1 : 0))
        #expect(failed.requests.isEmpty || failed.requests == well.requests, "it is the same request")
        // What was met there stands in the loads.
        #expect(proxy.balance.loads.outcomes(0).failures == 1 && proxy.balance.loads.outcomes(1).successes == 1)
    }

    /// A POST that a server may have seen is not sent to another (RFC 9110 section 9.2.2).
    @Test(arguments: Fault.allCases.filter { $0 != .isSilent })
    func whatMayHaveBeenDoneIsNotDoneAgain(fault: Fault) throws {
        let (failed, well) = (Received(), Received())
        let first = try server(fault, failed)
        let second = try ScriptedServer.noting(well)
        let dead = try ReservedPort()
        let proxy = try TestProxy(setup(fault, first, second, dead: dead))
        let answer = try proxy.answer(to: Requests.post(length: 2) + "hi")
        if fault == .refuses {
            #expect(answer.text == "ok" && well.requests.map(\.text) == ["hi"])
        } else {
            #expect(answer.status == (fault == .answers503 ? 503 : 502) && well.requests.isEmpty)
            #expect(failed.requests.count == 1)
            // The server's own words, not ours.
            if fault == .answers503 { #expect(answer.text == "ill") }
        }
        try proxy.end(first, second)
    }

    /// Unless the operator says that it does not matter.
    @Test func allMethodsMayBeAllowed() throws {
        let (failed, well) = (Received(), Received())
        let first = try server(.resets, failed)
        let second = try ScriptedServer.noting(well)
        let proxy = try TestProxy(ProxySetup(first, second).inOrder.with { $0.upstream.retry.allMethods = true })
        #expect(try proxy.answer(to: Requests.post(length: 2) + "hi").text == "ok")
        try proxy.end(first, second)
        #expect(failed.requests == well.requests && well.requests.map(\.text) == ["hi"])
    }

    /// A try that takes long goes on when there is no other that could take its place.
    @Test func aSlowAnswerIsBetterThanNone() throws {
        let gate = Gate()
        let server = try ScriptedServer.answering(after: gate)
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.upstream.retry.tryTime = 1
                $0.upstream.retry.budgetFloor = 0
            })
        let client = try proxy.asking()
        try proxy.wait(for: .retriesRefused, 1)
        gate.open()
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.timeoutTry) == 0 && server.connectionCount == 1)
    }

    // MARK: Bounds

    @Test(arguments: [1, 2, 3, 5])
    func thereAreOnlySoManyTries(attempts: UInt8) throws {
        let received = Received()
        let server = try server(.resets, received)
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.retry.attempts = attempts })
        #expect(try proxy.answer().status == 502)
        try proxy.end(server, failed: ExpectedFailure(.serverReset, .awaitingResponse))
        #expect(received.requests.count == Int(attempts))
        #expect(proxy.metrics.read(.retries) == UInt64(attempts) - 1)
    }

    /// The last server's own refusal is passed on.
    @Test func theLastAnswerStands() throws {
        let received = Received()
        let server = try ScriptedServer.noting(received, Responses.named("busy", status: 503, "Retry-After: 7"))
        let proxy = try TestProxy(ProxySetup(server))
        let answer = try proxy.answer()
        #expect(answer.status == 503 && answer.text == "busy" && answer["Retry-After"] == "7")
        let lines = try proxy.end(server)
        #expect(received.requests.count == 3 && lines.map(\.error) == [nil])
        // It asked to be left alone.
        #expect(proxy.balance.loads.isAvoided(0, now: 0))
    }

    /// Statuses that are not named are answers like any other.
    @Test(arguments: [429, 500, 501])
    func otherStatusesAreNotAskedAgain(status: Int) throws {
        let received = Received()
        let server = try ScriptedServer.noting(received, Responses.named("x", status: status))
        let proxy = try TestProxy(ProxySetup(server))
        #expect(try proxy.answer().status == status)
        try proxy.end(server)
        #expect(received.requests.count == 1 && proxy.metrics.read(.retries) == 0)
        #expect(proxy.balance.loads.outcomes(0).failures == (status < 500 ? 0 : 1))
    }

    @Test func anEmptyBudgetIsAnHonestFailure() throws {
        let received = Received()
        let server = try server(.closes, received)
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.upstream.retry.budgetFloor = 0
                $0.upstream.retry.budgetPercent = 50
            })
        // Two requests are worth one retry.
        for _ in 0..<2 { #expect(try proxy.answer().status == 502) }
        try proxy.end(server)
        #expect(received.requests.count == 3)
        #expect(proxy.metrics.read(.retries) == 1 && proxy.metrics.read(.retriesRefused) == 2)
    }

    /// So many exchanges may be retried at a time: another one fails, and the place is given back.
    @Test func thereMayBeOnlySoManyAtATime() throws {
        let gate = Gate()
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            // Both first tries fail, and the retry is held.
            if number == 1 {
                try gate.wait()
                try socket.send(Responses.closing)
            }
        }
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.upstream.breaker.retries = 1
                $0.upstream.retry.pause = 0
            })
        let client = try proxy.asking()
        #expect(server.waitForConnections(2))
        try proxy.wait("the retry") { _ in proxy.balance.upstreams.read(.retries, 0) == 1 }
        #expect(try proxy.answer().status == 502)
        #expect(proxy.metrics.read(.retriesRefused) == 1)
        gate.open()
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.end(server)
    }

    /// With one server the retry comes after a pause; who leaves meanwhile is not waited for.
    @Test func whoLeavesInThePauseIsForgotten() throws {
        let received = Received()
        let server = try server(.resets, received)
        let proxy = try TestProxy(
            ProxySetup(server).with {
                $0.upstream.retry.pause = 60_000
                $0.upstream.retry.longestPause = 60_000
            })
        let client = try proxy.asking()
        try proxy.wait(for: .upstreamResets, 1)
        client.reset()
        try proxy.end(server, failed: ExpectedFailure(.clientGone, .waiting, told: nil))
        #expect(received.requests.count == 1)
    }

    /// Who only says that nothing more will come gets its answer all the same.
    @Test func whoHalfClosesInThePauseIsAnswered() throws {
        let ended = Gate()
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            if number == 0 { return }
            try ended.wait()
            try socket.send(Responses.closing)
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.retry.pause = 200 })
        let client = try proxy.asking()
        try proxy.wait("the pause") { _ in
            proxy.metrics.read(.upstreamConnectionsActive) == 0 && server.connectionCount == 1
        }
        client.shutdownSend()
        ended.open()
        #expect(try client.readResponse().text == "ok")
        client.close()
        try proxy.end(server)
    }

    /// What a client has sent behind the request waits for its turn.
    @Test func pipelinedRequestsKeepTheirOrder() throws {
        let received = Received()
        let first = try server(.resets, Received())
        let second = try ScriptedServer.noting(received)
        let proxy = try TestProxy(ProxySetup(first, second).inOrder)
        let client = try proxy.asking((0..<4).map { Requests.get("/\($0)") }.joined())
        for _ in 0..<4 { #expect(try client.readResponse().text == "ok") }
        client.close()
        try proxy.end(first, second)
        #expect(received.targets == ["/0", "/1", "/2", "/3"])
    }

    /// Interim responses of a try that failed have been passed on; the next try's begin anew.
    @Test func interimResponsesAreCountedForEachTry() throws {
        let hints = String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 10)
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            try socket.send(hints + (number == 0 ? "" : Responses.closing))
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.asking()
        #expect(try client.readFinalResponse().text == "ok")
        client.close()
        try proxy.end(server)
        #expect(proxy.metrics.read(.responses1xx) == 20)
    }
}
