// Requests that ask to switch protocols, and stay what they are.
import MartletTelemetry
import MartletTestSupport
import Testing

@testable import MartletProxy

@Suite struct UpgradeRefusedTests {
    private static let webSocket = ["Connection: Upgrade", "Upgrade: websocket"]

    /// Request lines with fields, which are passed on without a word of another protocol.
    private static let plain: [(line: String, fields: [String], content: String)] = [
        ("GET / HTTP/1.1", ["Upgrade: websocket"], ""),
        ("GET / HTTP/1.1", ["Connection: keep-alive", "Upgrade: websocket"], ""),
        ("GET / HTTP/1.0", webSocket, ""),
        ("POST / HTTP/1.1", webSocket, ""),
        ("HEAD / HTTP/1.1", webSocket, ""),
        ("GET / HTTP/1.1", webSocket + ["Content-Length: 3"], "abc"),
        ("GET / HTTP/1.1", webSocket + ["Transfer-Encoding: chunked"], "0\r\n\r\n"),
        ("GET / HTTP/1.1", ["Connection: Upgrade", "Upgrade: tcp"], ""),
        ("GET / HTTP/1.1", ["Connection: Upgrade", "Upgrade: websockets"], ""),
        ("GET / HTTP/1.1", ["Connection: Upgrade", "Upgrade: websocket/13"], ""),
        ("GET / HTTP/1.1", ["Connection: Upgrade", "Upgrade:"], ""),
        ("GET / HTTP/1.1", ["Connection: Upgrade"], ""),
        ("GET / HTTP/1.1", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMA"], ""),
        ("GET / HTTP/1.1", ["Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMA"], ""),
    ]

    @Test(arguments: plain)
    func whatIsNotAllowedIsNotAskedFor(line: String, fields: [String], content: String) throws {
        let received = Received()
        let server = try ScriptedServer.noting(received)
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        let method = String(line.prefix { $0 != " " })
        try client.send(([line, "Host: test"] + fields).joined(separator: "\r\n") + "\r\n\r\n" + content)
        #expect(try client.readResponse(to: method).status == 200)
        client.close()
        let request = try #require(received.requests.first)
        for name in ["Connection", "Upgrade", "HTTP2-Settings"] { #expect(request[name] == nil, "\(name)") }
        #expect(try proxy.end(server).first?.status == 200)
        let hasAsked = fields.contains { $0.hasPrefix("Upgrade:") }
        #expect(proxy.metrics.read(.upgradesIgnored) == (hasAsked ? 1 : 0))
    }

    @Test func aRouteMayAllowNone() throws {
        let received = Received()
        let server = try ScriptedServer.noting(received)
        let proxy = try TestProxy(ProxySetup(server).with { $0.upgrades = [] })
        #expect(try proxy.answer(to: WebSocket.request("/")).status == 200)
        #expect(received.requests.first?["Upgrade"] == nil)
        try proxy.end(server)
    }

    /// The server may decline: then the connection goes on, and what stands behind the request is the next one.
    @Test(arguments: ["200 OK", "426 Upgrade Required", "401 Unauthorized"])
    func aServerMayDecline(status: String) throws {
        let received = Received()
        let answer = "HTTP/1.1 \(status)\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nno"
        let server = try ScriptedServer.noting(received, answer)
        let proxy = try TestProxy(ProxySetup(server))
        let client = try proxy.connect()
        try client.send(WebSocket.request("/ws") + "GET /next HTTP/1.1\r\nHost: test\r\n\r\n")
        for _ in 0..<2 {
            let response = try client.readResponse()
            #expect(status.hasPrefix("\(response.status)") && response.text == "no")
            #expect(response["Upgrade"] == nil && response["Connection"] == nil)
        }
        client.close()
        #expect(received.targets == ["/ws", "/next"])
        #expect(received.requests.map { $0["Upgrade"] } == ["websocket", nil])
        #expect(server.connectionCount == 1)
        #expect(try proxy.end(server).allSatisfy { $0.upgrade == nil && status.hasPrefix("\($0.status)") })
        #expect(proxy.metrics.read(.tunnels) == 0)
    }

    /// Nothing that a client could have asked for, or not what it has asked for.
    @Test(arguments: [
        "HTTP/1.1 101 Switching\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket, tcp\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.0 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    ])
    func aServerMaySwitchToNothingElse(head: String) throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(head + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            _ = try socket.receiveUntilGone()
        }
        let proxy = try TestProxy(ProxySetup(server).with { $0.upgrades = ["websocket", "tcp"] })
        let client = try proxy.connect()
        try client.send(WebSocket.request("/"))
        #expect(try client.readResponse().status == 502)
        client.close()
        let line = try proxy.end(server, failed: ExpectedFailure(.switchedUnasked, .awaitingResponse))
        #expect(line.upgrade == nil)
    }

    /// Who has not asked is not switched, whatever was allowed.
    @Test func aServerMayNotSwitchUnasked() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send(WebSocket.response() + "bytes")
            _ = try socket.receiveUntilGone()
        }
        let proxy = try TestProxy(ProxySetup(server))
        #expect(try proxy.answer().status == 502)
        try proxy.end(server, failed: ExpectedFailure(.switchedUnasked, .awaitingResponse))
    }
}
