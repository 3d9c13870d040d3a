import MartletEventLoop
import MartletProxy
import MartletTelemetry
import Testing

@testable import MartletControl

@Suite struct PrometheusTextTests {
    private static let servers = [
        (upstream: "api", server: "127.0.0.1:9001"), (upstream: "api", server: "unix:/run/a"),
    ]

    private func render(
        _ loops: [LoopMetrics], servers: [(upstream: String, server: String)] = servers,
        accessLog: AccessLogCounts? = nil
    ) -> String {
        var facts = MetricsFacts(MetricsSnapshot(of: loops), about: ("1.2.3", .epoll))
        facts.names = MetricNames(servers: servers)
        facts.busy = loops.map { $0.read(.loopBusyNanoseconds) }
        facts.accessLog = accessLog
        return String(decoding: PrometheusText.render(facts), as: UTF8.self)
    }

    private func read(_ text: String) throws -> [String: Double] { try PrometheusChecker(text).samples }

    @Test func followsTheRulesOfTheFormat() throws {
        let metrics = LoopMetrics(servers: 2)
        for counter in Counter.allCases { metrics.add(counter, 3) }
        metrics.record(.duration, 1_000)
        let checker = try PrometheusChecker(render([metrics], accessLog: AccessLogCounts()))
        #expect(checker.samples["martlet_build_info{version=\"1.2.3\"}"] == 1)
        #expect(checker.types["martlet_request_duration_seconds"] == "histogram")
    }

    /// Each counter shows up under one name, and no two under the same.
    @Test func showsEachCounterOnce() throws {
        let metrics = LoopMetrics(servers: 0)
        for counter in Counter.allCases where counter != .loopBusyNanoseconds {
            metrics.add(counter, 1_000 + UInt64(counter.rawValue))
        }
        let values = try read(render([metrics], servers: [])).values
        for counter in Counter.allCases where counter != .loopBusyNanoseconds {
            #expect(values.count { $0 == Double(1_000 + counter.rawValue) } == 1, "\(counter)")
        }
    }

    @Test func showsEachServerCounterOnce() throws {
        let metrics = LoopMetrics(servers: 2)
        for counter in ServerCounter.allCases where counter != .microseconds {
            metrics.add(counter, server: 1, 1_000 + UInt64(counter.rawValue))
        }
        let samples = try read(render([metrics]))
        for counter in ServerCounter.allCases where counter != .microseconds {
            let names = samples.filter { $0.value == Double(1_000 + counter.rawValue) }.keys
            #expect(names.count == 1, "\(counter)")
            #expect(names.first?.contains("{upstream=\"api\",server=\"unix:/run/a\"") == true)
        }
    }

    @Test func addsUpTheLoops() throws {
        let loops = [LoopMetrics(servers: 2), LoopMetrics(servers: 2)]
        loops[0].add(.requests, 2)
        loops[1].add(.requests, 40)
        loops[0].add(.responses2xx, server: 0, 5)
        loops[1].add(.responses2xx, server: 0, 6)
        // Accepted by one loop and, in effect, gone on the other.
        loops[0].increment(.connectionsActive)
        loops[0].increment(.connectionsActive)
        loops[1].decrement(.connectionsActive)
        let samples = try read(render(loops))
        #expect(samples["martlet_requests_total"] == 42)
        #expect(samples["martlet_connections_active"] == 1)
        let labels = "{upstream=\"api\",server=\"127.0.0.1:9001\",class=\"2xx\"}"
        #expect(samples["martlet_server_responses_total" + labels] == 11)
    }

    @Test func writesTimesInSeconds() throws {
        let metrics = LoopMetrics(servers: 2)
        metrics.set(.loopBusyNanoseconds, 2_500_000_000)
        metrics.record(server: 0, microseconds: 1_500)
        let samples = try read(render([metrics]))
        #expect(samples["martlet_loop_busy_seconds_total{loop=\"0\"}"] == 2.5)
        let labels = "{upstream=\"api\",server=\"127.0.0.1:9001\""
        #expect(samples["martlet_server_response_seconds_sum" + labels + "}"] == 0.0015)
        #expect(samples["martlet_server_response_seconds_bucket" + labels + ",le=\"0.001\"}"] == 0)
        #expect(samples["martlet_server_response_seconds_bucket" + labels + ",le=\"0.0025\"}"] == 1)
    }

    @Test func putsValuesIntoBuckets() throws {
        let metrics = LoopMetrics(servers: 0)
        for microseconds in [UInt64(10), 64, 1_023, 1_024, 200_000_000] { metrics.record(.duration, microseconds) }
        let samples = try read(render([metrics], servers: []))
        let name = "martlet_request_duration_seconds"
        #expect(samples[name + "_bucket{le=\"0.000064\"}"] == 1)
        #expect(samples[name + "_bucket{le=\"0.000128\"}"] == 2)
        #expect(samples[name + "_bucket{le=\"0.001024\"}"] == 3)
        #expect(samples[name + "_bucket{le=\"0.002048\"}"] == 4)
        #expect(samples[name + "_bucket{le=\"134.217728\"}"] == 4)
        #expect(samples[name + "_bucket{le=\"+Inf\"}"] == 5)
        #expect(samples[name + "_sum"] == 200.002121)
        #expect(samples["martlet_time_to_first_byte_seconds_count"] == 0)
    }

