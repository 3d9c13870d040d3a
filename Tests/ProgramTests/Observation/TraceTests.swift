import MartletTestSupport
import Testing

/// Traces: what servers are told, and what collectors get.
@Suite(.timeLimit(.minutes(20))) struct TraceTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func config(
        _ servers: [String], _ tracing: String, trusted: String = "127.0.0.0/8", upstream: String = ""
    ) -> String {
        """
        listeners: [{address: 127.0.0.1:0}]
        admin: {address: 127.0.0.1:0}
        trustedProxies: [\(trusted)]
        tracing: \(tracing)
        routes:
          - {path: "/users/{id}", upstream: app}
          - {path: /plain, upstream: app, tracing: off}
          - {path: /never, upstream: app, tracing: {sample: 0}}
          - {path: /own, respond: {status: 204}}
        upstreams:
          app:
            servers: [\(servers.map { "\"\($0)\"" }.joined(separator: ", "))]
            \(upstream)
        """
    }

    private func values(_ name: String, _ request: HTTPRequest) -> [String] {
        request.fields.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The parts of a traceparent, which is in the form that it must have.
    private func parts(_ request: HTTPRequest) throws -> (trace: String, span: String, flags: String) {
        let value = try #require(values("traceparent", request).first)
        #expect(values("traceparent", request).count == 1)
        let match = try #require(value.wholeMatch(of: /00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])/), "\(value)")
        return (String(match.output.1), String(match.output.2), String(match.output.3))
    }

    @Test func theTraceOfATrustedClientGoesOn() throws {
        let (origin, collector) = (try Origin { _ in response(201, "a") }, try OTLPCollector())
        let tracing = "{service: shop, otlp: {endpoint: '\(collector.endpoint)', headers: {X-Key: secret}}}"
        try withMartlet(config([origin.address], tracing)) { martlet in
            let fields = [
                "traceparent: " + Self.parent, "tracestate: a=1", "tracestate: b=2", "User-Agent: \"t\u{e9}st\"",
            ]
            #expect(try martlet.request("GET /users/7?q=%20x", fields).status == 201)
            let sent = try parts(try origin.lastRequest)
            #expect(sent.trace == "4bf92f3577b34da6a3ce929d0e0e4736" && sent.flags == "01")
            #expect(try values("tracestate", origin.lastRequest) == ["a=1,b=2"])
            let spans = try collector.wait(for: 2)
            let server = try #require(spans.first { $0.kind == 2 })
            let client = try #require(spans.first { $0.kind == 3 })
            #expect(
                server.trace == sent.trace && server.parent == "00f067aa0ba902b7" && server.name == "GET /users/{id}")
            #expect(client.trace == sent.trace && client.parent == server.id && client.id == sent.span)
            #expect(client.name == "GET" && !client.isError && !server.isError)
            for (key, value) in [
                ("http.request.method", "GET"), ("http.route", "/users/{id}"), ("url.path", "/users/7"),
                ("url.query", "q=%20x"), ("url.scheme", "http"), ("http.response.status_code", "201"),
                ("client.address", "127.0.0.1"), ("network.protocol.version", "1.1"),
                ("user_agent.original", "\"t??st\""),
            ] { #expect(server.attributes[key] == value, "\(key)") }
            for (key, value) in [
                ("url.full", "http://\(origin.address)/users/7?q=%20x"), ("server.address", "127.0.0.1"),
                ("server.port", "\(origin.server.port)"), ("http.response.status_code", "201"),
                ("http.request.method", "GET"),
            ] { #expect(client.attributes[key] == value, "\(key)") }
            #expect(client.attributes["http.request.resend_count"] == nil)
            #expect(server.start <= client.start && client.start < client.end && client.end <= server.end + 1_000_000)
            #expect(collector.resource["service.name"] == "shop")
            let received = try #require(collector.received.first)
            #expect(received.target == "/v1/traces" && values("x-key", received) == ["secret"])
            #expect(values("content-type", received) == ["application/x-protobuf"])
            try martlet.waitForMetric("martlet_trace_spans_exported_total", 2)
            let line = try martlet.accessLogLine(target: "/users/7?q=%20x")
            #expect(line["trace_id"] == sent.trace)
        }
    }

    /// Each try has a span of its own, and tells its server so.
    @Test func everyTryHasASpan() throws {
        let bad = try Origin { _ in response(503, "no") }
        let good = try Origin { _ in response(200, "yes") }
        let collector = try OTLPCollector()
        let config = config(
            [bad.address, good.address], "{otlp: {endpoint: '\(collector.endpoint)'}}",
            upstream: "balance: first\n    retry: {attempts: 2}")
        try withMartlet(config) { martlet in
            #expect(try martlet.request("GET /users/1").status == 200)
            let spans = try collector.wait(for: 3)
            let tries = spans.filter { $0.kind == 3 }
            let server = try #require(spans.first { $0.kind == 2 })
            #expect(tries.count == 2 && Set(spans.map(\.trace)).count == 1 && Set(spans.map(\.id)).count == 3)
            #expect(tries.allSatisfy { $0.parent == server.id } && server.parent.isEmpty && !server.isError)
            let first = try #require(tries.first { $0.isError })
            let second = try #require(tries.first { !$0.isError })
            #expect(try parts(bad.lastRequest).span == first.id && parts(good.lastRequest).span == second.id)
            #expect(first.attributes["http.response.status_code"] == "503" && first.attributes["error.type"] == "503")
            #expect(second.attributes["http.request.resend_count"] == "1")
        }
    }

    @Test func aServerThatBreaksOffIsAnError() throws {
        let server = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        let collector = try OTLPCollector()
        let config = config(
            [server.address], "{otlp: {endpoint: '\(collector.endpoint)'}}", upstream: "retry: {attempts: 1}")
        try withMartlet(config) { martlet in
            #expect(try martlet.request("POST /users/1", content: "a").status == 502)
            let spans = try collector.wait(for: 2)
            #expect(spans.allSatisfy { $0.isError && $0.attributes["error.type"]?.isEmpty == false })
            let line = try martlet.accessLogLine(target: "/users/1")
            #expect(line["trace_id"] == spans[0].trace && line["status"] == "502")
        }
    }

    @Test func strangersBeginTracesOfTheirOwn() throws {
        let origin = try Origin()
        try withMartlet(config([origin.address], "{}", trusted: "192.0.2.1/32")) { martlet in
            for _ in 0..<2 {
                _ = try martlet.request("GET /users/1", ["traceparent: " + Self.parent, "tracestate: a=1"])
            }
            let traces = try origin.requests.map { try parts($0).trace }
            #expect(Set(traces).count == 2 && !traces.contains("4bf92f3577b34da6a3ce929d0e0e4736"))
            #expect(origin.requests.allSatisfy { values("tracestate", $0).isEmpty })
        }
    }

    @Test(
        arguments: [
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        ])
    func whatIsNoContextBeginsATrace(value: String) throws {
        let origin = try Origin()
        try withMartlet(config([origin.address], "{sample: 0}")) { martlet in
            _ = try martlet.request("GET /users/1", ["traceparent: " + value, "tracestate: a=1"])
            let sent = try parts(try origin.lastRequest)
            #expect(sent.trace != "4bf92f3577b34da6a3ce929d0e0e4736" && sent.flags == "00")
            #expect(try values("tracestate", origin.lastRequest).isEmpty)
        }
    }

    @Test func parentsDecideAndRoutesMaySayOtherwise() throws {
        let (origin, collector) = (try Origin(), try OTLPCollector())
        try withMartlet(config([origin.address], "{otlp: '\(collector.endpoint)'}")) { martlet in
            let unsampled = String(Self.parent.dropLast()) + "0"
            _ = try martlet.request("GET /users/1", ["traceparent: " + unsampled])
            #expect(try parts(try origin.lastRequest).flags == "00")
            _ = try martlet.request("GET /never")
            #expect(try parts(try origin.lastRequest).flags == "00")
            // What is said of traces passes as it is.
            _ = try martlet.request("GET /plain", ["traceparent: " + unsampled])
            #expect(try values("traceparent", origin.lastRequest) == [unsampled])
            _ = try martlet.request("GET /plain")
            #expect(try values("traceparent", origin.lastRequest).isEmpty)
            _ = try martlet.request("GET /never", ["traceparent: " + Self.parent])
            #expect(try parts(try origin.lastRequest).flags == "01")
            #expect(try martlet.request("GET /own").status == 204)
            #expect(try martlet.request("GET /nothing").status == 404)
            let spans = try collector.wait(for: 4)
            #expect(spans.count { $0.kind == 2 } == 3 && spans.count { $0.kind == 3 } == 1)
            #expect(
                spans.contains {
                    $0.name == "GET" && $0.kind == 2 && $0.attributes["http.response.status_code"] == "404"
                })
        }
    }

    @Test func serversAreToldNothingWhereThatIsWanted() throws {
        let (origin, collector) = (try Origin(), try OTLPCollector())
        let tracing = "{propagate: none, otlp: {endpoint: '\(collector.endpoint)'}}"
        try withMartlet(config([origin.address], tracing)) { martlet in
            _ = try martlet.request("GET /users/1", ["traceparent: " + Self.parent])
            #expect(try values("traceparent", origin.lastRequest).isEmpty)
            let spans = try collector.wait(for: 2)
            #expect(spans[0].trace != "4bf92f3577b34da6a3ce929d0e0e4736")
        }
    }

    @Test func withoutTheSectionNothingIsTouched() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            _ = try martlet.request("GET /", ["traceparent: x", "tracestate: y"])
            #expect(try values("traceparent", origin.lastRequest) == ["x"])
            #expect(try values("tracestate", origin.lastRequest) == ["y"])
        }
    }

    /// A collector that is busy is asked again; one that refuses is not.
    @Test func exportsAreTriedAgain() throws {
        let origin = try Origin()
        let collector = try OTLPCollector { number in
            number == 1 ? "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n" : OTLPCollector.ok
        }
        try withMartlet(config([origin.address], "{otlp: {endpoint: '\(collector.endpoint)'}}")) { martlet in
            _ = try martlet.request("GET /users/1")
            #expect(try collector.wait(for: 2).count == 2)
            try martlet.waitForMetric("martlet_trace_export_failures_total", 1)
            try martlet.waitForMetric("martlet_trace_spans_lost_total", 0)
        }
    }

    @Test func whatACollectorRefusesIsCounted() throws {
        let origin = try Origin()
        let collector = try OTLPCollector { _ in "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n" }
        try withMartlet(config([origin.address], "{otlp: {endpoint: '\(collector.endpoint)'}}")) { martlet in
            _ = try martlet.request("GET /users/1")
            try martlet.waitForMetric("martlet_trace_spans_lost_total", 2)
            #expect(collector.requests == 1)
        }
    }

    /// Nobody takes spans, and the queue is small: requests go on, and what is lost is counted.
    @Test func aDeadCollectorHoldsNobodyUp() throws {
        let origin = try Origin()
        let silent = try ScriptedServer { socket, _ in _ = try socket.receiveUntilGone() }
        let tracing = "{otlp: {endpoint: 'http://\(silent.address)/', queue: 64KiB, timeout: 5m}}"
        try withMartlet(config([origin.address], tracing)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<600 { #expect(try client.exchange("GET /users/1").status == 200) }
            try eventually("spans are dropped") { (try martlet.metrics["martlet_trace_spans_dropped_total"] ?? 0) > 0 }
        }
    }

    /// What is there when the proxy ends is sent.
    @Test func theLastSpansAreSent() throws {
        let (origin, collector) = (try Origin(), try OTLPCollector())
        let martlet = try RunningMartlet(config([origin.address], "{otlp: {endpoint: '\(collector.endpoint)'}}"))
        _ = try martlet.request("GET /users/1")
        try martlet.stop()
        #expect(try collector.spans.count == 2)
    }
}
