// Requests that are answered without asking a server.
import MartletHTTPCore
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct RefusedRequestTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let request: String
        let kind: FailureKind
        let phase: ExchangePhase
        var testDescription: String { "\(kind)" }

        init(_ request: String, _ kind: FailureKind, _ phase: ExchangePhase = .readingRequest) {
            self.request = request
            self.kind = kind
            self.phase = phase
        }
    }

    private static let long = String(repeating: "x", count: 9_000)
    static let rows = [
        Row("GARBAGE\r\n\r\n", .requestRefused(.badRequestLine)),
        Row("GET / HTTP/1.1\r\n\r\n", .requestRefused(.missingHost)),
        Row("GET / HTTP/2.0\r\nHost: test\r\n\r\n", .requestRefused(.versionNotSupported)),
        Row("GET /\(long) HTTP/1.1\r\nHost: test\r\n\r\n", .requestRefused(.targetTooLong)),
        Row(
            "GET / HTTP/1.1\r\nHost: test\r\nA: \(long)\r\nB: \(long)\r\nC: \(long)\r\nD: \(long)\r\n\r\n",
            .requestRefused(.headTooLarge)),
        Row("GET / HTTP/1.1\r\nHost: test\r\nExpect: more\r\n\r\n", .requestRefused(.unknownExpectation)),
        Row(
            "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            .requestRefused(.badChunkSize)),
        Row("CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\n\r\n", .methodNotAllowed),
        Row(Requests.post(length: 101), .requestBodyTooLarge),
        Row("GET / HTTP/1.1\r\nHost: other\r\n\r\n", .noRoute, .routing),
        Row(Requests.get, .noServer, .connecting),
    ]

    private static var setup: ProxySetup {
        ProxySetup.withoutServers.with {
            $0.host = "test"
            $0.settings.requestBody = 100
        }
    }

    @Test(arguments: rows)
    func isAnsweredByMartlet(row: Row) throws {
        let proxy = try TestProxy(Self.setup)
        let client = try proxy.connect()
        try client.send(row.request)
        let answer = try client.readResponse()
        #expect((answer["Connection"] == "close") == (row.kind.spoilsConnection || row.request.hasPrefix("POST")))
        client.close()
        let line = try proxy.end(failed: ExpectedFailure(row.kind, row.phase))
        #expect(answer.isPage(for: line))
    }

    /// Where the request's end is known the connection goes on.
    @Test func aConnectionOutlivesHarmlessErrors() throws {
        let proxy = try TestProxy(Self.setup)
        let client = try proxy.connect()
        for path in ["/a", "/b", "/c"] {
            try client.send("GET \(path) HTTP/1.1\r\nHost: other\r\n\r\n")
            #expect(try client.readResponse().status == 404)
        }
        client.close()
        #expect(try proxy.end().map(\.target) == ["/a", "/b", "/c"])
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() throws {
        let proxy = try TestProxy(Self.setup)
        let client = try proxy.connect()
        let other = "GET / HTTP/1.1\r\nHost: other\r\n\r\n"
        try client.send(other + Requests.get + other + "GARBAGE\r\n\r\n" + other)
        let statuses = try (0..<4).map { _ in try client.readResponse().status }
        #expect(statuses == [404, 503, 404, 400])
        #expect(try client.receiveUntilGone().bytes == [])
        client.close()
        #expect(try proxy.end().map(\.status) == statuses)
    }

    /// What is beyond the limit may only show while chunks come.
    @Test func contentThatGrowsTooLargeIsRefused() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let proxy = try TestProxy(ProxySetup(server).with { $0.settings.requestBody = 100 })
        let client = try proxy.connect()
        try client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
        try proxy.wait(for: .upstreamConnectionsOpened, 1)
        let chunk = "32\r\n" + String(repeating: "x", count: 50) + "\r\n"
        try client.send(chunk + chunk + chunk)
        let answer = try client.readResponse()
        client.close()
        let line = try proxy.end(server, failed: ExpectedFailure(.requestBodyTooLarge, .sendingRequest))
        #expect(answer.isPage(for: line) && answer["Connection"] == "close")
    }
}
