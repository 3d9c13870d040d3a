// Connections to servers that are kept for later requests.
import MartletTestSupport
import Testing

@Suite struct PoolTests {
    /// Tells which connection a request came by, and holds those for /wait until the gate opens.
    private static func numberingServer(_ gate: Monitor<Bool>) throws -> ScriptedServer {
        try ScriptedServer { socket, number in
            while let request = try socket.readRequest() {
                if request.target == "/wait" { _ = gate.wait { $0 ? true : nil } }
                try socket.send(response(200, "\(number)"))
            }
        }
    }

    /// Makes the proxy open `count` connections, and waits until all are idle.
    private static func open(_ count: Int, _ martlet: RunningMartlet, _ server: ScriptedServer, _ gate: Monitor<Bool>)
        throws
    {
        let clients = try (0..<count).map { _ in try martlet.connect() }
        for (index, client) in clients.enumerated() {
            try client.send(requestText("GET /wait"))
            try #require(server.waitForConnections(index + 1))
        }
        gate.change { $0 = true }
        for client in clients { _ = try client.readResponse() }
    }

    @Test func theConnectionUsedLastIsUsedNext() throws {
        let gate = Monitor(false)
        let server = try Self.numberingServer(gate)
        try withMartlet(Configs.proxy(to: server)) { martlet in
            try Self.open(3, martlet, server, gate)
            try martlet.waitForMetric("martlet_pool_idle_connections", 3)
            let first = try martlet.request("GET /").text
            for _ in 0..<5 { #expect(try martlet.request("GET /").text == first) }
            #expect(server.connectionCount == 3)
        }
    }

    @Test func maxIdleBoundsThePool() throws {
        let gate = Monitor(false)
        let server = try Self.numberingServer(gate)
        try withMartlet(Configs.proxy(to: server, upstream: ["pool: {maxIdle: 2}"])) { martlet in
            try Self.open(5, martlet, server, gate)
            try martlet.waitForMetric("martlet_pool_idle_connections", 2)
            try martlet.waitForMetric("martlet_pool_evictions_total{reason=\"limit\"}", 3)
        }
    }

    @Test func withoutAPoolEachRequestConnects() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, upstream: ["pool: {maxIdle: 0}"])) { martlet in
            for _ in 0..<4 { _ = try martlet.request("GET /") }
            #expect(origin.server.connectionCount == 4)
            try martlet.waitForMetric("martlet_upstream_connections_active", 0)
        }
    }

    @Test func aConnectionServesAtMostMaxRequests() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server, upstream: ["pool: {maxRequests: 3}"])) { martlet in
            for _ in 0..<9 { _ = try martlet.request("GET /") }
            #expect(origin.server.connectionCount == 3)
        }
    }

    @Test func idleConnectionsEndByTime() throws {
        let ended = Monitor(0)
        let server = try ScriptedServer { socket, _ in
            while try socket.readRequest() != nil { try socket.send(response(200)) }
            ended.change { $0 += 1 }
        }
        try withMartlet(Configs.proxy(to: server, upstream: ["pool: {idleTimeout: 50ms}"])) { martlet in
            _ = try martlet.request("GET /")
            #expect(ended.wait { $0 == 1 ? true : nil } == true)
            try martlet.waitForMetric("martlet_pool_evictions_total{reason=\"idle_timeout\"}", 1)
            _ = try martlet.request("GET /")
            #expect(server.connectionCount == 2)
        }
    }

    @Test func whatTheServerClosesIsNotUsedAgain() throws {
        let mayClose = Monitor(0)
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            try socket.send(response(200))
            _ = mayClose.wait { $0 > number ? true : nil }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            for number in 1...3 {
                #expect(try martlet.request("POST /").status == 200)
                try martlet.waitForMetric("martlet_pool_idle_connections", 1)
                mayClose.change { $0 = number }
                try martlet.waitForMetric("martlet_pool_evictions_total{reason=\"closed_by_server\"}", Double(number))
            }
        }
    }

    @Test func bytesThatNobodyAskedForSpoilAConnection() throws {
        let server = try ScriptedServer { socket, number in
            while try socket.readRequest() != nil {
                try socket.send(response(200, "good") + (number == 0 ? response(200, "evil") : ""))
            }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let texts = try (0..<3).map { _ in try martlet.request("GET /").text }
            #expect(texts == ["good", "good", "good"])
            #expect(server.connectionCount == 2)
        }
    }

    /// Content where there is none must not be taken for the next response.
    @Test(arguments: ["HEAD /", "GET /204", "GET /304"])
    func contentWhereThereIsNoneSpoilsAConnection(line: String) throws {
        let evil = response(200, "evil")
        let server = try ScriptedServer { socket, number in
            while let request = try socket.readRequest() {
                let status = Int(request.target.dropFirst()) ?? 200
                let isOdd = request.method == "HEAD" || status != 200
                try socket.send(
                    isOdd ? "HTTP/1.1 \(status) Odd\r\nContent-Length: 300\r\n\r\n" + evil : response(200, "good"))
            }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<2 {
                #expect(try client.exchange(line).content == [])
                #expect(try client.exchange("GET /").text == "good")
            }
            #expect(server.connectionCount >= 2)
        }
    }

    @Test func aResponseWithoutARequestSpoilsAConnection() throws {
        let maySend = Monitor(false)
        let server = try ScriptedServer { socket, number in
            _ = try socket.readRequest()
            try socket.send(response(200, "good"))
            if number == 0 {
                _ = maySend.wait { $0 ? true : nil }
                try socket.send(response(200, "evil"))
            }
            while try socket.readRequest() != nil { try socket.send(response(200, "good")) }
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            #expect(try martlet.request("GET /").text == "good")
            maySend.change { $0 = true }
            try martlet.waitForMetric("martlet_pool_evictions_total{reason=\"unexpected_bytes\"}", 1)
            #expect(try martlet.request("GET /").text == "good")
        }
    }
}
