// Clients that take too much, or too long.
import MartletTestSupport
import Testing

@Suite struct LimitTests {
    @Test func connectionsInAllAreLimited() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, "limits: {connections: 2}")) { martlet in
            let first = try martlet.connect()
            #expect(try first.exchange("GET /").status == 200)
            let second = try martlet.connect()
            #expect(try second.exchange("GET /").status == 200)
            let answer = try martlet.request("GET /")
            #expect(answer.status == 503 && answer["Connection"] == "close")
            // Operators still get in: their listener is not counted.
            #expect(try martlet.metrics["martlet_connections_refused_total{reason=\"limit_total\"}"] == 1)
            second.close()
            try martlet.waitForMetric("martlet_connections_active", 2)
            #expect(try martlet.request("GET /").status == 200)
            #expect(try first.exchange("GET /").status == 200)
        }
    }

    @Test func connectionsOfOneClientAreLimited() throws {
        let origin = try Origin()
        let folder = try TestFolder()
        let config = """
            limits: {connectionsPerClient: 2}
            listeners: [{address: "127.0.0.1:0"}, {address: "unix:FOLDER/in.sock"}]
            routes: [{upstream: app}]
            upstreams: {app: {servers: ["\(origin.address)"]}}
            """
        let martlet = try RunningMartlet(config, folder: folder)
        let held = try (0..<2).map { _ in try martlet.connect() }
        for client in held { #expect(try client.exchange("GET /").status == 200) }
        #expect(try martlet.request("GET /").status == 503)
        held[0].close()
        try eventually("a place is free") { try martlet.request("GET /").status == 200 }
        try martlet.stop()
    }

    @Test func contentThatComesTooSlowlyIsRefused() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequestHead()
            _ = try socket.receiveUntilGone()
        }
        let config = Configs.proxy(to: server, "rates: {request: 1MiB, grace: 100ms}")
        try withMartlet(config) { martlet in
            let client = try martlet.connect()
            try client.send(requestText("POST /slow", ["Content-Length: 1000000"]) + "a few bytes")
            #expect(try client.readResponse().status == 408)
            #expect(try martlet.accessLogLine(target: "/slow")["side"] == "client")
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"request_rate\"}", 1)
            #expect(server.waitForScripts())
        }
    }

    @Test func aClientThatDoesNotReadIsGivenUp() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: \(BigContent.bytes)\r\n\r\n")
            try? socket.sendBigContent(chunked: false)
        }
        let config = Configs.proxy(to: server, "rates: {response: 1MiB, grace: 100ms}")
        try withMartlet(config) { martlet in
            let client = try martlet.connect(receiveBuffer: 4_096)
            try client.send(requestText("GET /unread"))
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"response_rate\"}", 1)
            // The rest is lost, and the client can tell.
            #expect(try client.receiveUntilGone().bytes.count < BigContent.bytes)
            #expect(server.waitForScripts())
        }
    }

    @Test func anExchangeMayNotTakeForEver() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        try withMartlet(Configs.proxy(to: server, "timeouts: {exchange: 100ms}")) { martlet in
            let client = try martlet.connect()
            #expect(try client.exchange("GET /long").status == 504)
            #expect(try martlet.accessLogLine(target: "/long")["error"] == "exchange timeout")
            #expect(server.waitForScripts())
        }
    }
}
