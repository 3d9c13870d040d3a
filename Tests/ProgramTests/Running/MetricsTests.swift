import Foundation
import MartletTestSupport
import Testing

/// What `/metrics` says is what has happened.
@Suite(.timeLimit(.minutes(20))) struct MetricsTests {
    /// The names are a promise to whoever has made dashboards of them.
    private static let families = """
        martlet_accept_errors_total martlet_access_log_errors_total martlet_access_log_lines_dropped_total
        martlet_access_log_lines_lost_total martlet_access_log_lines_total martlet_access_log_lines_written_total
        martlet_binary_upgrades_total martlet_buffer_bytes martlet_buffer_waits_total martlet_build_info martlet_clients_gone_total
        martlet_connections_accepted_total martlet_connections_active martlet_connections_refused_total
        martlet_dns_lookups_total martlet_downstream_bytes_total martlet_errors_total martlet_exchanges_active
        martlet_exchanges_cut_total martlet_hedges_total martlet_hedges_won_total martlet_loop_busy_seconds_total
        martlet_loop_info martlet_mirrors_active martlet_mirrors_total martlet_mirrors_skipped_total
        martlet_pool_evictions_total martlet_pool_idle_connections martlet_queue_entered_total
        martlet_queue_overflows_total martlet_queue_timeouts_total martlet_queue_waiting
        martlet_replays_too_large_total martlet_request_duration_seconds martlet_requests_refused_total
        martlet_requests_total martlet_requests_without_route_total martlet_requests_without_server_total
        martlet_responses_total martlet_responses_truncated_total martlet_retries_refused_total martlet_retries_total
        martlet_server_bytes_total martlet_server_checks_total martlet_server_connect_failures_total
        martlet_server_ejections_total martlet_server_failures_total martlet_server_requests_active
        martlet_server_requests_total martlet_server_responses_total
        martlet_server_state martlet_server_state_changes_total martlet_time_to_first_byte_seconds
        martlet_timeouts_total martlet_unanswered_total martlet_upstream_bytes_total
        martlet_upstream_connect_failures_total martlet_upstream_connections_active
        martlet_upstream_connections_opened_total martlet_upstream_connections_reused_total
        martlet_upstream_panics_total martlet_upstream_requests_resent_total martlet_upstream_resets_total
        martlet_upstreams_in_panic
        martlet_access_denied_total martlet_challenges_total martlet_admissions_total martlet_exchanges_suspended
        martlet_forward_auth_questions_total martlet_jwks_fetches_total martlet_jwt_checks_total
        martlet_list_reload_failures_total martlet_list_reloads_total
        martlet_acme_challenges_answered_total martlet_certificate_reload_failures_total
        martlet_certificate_reloads_total martlet_ocsp_failures_total martlet_ocsp_responses_lost_total
        martlet_ocsp_responses_total
        martlet_proxy_headers_refused_total martlet_proxy_headers_total martlet_redirects_to_https_total
        martlet_tls_client_certificates_refused_total martlet_tls_handshakes_active
        martlet_tls_handshakes_failed_total martlet_tls_handshakes_refused_total martlet_tls_handshakes_resumed_total
        martlet_tls_handshakes_total martlet_tls_plain_requests_total martlet_tunnels_active
        martlet_tunnels_failed_total martlet_tunnels_opened_total martlet_tunnels_refused_total
        martlet_upstream_tls_handshakes_failed_total martlet_upstream_tls_handshakes_resumed_total
        martlet_upstream_tls_handshakes_total martlet_upstream_tls_pin_reports_total
        martlet_upstream_tls_unverified_total martlet_upgrades_ignored_total martlet_upgrades_total
        martlet_http2_connections_active martlet_http2_connections_total martlet_http2_faults_total
        martlet_http2_goaways_total martlet_http2_prior_knowledge_total martlet_http2_resets_total
        martlet_http2_streams_active martlet_http2_streams_refused_total martlet_http2_streams_total
        martlet_upstream_http2_connections_active martlet_upstream_http2_connections_total
        martlet_upstream_http2_faults_total martlet_upstream_http2_goaways_total martlet_upstream_http2_resets_total
        martlet_upstream_http2_streams_active martlet_upstream_http2_streams_refused_total
        martlet_upstream_http2_streams_total martlet_grpc_calls_total
        martlet_route_answers_total martlet_cors_preflights_total martlet_origin_leaks_total martlet_origin_errors_replaced_total
        martlet_grpc_web_calls_total martlet_requests_buffered_total martlet_request_buffer_bytes
        martlet_request_buffers_passed_total martlet_request_buffers_refused_total
        martlet_compressed_responses_total martlet_compressed_bytes_in_total martlet_compressed_bytes_out_total
        martlet_compression_skipped_total martlet_compression_memory_bytes
        martlet_maintenance_answers_total
        martlet_files_active martlet_file_responses_total martlet_file_partial_responses_total martlet_file_waits_total
        martlet_files_refused_total martlet_file_timeouts_total martlet_files_cut_total
        martlet_body_replaced_responses_total martlet_body_replacements_total martlet_body_replace_skipped_total
        martlet_body_undecodable_total martlet_reloads_total martlet_config_info
        martlet_config_last_reload_successful martlet_config_last_reload_success_timestamp_seconds
        martlet_access_log_lines_skipped_total
        martlet_slow_requests_total martlet_slow_requests_untold_total martlet_trace_spans_total
        martlet_trace_spans_dropped_total
        martlet_listener_requests_total martlet_route_requests_total martlet_upstream_requests_total
        martlet_listener_failures_total martlet_route_failures_total martlet_upstream_failures_total
        martlet_listeners_without_metrics martlet_routes_without_metrics martlet_upstreams_without_metrics
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    @Test func everyFamilyIsThereInTheFormat() throws {
        let origin = try Origin()
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            #expect(try martlet.request("GET /").status == 200)
            let answer = try martlet.admin("/metrics")
            #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            var types: [String: String] = [:]
            for line in answer.text.split(separator: "\n") {
                if let match = line.wholeMatch(of: /# TYPE ([a-z_0-9]+) (counter|gauge|histogram)/) {
                    types[String(match.output.1)] = String(match.output.2)
                } else if !line.hasPrefix("# HELP ") {
                    #expect(line.wholeMatch(of: /[a-z_0-9]+(\{[^{}]+\})? [-0-9.e+]+/) != nil, "\(line)")
                }
            }
            for family in Self.families { #expect(types[family] != nil, "\(family)") }
            let new = types.keys.filter { !Self.families.contains($0) && !answer.text.contains("\($0)_bucket") }
            #expect(new.isEmpty, "new: \(new.sorted())")
        }
    }

    /// Several loops, several statuses: the sums are right.
    @Test func countersAgreeWithTheTraffic() throws {
        let origin = try Origin { response(Int($0.target.dropFirst()) ?? 200, "1234567890") }
        let server = try ScriptedServer { socket, _ in _ = try socket.readRequest() }
        let config = """
            workers: 2
            listeners: [{address: 127.0.0.1:0}]
            admin: {address: 127.0.0.1:0}
            routes: [{host: good, upstream: good}, {host: bad, upstream: bad}]
            upstreams: {good: {servers: ["\(origin.address)"]}, bad: {servers: ["\(server.address)"]}}
            """
        try withMartlet(config) { martlet in
            for (status, count) in [(200, 30), (302, 7), (404, 5), (500, 3)] {
                for _ in 0..<count {
                    #expect(try martlet.request("POST /\(status)", ["Host: good"], content: "abc").status == status)
                }
            }
            for _ in 0..<2 { #expect(try martlet.request("GET /", ["Host: bad"]).status == 502) }
            for _ in 0..<4 { #expect(try martlet.request("GET /", ["Host: none"]).status == 404) }
            try martlet.connect().send("nonsense\r\n\r\n")
            try martlet.waitForMetric("martlet_errors_total{status=\"400\"}", 1)
            try martlet.waitForMetric("martlet_connections_active", 1)
            try check(try martlet.metrics, server: "{upstream=\"good\",server=\"\(origin.address)\"")
        }
    }

    private func check(_ metrics: [String: Double], server: String) throws {
        // The questions for the counters are requests, too.
        let questions = try #require(metrics["martlet_requests_total"]) - 52
        #expect(questions > 0 && questions < 1_000)
        let expected: [String: Double] = [
            "martlet_responses_total{class=\"3xx\"}": 7,
            "martlet_responses_total{class=\"4xx\"}": 5 + 4 + 1,
            "martlet_responses_total{class=\"5xx\"}": 3 + 2,
            "martlet_errors_total{status=\"404\"}": 4,
            "martlet_errors_total{status=\"502\"}": 2,
            "martlet_requests_refused_total": 1,
            "martlet_requests_without_route_total": 4,
            "martlet_requests_without_server_total": 0,
            "martlet_retries_total": 2 * 2,
            "martlet_unanswered_total": 0,
            "martlet_exchanges_active": 1,
            "martlet_server_requests_total\(server)}": 45,
            "martlet_server_requests_active\(server)}": 0,
            "martlet_server_responses_total\(server),class=\"2xx\"}": 30,
            "martlet_server_responses_total\(server),class=\"3xx\"}": 7,
            "martlet_server_responses_total\(server),class=\"4xx\"}": 5,
            "martlet_server_responses_total\(server),class=\"5xx\"}": 3,
            "martlet_server_failures_total\(server)}": 0,
            "martlet_timeouts_total{kind=\"request_head\"}": 0,
        ]
        for (name, value) in expected { #expect(metrics[name] == value, "\(name)") }
        let bytes = try #require(metrics["martlet_server_bytes_total\(server),direction=\"out\"}"])
        #expect(bytes > 45 * 60 && bytes < 45 * 400, "\(bytes)")
        let connections = metrics["martlet_upstream_connections_opened_total"] ?? 0
        let reused = metrics["martlet_upstream_connections_reused_total"] ?? 0
        // Those for the bad server are tried three times each.
        #expect(connections + reused == 45 + 2 * 3)
        #expect(metrics["martlet_time_to_first_byte_seconds_count"] == 45)
    }

    @Test func bytesAreThoseOnTheWire() throws {
        let origin = try Origin { _ in response(200, String(repeating: "a", count: 100_000)) }
        try withMartlet(Configs.proxy(to: origin.server)) { martlet in
            let client = try martlet.connect()
            for _ in 0..<10 {
                #expect(try client.exchange("POST /", content: String(repeating: "b", count: 50_000)).status == 200)
            }
            let metrics = try martlet.metrics
            let ranges: [(String, ClosedRange<Double>)] = [
                ("martlet_downstream_bytes_total{direction=\"in\"}", 500_000...510_000),
                ("martlet_downstream_bytes_total{direction=\"out\"}", 1_000_000...1_010_000),
                ("martlet_upstream_bytes_total{direction=\"in\"}", 1_000_000...1_010_000),
                ("martlet_upstream_bytes_total{direction=\"out\"}", 500_000...510_000),
            ]
            for (name, range) in ranges {
                let value = try #require(metrics[name])
                #expect(range.contains(value), "\(name) is \(value)")
            }
        }
    }

    @Test func whatIsGoingOnIsShown() throws {
        let server = try ScriptedServer { socket, _ in
            _ = try socket.readRequest()
            _ = try socket.receiveUntilGone()
        }
        try withMartlet(Configs.proxy(to: server)) { martlet in
            let clients = try (0..<3).map { _ in
                let client = try martlet.connect()
                try client.send(requestText("GET /"))
                return client
            }
            let name = "martlet_server_requests_active{upstream=\"app\",server=\"\(server.address)\"}"
            try martlet.waitForMetric(name, 3)
            #expect(try martlet.metrics["martlet_exchanges_active"] == 4)
            #expect(try martlet.metrics["martlet_upstream_connections_active"] == 3)
            for client in clients { client.reset() }
            try martlet.waitForMetric(name, 0)
            try martlet.waitForMetric("martlet_clients_gone_total", 3)
            try martlet.waitForMetric("martlet_upstream_connections_active", 0)
        }
    }
}
