// Which upgrades pass, and what becomes of those that do not (RFC 9110 section 7.8).
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct UpgradeTests {
    /// The one route replaced by these.
    private static func config(_ server: ScriptedServer, routes: [String]) -> String {
        Configs.proxy(to: server).replacing("  - upstream: app\n", with: routes.map { "  - \($0)\n" }.joined())
    }

    @Test func routesDecide() throws {
        let server = try ScriptedServer.webSockets()
        let routes = ["{upstream: app, upgrades: off}", "{path: /ws/*, upstream: app}"]
        try withMartlet(Self.config(server, routes: routes)) { martlet throws in
            let webSocket = try martlet.openWebSocket("/ws/a")
            try webSocket.send(.text("a"))
            #expect(try webSocket.receiveText() == "a")
            webSocket.socket.close()
            let client = try martlet.connect()
            try client.send(WebSocket.request("/other"))
            #expect(try client.readResponse().text == "ok")
            #expect(try martlet.metrics["martlet_upgrades_ignored_total"] == 1)
        }
    }

    /// Docker's way, with an end of each side on its own.
    @Test func otherProtocolsByName() throws {
        let server = try ScriptedServer { socket, _ in
            guard let request = try socket.readRequest(), request["Upgrade"] == "tcp" else { return }
            try socket.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nready\n")
            let all = try socket.receiveUntilEnd()
            try socket.send(all)
        }
        let routes = ["{upstream: app, upgrades: [websocket, tcp]}"]
        try withMartlet(Self.config(server, routes: routes)) { martlet throws in
            let client = try martlet.connect()
            try client.send(requestText("POST /attach", ["Connection: Upgrade", "Upgrade: tcp"]))
            let response = try client.readResponse()
            #expect(response.status == 101 && response.reason == "UPGRADED" && response["Upgrade"] == "tcp")
            #expect(try client.receive(until: "\n") == "ready\n")
            try client.send("input")
            client.shutdownSend()
            #expect(try client.receiveUntilEnd() == Array("input".utf8))
            client.close()
            #expect(try martlet.accessLogLine(target: "/attach")["upgrade"] == "tcp")
            #expect(try martlet.metrics["martlet_upgrades_total{protocol=\"other\"}"] == 1)
        }
    }

    /// What a client hides behind an upgrade that the server declines is its next request: it is routed, logged and checked
    /// like any other, and never reaches a server as it is.
    @Test(arguments: [200, 400, 426])
    func nothingHidesBehindAnUpgrade(status: Int) throws {
        let origin = try Origin { response($0.target == "/ws" ? status : 200, $0.target) }
        let config = Self.config(origin.server, routes: ["{host: test, upstream: app}"])
        try withMartlet(config) { martlet throws in
            let hidden = ["GET /admin HTTP/1.1\r\nHost: internal\r\n\r\n", "GET /next HTTP/1.1\r\nHost: test\r\n\r\n"]
            let client = try martlet.connect()
            try client.send(WebSocket.request("/ws") + hidden.joined() + "\u{81}\u{2}hi\r\n\r\n")
            #expect(try client.readResponse().status == status)
            #expect(try client.readResponse().status == 404)
            #expect(try client.readResponse().text == "/next")
            #expect(try client.readResponse().status == 400)
            #expect(try client.receiveUntilEnd().isEmpty)
            client.close()
            #expect(origin.requests.map(\.target) == ["/ws", "/next"])
            #expect(try martlet.accessLogLine(target: "/admin")["status"] == "404")
        }
    }

    /// HTTP/2 in clear would be a way around all rules (h2c smuggling): it can be neither asked for nor configured.
    @Test func httpTwoInClearIsNeverAskedFor() throws {
        let origin = try Origin()
        try withMartlet(Self.config(origin.server, routes: ["{upstream: app, upgrades: [tcp]}"])) { martlet throws in
            for fields in [
                ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAA"],
                ["Connection: Upgrade", "Upgrade: tcp2, h2c", "HTTP2-Settings: AAMAAABkAARAAAAA"],
                ["Connection: HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAA"],
            ] {
                #expect(try martlet.request("GET /", fields).status == 200)
                let request = try origin.lastRequest
                #expect(request["Upgrade"] == nil && request["HTTP2-Settings"] == nil && request["Connection"] == nil)
            }
        }
    }

    /// A protocol that HTTP/2 does not have is asked for in HTTP/1.1 where servers may choose.
    @Test func otherProtocolsAreAskedForInHTTP1() throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["127.0.0.1"])
        let server = try ScriptedServer { socket, _ in
            while let request = try socket.readRequest() {
                if request["Upgrade"] == "tcp" {
                    try socket.send("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nready\n")
                    _ = try socket.receiveUntilEnd()
                    return
                }
                try socket.send(response(200, "ok"))
            }
        }
        let routes = ["{upstream: app, upgrades: [tcp]}"]
        let behind = SecureConfigs.proxy(to: [server.address], [leaf]).replacing(
            "  - upstream: app\n", with: "  - \(routes[0])\n")
        try withMartlet(behind) { second throws in
            let address = "127.0.0.1:\(try second.port(of: "tls"))"
            let upstream = ["tls: {ca: \(certificates.authority)}", "protocol: auto"]
            let config = Configs.proxy(to: [address], upstream: upstream).replacing(
                "  - upstream: app\n", with: "  - \(routes[0])\n")
            try withMartlet(config) { first throws in
                for _ in 0..<3 {
                    #expect(try first.request("GET /").text == "ok")
                    let client = try first.connect()
                    try client.send(requestText("POST /attach", ["Connection: Upgrade", "Upgrade: tcp"]))
                    #expect(try client.readResponse().status == 101)
                    #expect(try client.receive(until: "\n") == "ready\n")
                    client.close()
                }
                #expect(try first.metrics["martlet_upstream_http2_streams_total"] == 3)
                #expect(try second.metrics["martlet_upgrades_total{protocol=\"other\"}"] == 3)
                try first.waitForMetric("martlet_tunnels_active", 0)
            }
        }
    }

    /// Two proxies with HTTP/2 between them.
    @Test(arguments: [false, true]) func proxiesBehindEachOther(secure: Bool) throws {
        let certificates = try TestCertificates()
        let leaf = try certificates.leaf(["127.0.0.1"])
        let server = try ScriptedServer.webSockets()
        let behind = secure ? SecureConfigs.proxy(to: [server.address], [leaf]) : Configs.proxy(to: server)
        try withMartlet(behind) { second throws in
            let address = "127.0.0.1:\(try second.port(of: secure ? "tls" : nil))"
            let upstream = secure ? ["tls: {ca: \(certificates.authority)}", "protocol: auto"] : ["protocol: h2c"]
            try withMartlet(Configs.proxy(to: [address], upstream: upstream)) { first throws in
                for _ in 0..<3 {
                    #expect(try first.request("GET /").text == "ok")
                    let webSocket = try first.openWebSocket()
                    try webSocket.send(.text("a"))
                    #expect(try webSocket.receiveText() == "a")
                    try webSocket.send(.close(1000))
                    #expect(try webSocket.receive().closeCode == 1000)
                    webSocket.socket.close()
                }
                #expect(try first.metrics["martlet_upstream_http2_streams_total"] == 6)
                #expect(try first.metrics["martlet_upstream_http2_connections_total"] == 1)
                #expect(try second.metrics["martlet_upgrades_total{protocol=\"websocket\"}"] == 3)
                try first.waitForMetric("martlet_tunnels_active", 0)
                try second.waitForMetric("martlet_tunnels_active", 0)
            }
        }
    }

    @Test(.enabled(if: MartletBinary.hasProgram("curl"))) func aCommonClientAsksForHTTPTwoInVain() throws {
        let origin = try Origin { _ in response(200, "in HTTP/1.1") }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet throws in
            let url = "http://127.0.0.1:\(try martlet.port())/"
            let result = try ChildProcess.run("curl", ["-sS", "--http2", "--max-time", "8", url])
            #expect(result.output == "in HTTP/1.1")
            #expect(try origin.lastRequest["Upgrade"] == nil)
        }
    }
}
