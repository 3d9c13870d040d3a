import MartletTestSupport
import Testing

/// Metrics by listener, route, upstream and server.
@Suite(.timeLimit(.minutes(20))) struct NamedMetricsTests {
    private static func config(_ origin: String, _ bad: String) -> String {
        """
        workers: 2
        listeners: [{address: 127.0.0.1:0, name: web}, {address: 127.0.0.1:0, name: other}]
        admin: {address: 127.0.0.1:0}
        metrics: {routes: 2}
        routes:
          - {path: /a/*, upstream: good}
          - {path: /b/*, upstream: good, name: b}
          - {path: /bad, upstream: bad, name: bad}
          - {path: /fixed, respond: {status: 204}}
        upstreams: {good: {servers: ["\(origin)"]}, bad: {servers: ["\(bad)"], retry: {attempts: 1}}}
        """
    }

    @Test func requestsAreCountedByName() throws {
        let origin = try Origin { response(Int($0.target.dropFirst(3)) ?? 200, "1234567890") }
        let bad = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        try withMartlet(Self.config(origin.address, bad.address)) { martlet in
            for (path, status, count) in [
                ("/a/200", 200, 3), ("/b/200", 200, 5), ("/b/404", 404, 2), ("/b/503", 503, 1), ("/bad", 502, 4),
                ("/fixed", 204, 6), ("/none", 404, 7),
            ] {
                for _ in 0..<count { #expect(try martlet.request("GET \(path)").status == status, "\(path)") }
            }
            let second = try martlet.connect(to: "other")
            #expect(try second.exchange("GET /a/200").status == 200)
            let expected: [String: Double] = [
                "listener_requests_total{listener=\"other\",class=\"2xx\"}": 1,
                "listener_requests_total{listener=\"web\",class=\"2xx\"}": 14,
                "listener_requests_total{listener=\"web\",class=\"4xx\"}": 9,
                "listener_requests_total{listener=\"web\",class=\"5xx\"}": 5,
                "listener_failures_total{listener=\"web\"}": 11,
                "route_requests_total{route=\"b\",class=\"2xx\"}": 5,
                "route_requests_total{route=\"b\",class=\"4xx\"}": 2,
                "route_requests_total{route=\"b\",class=\"5xx\"}": 1,
                "route_failures_total{route=\"b\"}": 0,
                "route_requests_total{route=\"bad\",class=\"5xx\"}": 4,
                "route_failures_total{route=\"bad\"}": 4,
                "route_requests_total{route=\"(none)\",class=\"4xx\"}": 7,
                "route_requests_total{route=\"(other)\",class=\"2xx\"}": 10,
                "routes_without_metrics": 2,
                "upstream_requests_total{upstream=\"good\",class=\"2xx\"}": 9,
                "upstream_requests_total{upstream=\"bad\",class=\"5xx\"}": 4,
                "upstream_failures_total{upstream=\"bad\"}": 4,
                "route_request_duration_seconds_count{route=\"b\"}": 8,
                "upstream_request_duration_seconds_count{upstream=\"good\"}": 12,
                "server_response_seconds_count{upstream=\"good\",server=\"\(origin.address)\"}": 12,
            ]
            try martlet.waitForMetric("martlet_route_requests_total{route=\"(other)\",class=\"2xx\"}", 10)
            let metrics = try martlet.metrics
            for (name, value) in expected { #expect(metrics["martlet_" + name] == value, "\(name)") }
            #expect(metrics["martlet_route_requests_total{route=\"/a/*\",class=\"2xx\"}"] == nil)
            #expect((metrics["martlet_upstream_connect_seconds_count"] ?? 0) >= 2)
            #expect((metrics["martlet_loop_turn_seconds_count"] ?? 0) > 20)
            for loop in ["0", "1"] {
                #expect(metrics["martlet_loop_busy_seconds_total{loop=\"\(loop)\"}"] != nil)
            }
        }
    }

    /// How long requests take is in the right bucket, and so is how long they wait for a server.
    @Test func timesAreMeasured() throws {
        let origin = try Origin { _ in
            _ = Monitor(false).wait(.milliseconds(120)) { $0 ? true : nil }
            return response(200, "a")
        }
        let config = """
            listeners: [{address: 127.0.0.1:0}]
            admin: {address: 127.0.0.1:0}
            routes: [{upstream: app, name: all}]
            upstreams: {app: {servers: [{address: "\(origin.address)", maxInFlight: 1}]}}
            """
        try withMartlet(config) { martlet in
            let clients = try (0..<2).map { _ in try martlet.connect() }
            for client in clients { try client.send(requestText("GET /")) }
            for client in clients { #expect(try client.readResponse().status == 200) }
            try martlet.waitForMetric("martlet_route_requests_total{route=\"all\",class=\"2xx\"}", 2)
            let metrics = try martlet.metrics
            let name = "martlet_route_request_duration_seconds"
            #expect(metrics[name + "_bucket{route=\"all\",le=\"0.1\"}"] == 0)
            #expect(metrics[name + "_bucket{route=\"all\",le=\"60\"}"] == 2)
            #expect((metrics[name + "_sum{route=\"all\"}"] ?? 0) >= 0.36)
            #expect(metrics["martlet_queue_wait_seconds_count"] == 1)
            #expect((metrics["martlet_queue_wait_seconds_sum"] ?? 0) >= 0.1)
        }
    }

    private static let hasOtherParsers =
        (try? ChildProcess.run("python3", ["-c", "import prometheus_client"]).exit) == .code(0)

    /// Two parsers that are not ours read both formats.
    @Test(.enabled(if: hasOtherParsers, "pip install prometheus-client"))
    func othersReadThePages() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            for _ in 0..<5 { #expect(try martlet.request("GET /").status == 200) }
            let admin = try martlet.connect(to: "admin")
            let accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3"
            let open = try admin.exchange("GET /metrics", ["Accept: " + accept])
            #expect(open["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(open.text.hasSuffix("\n# EOF\n"))
            let pages = [("openmetrics.", open), ("", try admin.exchange("GET /metrics"))]
            for (module, page) in pages {
                try martlet.folder.write(page.text, to: "page")
                let script = """
                    import sys
                    from prometheus_client.\(module)parser import text_string_to_metric_families as read
                    families = list(read(open(sys.argv[1]).read()))
                    found = {s.name: s.value for f in families for s in f.samples if s.labels.get("route") == "/*"}
                    assert len(families) > 100, len(families)
                    assert found["martlet_route_request_duration_seconds_count"] == 5, found
                    """
                let result = try ChildProcess.run("python3", ["-c", script, martlet.folder.path("page")])
                #expect(result.exit == .code(0), "\(result.errors)")
            }
        }
    }
}
