// Clients that are too slow, too many, or gone.
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct ClientLimitTests {
    /// A server that takes requests, tells by `asked` that one has come, and never answers.
    private func silentServer(_ asked: Gate = Gate()) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            asked.open()
            _ = try socket.receiveUntilGone()
        }
    }

    @Test func aHeadThatDoesNotEndIsRefused() throws {
        let proxy = try TestProxy(ProxySetup.withoutServers.with { $0.settings.requestHeadTime = 50 })
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost:")
        let answer = try client.readResponse()
        #expect(answer.status == 408 && answer["Connection"] == "close")
        client.close()
        let line = try proxy.end(failed: ExpectedFailure(.requestHeadTimeout, .readingRequest))
        #expect(answer.isPage(for: line))
        #expect(proxy.metrics.read(.timeoutRequestHead) == 1 && proxy.metrics.read(.requestsRefused) == 1)
    }

    /// Who has not asked for anything gets no answer either.
    @Test func aSilentConnectionIsClosed() throws {
        let proxy = try TestProxy(ProxySetup.withoutServers.with { $0.settings.requestHeadTime = 50 })
        let client = try proxy.connect()
        #expect(try client.receiveUntilGone() == ([], .end))
        #expect(proxy.metrics.read(.timeoutRequestHead) == 1)
        #expect(try proxy.end() == [])
    }

    @Test func anIdleConnectionIsClosed() throws {
        let server = try ScriptedServer.answering()
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.idleTime = 50 })
        let client = try proxy.connect()
        try client.send(Requests.get)
        #expect(try client.readResponse().status == 200)
        #expect(try client.receiveUntilGone() == ([], .end))
        #expect(proxy.metrics.read(.timeoutIdle) == 1)
        try proxy.end(server)
    }

    @Test func anExchangeThatTakesTooLongIsEnded() throws {
        let server = try silentServer()
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.exchangeTime = 500 })
        #expect(try proxy.answer().status == 504)
        try proxy.end(server, failed: ExpectedFailure(.exchangeTimeout, .awaitingResponse))
        #expect(proxy.metrics.read(.timeoutExchange) == 1)
    }

    @Test func contentThatComesTooSlowlyIsRefused() throws {
        let server = try silentServer()
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.rateGrace = 500 })
        let client = try proxy.connect()
        try client.send(Requests.post(length: 1_000) + "a few bytes")
        #expect(try client.readResponse().status == 408)
        client.close()
        try proxy.end(server, failed: ExpectedFailure(.requestTooSlow, .sendingRequest))
        #expect(proxy.metrics.read(.timeoutRequestRate) == 1)
    }

    @Test func aClientThatDoesNotReadIsGivenUp() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(Responses.head(length: 64 << 20))
            _ = try? socket.send([UInt8](repeating: 0x78, count: 64 << 20))
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.rateGrace = 500 })
        let client = try proxy.connect(receiveBuffer: 4_096)
        try client.send(Requests.get)
        try proxy.wait(for: .timeoutResponseRate, 1)
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        try proxy.end(server, failed: ExpectedFailure(.responseReadTooSlowly, .sendingResponse, told: 200))
    }

    // MARK: Gone

    @Test(arguments: [
        (Requests.get, ExchangePhase.awaitingResponse), (Requests.post(length: 9) + "abc", .sendingRequest),
    ])
    func aClientThatIsGoneIsNotWaitedFor(request: String, phase: ExchangePhase) throws {
        let asked = Gate()
        let server = try silentServer(asked)
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(request)
        try asked.wait()
        client.reset()
        #expect(server.waitForScripts(), "the server is told, too")
        try proxy.end(server, failed: ExpectedFailure(.clientGone, phase))
        #expect(proxy.metrics.read(.clientsGone) == 1)
    }

    /// Half-closed in the middle of content: the rest will never come, but the client may still read.
    @Test func aRequestThatEndsTooEarlyIsRefused() throws {
        let asked = Gate()
        let server = try silentServer(asked)
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(Requests.post(length: 9) + "abc")
        try asked.wait()
        client.shutdownSend()
        let answer = try client.readResponse()
        #expect(try client.receiveUntilGone() == ([], .end))
        client.close()
        let line = try proxy.end(server, failed: ExpectedFailure(.requestTruncated, .sendingRequest))
        #expect(answer.isPage(for: line) && answer["Connection"] == "close")
    }

    @Test func aHeadThatEndsTooEarlyIsRefused() throws {
        let proxy = try TestProxy(.withoutServers)
        let client = try proxy.connect()
        try client.send("GET / HTTP/1.1\r\nHost: test\r\n")
        client.shutdownSend()
        let answer = try client.readResponse()
        #expect(try client.receiveUntilGone() == ([], .end))
        client.close()
        let line = try proxy.end(failed: ExpectedFailure(.requestTruncated, .readingRequest))
        #expect(answer.isPage(for: line) && answer["Connection"] == "close")
    }

    // MARK: Too many

    @Test(arguments: [(true, FailureKind.tooManyConnectionsFromClient), (false, .tooManyConnections)])
    func tooManyAreToldSo(perClient: Bool, kind: FailureKind) throws {
        let proxy = try TestProxy(
            ProxySetup.withoutServers.with {
                if perClient { $0.settings.connectionsPerClient = 2 } else { $0.settings.connections = 2 }
            })
        let held = try (0..<2).map { _ in try proxy.connect() }
        try proxy.wait(for: .connectionsActive, 2)
        let client = try proxy.connect()
        let answer = try client.readResponse()
        #expect(answer.status == 503 && answer["Connection"] == "close" && answer["Retry-After"] == "1")
        #expect(proxy.shared.current == 2, "one that is shed is not counted")
        client.close()
        try proxy.wait(for: .connectionsActive, 2)
        held[0].close()
        try proxy.wait(for: .connectionsActive, 1)
        // There is room again for one.
        let next = try proxy.connect()
        try proxy.wait(for: .connectionsActive, 2)
        for client in held + [next] { client.close() }
        try proxy.end(failed: ExpectedFailure(kind, .readingRequest))
        let refused: Counter = perClient ? .connectionsRefusedPerClient : .connectionsRefusedTotal
        #expect(proxy.metrics.read(refused) == 1 && proxy.metrics.read(.requests) == 0)
    }
}
