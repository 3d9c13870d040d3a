// Clients that go away, or never come to an end.
import MartletTestSupport
import Testing

@Suite struct MisbehavingClientTests {
    /// A server that notes how the request ended for it.
    private static func watchingServer(_ log: Monitor<[String]>) throws -> ScriptedServer {
        try ScriptedServer { socket, _ in
            do {
                while let head = try socket.readRequestHead() {
                    log.change { $0.append("head " + head.target) }
                    if head.method == "POST" { _ = try socket.receive(exactly: 100) }
                    try socket.send(response(200))
                }
            } catch {
                log.change { $0.append("broken off") }
            }
        }
    }

    @Test(arguments: [true, false])
    func aClientThatLeavesInTheHeadIsForgotten(resets: Bool) throws {
        let log = Monitor<[String]>([])
        let server = try Self.watchingServer(log)
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send("GET /half HTTP/1.1\r\nHost: a\r\nX-Ha")
            resets ? client.reset() : client.close()
            try martlet.waitForMetric("martlet_connections_active", 1)
            #expect(try martlet.request("GET /other").status == 200)
            #expect(log.value == ["head /other"])
        }
    }

    @Test(
        arguments: ["Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"], [true, false])
    func aClientThatLeavesInItsContentBreaksTheServersConnection(rest: String, resets: Bool) throws {
        let log = Monitor<[String]>([])
        let server = try Self.watchingServer(log)
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send("POST /half HTTP/1.1\r\nHost: a\r\n" + rest)
            #expect(log.wait { $0 == ["head /half"] ? true : nil } == true)
            resets ? client.reset() : client.close()
            #expect(server.waitForScripts())
            #expect(log.value == ["head /half", "broken off"])
            let line = try martlet.accessLogLine(target: "/half")
            // One that has only ended its side might still read.
            #expect(line["status"] == (resets ? "499" : "400") && line["side"] == "client")
            let error = try #require(line["error"])
            #expect(error.hasPrefix(resets ? "client gone" : "client ended within the request"))
            try martlet.waitForMetric("martlet_exchanges_active", 1)
        }
    }

    @Test func aClientThatLeavesBeforeTheAnswerFreesTheServer() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            // Ends when the proxy has closed the connection: there is nobody to answer any more.
            _ = try socket.receiveUntilGone()
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            #expect(server.waitForConnections(1))
            client.reset()
            #expect(server.waitForScripts())
            try martlet.waitForMetric("martlet_clients_gone_total", 1)
        }
    }

    @Test func aClientThatLeavesInTheResponseFreesTheServer() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            let block = [UInt8](repeating: 1, count: 100_000)
            while true { try socket.send(block) }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("GET /"))
            _ = try client.receive(exactly: 1_000_000)
            client.reset()
            #expect(server.waitForScripts())
            #expect(server.failures.count == 1)
            try martlet.waitForMetric("martlet_clients_gone_total", 1)
        }
    }

    @Test func aHeadThatNeverEndsIsRefusedAtItsLimit() throws {
        let log = Monitor<[String]>([])
        let server = try Self.watchingServer(log)
        try withMartlet(Configs.proxy(to: server, "limits: {requestHead: 4KiB}")) { martlet in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n")
            let line = "X: " + String(repeating: "a", count: 95) + "\r\n"
            // The proxy may have closed before all is sent.
            for _ in 0..<50 { try? client.send(line) }
            #expect(try client.readResponse().status == 431)
            #expect(server.connectionCount == 0)
        }
    }

    @Test func aHeadThatTakesTooLongIsRefused() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "timeouts: {requestHead: 100ms}")) { martlet in
            let client = try martlet.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n")
            #expect(try client.readResponse().status == 408)
            #expect(try client.receiveUntilEnd() == [])
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"request_head\"}", 1)
        }
    }
}
