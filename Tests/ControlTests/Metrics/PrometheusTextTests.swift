import MartletEventLoop
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
        let snapshot = MetricsSnapshot(of: loops)
        return String(
            decoding: PrometheusText.render(snapshot, servers: servers, about: ("1.2.3", .epoll), accessLog: accessLog),
            as: UTF8.self)
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
        metrics.add(.microseconds, server: 0, 1_500)
        let samples = try read(render([metrics]))
        #expect(samples["martlet_loop_busy_seconds_total"] == 2.5)
        let labels = "{upstream=\"api\",server=\"127.0.0.1:9001\"}"
        #expect(samples["martlet_server_response_seconds_total" + labels] == 0.0015)
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
}