    @Test func escapesNames() throws {
        let text = render([LoopMetrics(servers: 1)], servers: [(upstream: "a\"b\\c\nd", server: "ü")])
        _ = try read(text)
        #expect(text.contains("martlet_server_requests_total{upstream=\"a\\\"b\\\\c\\nd\",server=\"ü\"} 0\n"))
    }

    @Test func addsUpServersOfTheSameName() throws {
        let metrics = LoopMetrics(servers: 3)
        for server in 0..<3 { metrics.add(.requests, server: server, UInt64(10 + server)) }
        let names = [(upstream: "a", server: "x"), (upstream: "a", server: "y"), (upstream: "a", server: "x")]
        let samples = try read(render([metrics], servers: names))
        #expect(samples["martlet_server_requests_total{upstream=\"a\",server=\"x\"}"] == 22)
        #expect(samples["martlet_server_requests_total{upstream=\"a\",server=\"y\"}"] == 11)
    }

    @Test func showsWhatBecameOfTheAccessLog() throws {
        var counts = AccessLogCounts()
        (counts.written, counts.lost, counts.errors) = (7, 2, 1)
        let metrics = [LoopMetrics(servers: 0)]
        let samples = try read(render(metrics, servers: [], accessLog: counts))
        #expect(samples["martlet_access_log_lines_written_total"] == 7)
        #expect(samples["martlet_access_log_lines_lost_total"] == 2)
        #expect(samples["martlet_access_log_errors_total"] == 1)
        #expect(try read(render(metrics, servers: []))["martlet_access_log_lines_written_total"] == nil)
    }

    @Test(
        arguments: [
            (0, 6, "0"), (1, 6, "0.000001"), (1_500_000, 6, "1.5"), (2_000_000, 6, "2"), (7, 0, "7"),
            (UInt64.max, 9, "18446744073.709551615"),
        ] as [(UInt64, Int, String)])
    func writesDecimals(count: UInt64, decimals: Int, text: String) {
        #expect(PrometheusWriter.decimal(count, decimals: decimals) == text)
    }

    /// Everything there is, in both formats.
    private func renderAll(_ format: MetricsFormat) -> String {
        let metrics = LoopMetrics(MetricsLayout(servers: 2, listeners: 1, routes: 2, upstreams: 1))
        for counter in Counter.allCases { metrics.add(counter, 3) }
        for distribution in Distribution.allCases { metrics.record(distribution, 1_000) }
        metrics.record(server: 1, microseconds: 70_000_000)
        let ending = ExchangeEnding(status: 502, microseconds: 2_600, hasFailed: true)
        metrics.count(ending, .route, Scope.reserved + 1)
        metrics.count(ending, .upstream, 99)
        var labels = ScopeLabels()
        labels[.listener] = [.init(name: "web", block: Scope.reserved)]
        labels[.route] = [
            .init(name: "/a/{id}", block: Scope.reserved), .init(name: "b", block: Scope.reserved + 1),
        ]
        labels.setBeyond(3, .upstream)
        var facts = MetricsFacts(MetricsSnapshot(of: [metrics]), about: ("1.2.3", .epoll))
        facts.names = MetricNames(servers: Self.servers, labels: labels)
        facts.busy = [1_000_000_000, 2]
        facts.accessLog = AccessLogCounts()
        return String(decoding: PrometheusText.render(facts, format), as: UTF8.self)
    }

    @Test func countsByName() throws {
        let samples = try read(renderAll(.prometheus))
        #expect(samples["martlet_route_requests_total{route=\"b\",class=\"5xx\"}"] == 1)
        #expect(samples["martlet_route_requests_total{route=\"/a/{id}\",class=\"5xx\"}"] == 0)
        #expect(samples["martlet_route_requests_total{route=\"(none)\",class=\"5xx\"}"] == 0)
        #expect(samples["martlet_route_failures_total{route=\"b\"}"] == 1)
        #expect(samples["martlet_route_request_duration_seconds_bucket{route=\"b\",le=\"0.0025\"}"] == 0)
        #expect(samples["martlet_route_request_duration_seconds_bucket{route=\"b\",le=\"0.005\"}"] == 1)
        #expect(samples["martlet_route_request_duration_seconds_sum{route=\"b\"}"] == 0.0026)
        // What has no block of its own is counted with the others.
        #expect(samples["martlet_upstream_requests_total{upstream=\"(other)\",class=\"5xx\"}"] == 1)
        #expect(samples["martlet_upstreams_without_metrics"] == 3)
        #expect(samples["martlet_routes_without_metrics"] == 0)
    }

    @Test func bothFormatsSayTheSame() throws {
        let text = try PrometheusChecker(renderAll(.prometheus))
        let open = try PrometheusChecker(renderAll(.openMetrics), .openMetrics)
        func plain(_ samples: [String: Double]) -> [String: Double] {
            Dictionary(uniqueKeysWithValues: samples.map { ($0.key.replacing(".0\"}", with: "\"}"), $0.value) })
        }
        #expect(plain(text.samples) == plain(open.samples))
        #expect(renderAll(.openMetrics).contains("# UNIT martlet_request_duration_seconds seconds\n"))
    }

    /// What `promtool check metrics` complains of.
    @Test func followsTheAdviceForNames() throws { #expect(try PrometheusChecker(renderAll(.prometheus)).advice == []) }
}
