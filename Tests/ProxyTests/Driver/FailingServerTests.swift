// Servers that do not do what they are there for.
import MartletHTTPCore
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct FailingServerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let says: String
        let kind: FailureKind
        let phase: ExchangePhase
        var testDescription: String { "\(kind)" }

        init(_ says: String, _ kind: FailureKind, _ phase: ExchangePhase = .awaitingResponse) {
            self.says = says
            self.kind = kind
            self.phase = phase
        }
    }

    private static let hint = "HTTP/1.1 103 Early Hints\r\n\r\n"

    /// What a server says before it closes, and as what that fails before the client has been told anything.
    @Test(arguments: [
        Row("", .serverClosed),
        Row("HTTP/1.1 20", .serverClosed),
        Row("HTTP/1.1 100 Continue\r\n\r\n", .serverClosed),
        Row("GARBAGE\r\n\r\n", .responseRefused(.badStatusLine)),
        Row("HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", .responseRefused(.spaceBeforeColon)),
        Row("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", .switchedUnasked),
        Row(String(repeating: hint, count: 17) + Responses.ok, .responseTooManyInterim),
        Row(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .responseRefused(.badChunkSize),
            .sendingResponse),
    ])
    func theClientGetsAnErrorPage(row: Row) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(row.says)
            if !row.says.isEmpty && row.kind != .serverClosed { _ = try socket.receiveUntilGone() }
        }
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(Requests.get)
        let answer = try client.readFinalResponse()
        client.close()
        let line = try proxy.end(server, failed: ExpectedFailure(row.kind, row.phase))
        #expect(answer.isPage(for: line))
        #expect(line.server == "127.0.0.1:\(server.port)")
    }

    @Test func aResetIsToldFromAnEnd() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            socket.reset()
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.retry.attempts = 1 })
        #expect(try proxy.answer().status == 502)
        let line = try proxy.end(server, failed: ExpectedFailure(.serverReset, .awaitingResponse))
        #expect(line.error == "server reset before the response: Connection reset by peer")
        #expect(proxy.metrics.read(.upstreamResets) == 1)
    }

    @Test func aServerThatSaysNothingIsGivenUp() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.responseTime = 50 })
        #expect(try proxy.answer().status == 504)
        try proxy.end(server, failed: ExpectedFailure(.responseTimeout, .awaitingResponse))
        #expect(proxy.metrics.read(.timeoutResponse) == 1)
    }

    // MARK: After the head

    /// Half a response must not look like a whole one.
    private func expectBrokenResponse(
        _ text: String, _ kind: FailureKind, _ counters: [Counter], stallTime: UInt64 = 60_000, ends: Bool
    ) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(text)
            if !ends { _ = try socket.receiveUntilGone() }
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upstream.stallTime = stallTime })
        let client = try proxy.connect()
        try client.send(Requests.get)
        #expect(try client.receiveUntilGone().ending == .reset)
        client.close()
        try proxy.end(server, failed: ExpectedFailure(kind, .sendingResponse, told: 200))
        for counter in counters { #expect(proxy.metrics.read(counter) == 1, "\(counter)") }
    }

    @Test func aTruncatedResponseBreaksTheConnection() throws {
        try expectBrokenResponse(
            Responses.head(length: 10) + "abc", .responseTruncated, [.responsesTruncated], ends: true)
    }

    @Test func truncatedChunksBreakTheConnection() throws {
        let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        try expectBrokenResponse(text, .responseTruncated, [.responsesTruncated], ends: true)
    }

    @Test func aStalledResponseBreaksTheConnection() throws {
        try expectBrokenResponse(
            Responses.head(length: 10) + "abc", .responseStalled, [.responsesTruncated, .timeoutStall], stallTime: 50,
            ends: false)
    }
}
