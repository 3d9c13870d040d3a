// Limits and times that a route has in the place of those for all.
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct RouteLimitTests {
    private func config(_ server: String, _ routes: [String], upstream: String = "", _ more: String = "") -> String {
        """
        workers: 1
        listeners: [{ address: "127.0.0.1:0" }]
        admin: { address: "127.0.0.1:0" }
        routes:
        \(routes.map { "  - " + $0 }.joined(separator: "\n"))
        upstreams: { app: { servers: ["\(server)"], ejection: off, retry: off\(upstream) } }
        \(more)
        """
    }

    /// A route may take more than others, and less; by length, in chunks, and by HTTP/2.
    @Test func contentOfEachRouteHasItsOwnBound() throws {
        let server = try Origin { response(200, "\($0.content.count)") }
        let routes = [
            "{ path: /all, upstream: app }", "{ path: /more, upstream: app, limits: { requestBody: 200 } }",
            "{ path: /less, upstream: app, limits: { requestBody: 50 } }",
            "{ path: /any, upstream: app, limits: { requestBody: off } }", "{ path: /own, respond: { body: own } }",
        ]
        try withMartlet(config(server.address, routes, "limits: { requestBody: 100 }")) { martlet in
            let bounds = [("/all", 100), ("/more", 200), ("/less", 50), ("/own", 100), ("/nowhere", 200)]
            for (path, bound) in bounds {
                for size in [bound, bound + 1] {
                    let status = size > bound ? 413 : path == "/nowhere" ? 404 : 200
                    let content = String(repeating: "x", count: size)
                    let byLength = try martlet.request("POST " + path, content: content)
                    #expect(byLength.status == (path == "/nowhere" ? 404 : status), "\(path) \(size)")
                    if path == "/nowhere" { continue }
                    let chunks =
                        "POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "\(String(size, radix: 16))\r\n\(content)\r\n0\r\n\r\n"
                    let client = try martlet.connect()
                    try client.send(chunks)
                    #expect(try client.readResponse().status == status, "\(path) \(size) in chunks")
                    let url = "http://127.0.0.1:\(try martlet.port())\(path)"
                    let stream = try ChildProcess.run(
                        "curl",
                        ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--http2-prior-knowledge", "-d", content, url])
                    #expect(stream.output == "\(status)", "\(path) \(size) by HTTP/2")
                }
            }
            let large = try martlet.request("POST /any", content: String(repeating: "x", count: 300_000))
            #expect(large.status == 200 && large.text == "300000")
        }
    }

    /// Content that comes piece by piece behind the head.
    @Test func contentInPiecesIsBounded() throws {
        let server = try Origin { response(200, "\($0.content.count)") }
        let routes = ["{ path: /less, upstream: app, limits: { requestBody: 50 } }", "{ upstream: app }"]
        try withMartlet(config(server.address, routes)) { martlet in
            let client = try martlet.connect()
            try client.send("POST /less HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            try client.send("20\r\n" + String(repeating: "x", count: 32) + "\r\n")
            _ = client.isQuiet(for: .milliseconds(50))
            try client.send("20\r\n" + String(repeating: "x", count: 32) + "\r\n")
            #expect(try client.readResponse().status == 413)
            let other = try martlet.request("POST /", content: String(repeating: "x", count: 64))
            #expect(other.status == 200)
        }
    }

    /// It is refused before a password is checked, and before it is sent.
    @Test func announcedContentIsRefusedAtOnce() throws {
        let server = try Origin()
        let routes = ["{ upstream: app, limits: { requestBody: 50 } }"]
        try withMartlet(config(server.address, routes)) { martlet in
            let client = try martlet.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 51\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.readResponse().status == 413 && server.requests.isEmpty)
        }
    }

    @Test func responsesHaveTheRoutesTime() throws {
        let server = try ScriptedServer { socket, _ in
            while let request = try? socket.readRequest() {
                if request.target.hasPrefix("/slow") && !socket.isQuiet(for: .milliseconds(600)) { return }
                try socket.send(response(200, "late"))
            }
        }
        let routes = [
            "{ path: /slow/short, upstream: app, timeouts: { response: 200ms } }",
            "{ path: /slow/long, upstream: app, timeouts: { response: 5s } }", "{ upstream: app }",
        ]
        let text = config(server.address, routes, upstream: ", responseTimeout: 300ms")
        try withMartlet(text) { martlet in
            let (short, long) = (try martlet.request("GET /slow/short"), try martlet.request("GET /slow/long"))
            let plain = try martlet.request("GET /slow")
            #expect(short.status == 504 && long.status == 200 && long.text == "late" && plain.status == 504)
            #expect(try martlet.accessLogLine(target: "/slow/short")["error"] == "response timeout")
            #expect(try martlet.metrics["martlet_timeouts_total{kind=\"response\"}"] == 2)
        }
    }

    @Test func exchangesHaveTheRoutesTime() throws {
        let server = try ScriptedServer { socket, _ in
            guard (try? socket.readRequest()) != nil else { return }
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            if socket.isQuiet(for: .milliseconds(900)) { try socket.send("cd") }
        }
        let routes = [
            "{ path: /short, upstream: app, timeouts: { exchange: 300ms } }",
            "{ path: /any, upstream: app, timeouts: { exchange: off } }", "{ upstream: app }",
        ]
        try withMartlet(config(server.address, routes, "timeouts: { exchange: 500ms }")) { martlet in
            for path in ["/short", "/all"] {
                let client = try martlet.connect()
                try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.receiveUntilGone().1 == .reset, "\(path)")
                #expect(try martlet.accessLogLine(target: path)["error"] == "exchange timeout")
            }
            let any = try martlet.request("GET /any")
            #expect(any.status == 200 && any.text == "abcd")
        }
    }

    @Test func serversMayStopForTheRoutesTime() throws {
        let server = try ScriptedServer { socket, _ in
            guard (try? socket.readRequest()) != nil else { return }
            try socket.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            if socket.isQuiet(for: .milliseconds(700)) { try socket.send("cd") }
        }
        let routes = [
            "{ path: /short, upstream: app, timeouts: { stall: 200ms } }",
            "{ path: /any, upstream: app, timeouts: { stall: off } }", "{ upstream: app }",
        ]
        try withMartlet(config(server.address, routes, upstream: ", stallTimeout: 300ms")) { martlet in
            for path in ["/short", "/all"] {
                let client = try martlet.connect()
                try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.receiveUntilGone().1 == .reset, "\(path)")
            }
            #expect(try martlet.request("GET /any").text == "abcd")
            #expect(try martlet.metrics["martlet_timeouts_total{kind=\"stall\"}"] == 2)
        }
    }

    /// A client that sends slowly is dropped where that is not allowed.
    @Test func clientsHaveTheRoutesRate() throws {
        let server = try Origin { response(200, "\($0.content.count)") }
        let routes = ["{ path: /slow, upstream: app, rates: { request: off } }", "{ upstream: app }"]
        try withMartlet(config(server.address, routes, "rates: { request: 1MiB, grace: 100ms }")) { martlet in
            let head = "HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na"
            let (slow, other) = (try martlet.connect(), try martlet.connect())
            try slow.send("POST /slow " + head)
            try other.send("POST /other " + head)
            #expect(try other.readResponse().status == 408)
            #expect(slow.isQuiet(for: .milliseconds(500)))
            try slow.send("b")
            #expect(try slow.readResponse().text == "2")
        }
    }

    /// The route's time is one more bound of a call's, and its server is told so.
    @Test func callsHaveTheRoutesTime() throws {
        let server = try CallServer { _, _ in }
        let routes = [
            "{ path: /short.S/M, upstream: app, timeouts: { exchange: 300ms } }",
            "{ upstream: app, timeouts: { exchange: off } }",
        ]
        let text = config(server.address, routes, upstream: ", protocol: h2c, grpc: { maxTimeout: 10s }")
        try withMartlet(text) { martlet in
            let client = try FrameClient.ready(FrameServer(port: try martlet.port(), isSecure: false))
            let short = try client.call(1, "/short.S/M")
            #expect(short.status == 4 && short.messages.isEmpty)
            let told = try #require(try server.call(0)["grpc-timeout"])
            #expect(told.hasSuffix("m") && (1...300).contains(Int(told.dropLast()) ?? 0), "\(told)")
            try martlet.waitForCalls("DEADLINE_EXCEEDED", 1)
            // A client that asks for less has less.
            let less = try client.call(3, "/long.S/M", [HTTPField("grpc-timeout", "200m")])
            #expect(less.status == 4)
        }
    }

    @Test func tunnelsHaveTheRoutesTime() throws {
        let server = try ScriptedServer { socket, _ in
            guard (try? socket.readRequest()) != nil else { return }
            try socket.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
            _ = try socket.receiveUntilGone()
        }
        let routes = [
            "{ path: /short, upstream: app, upgrades: [echo], timeouts: { tunnelIdle: 200ms } }",
            "{ upstream: app, upgrades: [echo] }",
        ]
        try withMartlet(config(server.address, routes)) { martlet in
            let fields = "HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
            let (short, long) = (try martlet.connect(), try martlet.connect())
            try short.send("GET /short " + fields)
            try long.send("GET /long " + fields)
            #expect(try short.readResponse().status == 101 && long.readResponse().status == 101)
            _ = try short.receiveUntilGone()
            #expect(long.isQuiet(for: .milliseconds(300)))
            try martlet.waitForMetric("martlet_timeouts_total{kind=\"tunnel_idle\"}", 1)
        }
    }
}
