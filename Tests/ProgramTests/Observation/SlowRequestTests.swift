import MartletTestSupport
import Testing

/// Requests that take long, told of in the log.
@Suite(.timeLimit(.minutes(20))) struct SlowRequestTests {
    private static func pause(_ time: Duration) { _ = Monitor(false).wait(time) { $0 ? true : nil } }

    private func config(_ origin: String, _ slow: String, upstream: String = "") -> String {
        """
        listeners: [{address: 127.0.0.1:0}]
        admin: {address: 127.0.0.1:0}
        accessLog: off
        slowRequests: \(slow)
        routes: [{path: /a/*, upstream: app, name: first}]
        upstreams: {app: {servers: [{address: "\(origin)"\(upstream)}]}}
        """
    }

    private func lines(_ martlet: RunningMartlet) -> [Substring] {
        martlet.process.errors.split(separator: "\n").filter { $0.contains("slow request") }
    }

    /// The number behind a key of a line, in milliseconds.
    private func time(_ key: String, _ line: Substring) -> Double? {
        line.split(separator: " ").first { $0.hasPrefix(key + "=") }.flatMap { Double($0.dropFirst(key.count + 1)) }
    }

    @Test func whatTookItsTimeIsTold() throws {
        let origin = try Origin { request in
            if request.target != "/a/fast" { Self.pause(.milliseconds(150)) }
            return response(200, "a")
        }
        try withMartlet(config(origin.address, "{over: 100ms}")) { martlet in
            #expect(try martlet.request("GET /a/fast").status == 200)
            #expect(try martlet.request("GET /a/slow?x=1", ["X-Request-ID: mine"]).status == 200)
            try martlet.waitForMetric("martlet_slow_requests_total", 1)
            try eventually("a line") { lines(martlet).count == 1 }
            let line = try #require(lines(martlet).first)
            for part in [
                "GET", "/a/slow?x=1", "route=first", "upstream=app", "server=\(origin.address)", "status=200",
                "tries=1",
            ] { #expect(line.contains(part), "\(part) in \(line)") }
            let (total, first) = (try #require(time("total_ms", line)), try #require(time("first_byte_ms", line)))
            #expect(first >= 149 && total >= first && total < first + 1_000, "\(line)")
            #expect(time("queue_ms", line) == nil, "\(line)")
            #expect(try martlet.metrics["martlet_slow_requests_untold_total"] == 0)
        }
    }

    /// The second waits for the first.
    @Test func waitingIsTold() throws {
        let origin = try Origin { _ in
            Self.pause(.milliseconds(200))
            return response(200, "a")
        }
        try withMartlet(config(origin.address, "{over: 300ms}", upstream: ", maxInFlight: 1")) { martlet in
            let clients = try (0..<2).map { _ in try martlet.connect() }
            for client in clients { try client.send(requestText("GET /a/x")) }
            for client in clients { #expect(try client.readResponse().status == 200) }
            try eventually("a line") { lines(martlet).count == 1 }
            let line = try #require(lines(martlet).first)
            #expect(try #require(time("queue_ms", line)) > 100, "\(line)")
            #expect(try #require(time("first_byte_ms", line)) > 190, "\(line)")
        }
    }

    /// A client that is slow to send is not the server's fault.
    @Test func theClientsTimeIsTold() throws {
        let origin = try Origin { _ in response(200, "a") }
        try withMartlet(config(origin.address, "{over: 100ms}")) { martlet in
            let client = try martlet.connect()
            try client.send("POST /a/up HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
            Self.pause(.milliseconds(150))
            try client.send("def")
            #expect(try client.readResponse().status == 200)
            try eventually("a line") { lines(martlet).count == 1 }
            let line = try #require(lines(martlet).first)
            #expect(try #require(time("request_ms", line)) > 100, "\(line)")
            #expect((time("first_byte_ms", line) ?? 0) < 100, "\(line)")
        }
    }

    @Test func thereAreNotMoreLinesThanAllowed() throws {
        let origin = try Origin { _ in
            Self.pause(.milliseconds(3))
            return response(200, "a")
        }
        try withMartlet(config(origin.address, "{over: 1ms, perSecond: 1}")) { martlet in
            let client = try martlet.connect()
            for _ in 0..<60 { #expect(try client.exchange("GET /a/x").status == 200) }
            try martlet.waitForMetric("martlet_slow_requests_total", 60)
            let untold = try #require(martlet.metrics["martlet_slow_requests_untold_total"])
            try eventually("the others") { lines(martlet).count == 60 - Int(untold) }
            #expect(untold > 20)
        }
    }

    @Test func withoutTheSectionNothingIsTold() throws {
        let origin = try Origin { _ in
            Self.pause(.milliseconds(20))
            return response(200, "a")
        }
        try withMartlet(config(origin.address, "off")) { martlet in
            let status = try martlet.request("GET /a/x").status
            #expect(status == 200)
            #expect(try martlet.metrics["martlet_slow_requests_total"] == 0)
            #expect(lines(martlet).isEmpty)
        }
    }
}
