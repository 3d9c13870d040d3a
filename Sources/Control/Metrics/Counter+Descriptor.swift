// The counters' names. The members of a family stand next to each other in `Counter`, as the format wants them together.
import MartletGRPC
import MartletTelemetry

extension Counter {
    /// Its name, help and label.
    var descriptor: MetricDescriptor {
        switch self {
        case .connectionsAccepted: .init("connections_accepted", "Client connections accepted.")
        case .connectionsActive: .init("connections_active", "Client connections that are open.")
        case .connectionsRefusedTotal: .refused("limit_total")
        case .connectionsRefusedPerClient: .refused("limit_per_client")
        case .connectionsRefusedExhausted: .refused("exhausted")
        case .acceptErrors: .init("accept_errors", "Failed attempts to accept a client connection.")
        case .requests: .init("requests", "Requests, those refused included.")
        case .exchangesActive: .init("exchanges_active", "Requests that are being answered.")
        case .requestsRefused: .init("requests_refused", "Requests refused because they are not HTTP as it should be.")
        case .noRoute: .init("requests_without_route", "Requests that no route is for.")
        case .noServer: .init("requests_without_server", "Requests whose upstream had no server to send them to.")
        case .responses1xx: .responses("1xx")
        case .responses2xx: .responses("2xx")
        case .responses3xx: .responses("3xx")
        case .responses4xx: .responses("4xx")
        case .responses5xx: .responses("5xx")
        case .errors400: .errors("400")
        case .errors401: .errors("401")
        case .errors403: .errors("403")
        case .errors404: .errors("404")
        case .errors405: .errors("405")
        case .errors408: .errors("408")
        case .errors412: .errors("412")
        case .errors413: .errors("413")
        case .errors414: .errors("414")
        case .errors416: .errors("416")
        case .errors417: .errors("417")
        case .errors431: .errors("431")
        case .errors500: .errors("500")
        case .errors501: .errors("501")
        case .errors502: .errors("502")
        case .errors503: .errors("503")
        case .errors504: .errors("504")
        case .errors505: .errors("505")
        case .errorsOther: .errors("other")
        case .accessDenied: .init("access_denied", "Requests that rules of `access` have refused.")
        case .maintenanceAnswers:
            .init("maintenance_answers", "Requests that `maintenance` has kept from being served.")
        case .exchangesSuspended:
            .init("exchanges_suspended", "Requests that wait until it is known whether they may come in.")
        case .admissionsPassed: .admissions("passed")
        case .admissionsFailed: .admissions("failed")
        case .admissionsRefused: .admissions("unavailable")
        case .admissionTimeouts: .admissions("timeout")
        case .clientsGone: .init("clients_gone", "Exchanges that ended because the client went away.")
        case .responsesTruncated: .init("responses_truncated", "Responses that their server broke off.")
        case .unanswered: .init("unanswered", "Requests that ended without a response to a client that was there.")
        case .handshakes: .init("tls_handshakes", "TLS handshakes with clients that were completed.")
        case .handshakesResumed: .init("tls_handshakes_resumed", "Those that resumed an earlier session.")
        case .handshakesFailed: .init("tls_handshakes_failed", "TLS handshakes with clients that came to nothing.")
        case .handshakesActive: .init("tls_handshakes_active", "TLS handshakes with clients that are going on.")
        case .clientCertificatesRefused:
            .init(
                "tls_client_certificates_refused",
                "Handshakes refused for the client's certificate, or for want of one.")
        case .plainRequestsToTLS: .init("tls_plain_requests", "Requests in clear on a listener for TLS.")
        case .handshakesRefusedTotal: .handshakesRefused("limit_total")
        case .handshakesRefusedPerClient: .handshakesRefused("limit_per_client")
        case .handshakesRefusedRate: .handshakesRefused("rate_per_client")
        case .redirectsToTLS: .init("redirects_to_https", "Requests in clear that were redirected to https.")
        case .challengesAnswered: .init("acme_challenges_answered", "Questions of ACME servers that were answered.")
        case .routeRedirects: .routeAnswers("redirect")
        case .routeContents: .routeAnswers("respond")
        case .filesActive: .init("files_active", "Requests for files that are being answered.")
        case .fileResponses:
            .init("file_responses", "Responses with a file, a part of one, or that it has not changed.")
        case .fileParts: .init("file_partial_responses", "Those of them that had ranges of the file.")
        case .fileWaits: .init("file_waits", "Times that a disk had to be waited for, beside the loops.")
        case .filesRefused: .init("files_refused", "Requests for files beyond `limits.openFiles`.")
        case .fileTimeouts: .init("file_timeouts", "Requests for files that were not opened in time.")
        case .filesCut:
            .init("files_cut", "Files that could not be read to their end, so that the response was broken off.")
        case .originLeaks:
            .init("origin_leaks", "Responses of servers that had a server's address or internal name in a field.")
        case .originErrorsReplaced:
            .init("origin_errors_replaced", "Responses of servers whose content was replaced by a page of our own.")
        case .requestsBuffered:
            .init("requests_buffered", "Requests whose content was read before a server was chosen.")
        case .requestBufferBytes: .init("request_buffer_bytes", "Bytes of such content that are kept now.")
        case .requestBuffersPassed:
            .init(
                "request_buffers_passed",
                "Such requests that were passed on unfinished, as they were larger than the route keeps.")
        case .requestBuffersRefused:
            .init("request_buffers_refused", "Such requests answered with 503 because of `limits.bufferedRequests`.")
        case .challengesIssued: .browserChallenges("issued")
        case .challengesPassed: .browserChallenges("passed")
        case .challengesFailed: .browserChallenges("failed")
        case .preflightsAllowed: .preflights("allowed")
        case .preflightsRefused: .preflights("refused")
        case .compressedGzip: .compressed("gzip")
        case .compressedZstd: .compressed("zstd")
        case .compressedBrotli: .compressed("br")
        case .compressedBytesInGzip: .compressedBytesIn("gzip")
        case .compressedBytesInZstd: .compressedBytesIn("zstd")
        case .compressedBytesInBrotli: .compressedBytesIn("br")
        case .compressedBytesOutGzip: .compressedBytesOut("gzip")
        case .compressedBytesOutZstd: .compressedBytesOut("zstd")
        case .compressedBytesOutBrotli: .compressedBytesOut("br")
        case .compressionsSkipped:
            .init("compression_skipped", "Responses that were not compressed, as the memory for it is used up.")
        case .compressionMemory: .init("compression_memory_bytes", "Memory that is used for compressing responses.")
        case .bodiesReplaced:
            .init("body_replaced_responses", "Responses in whose content texts are looked for and replaced.")
        case .bodyReplacements: .init("body_replacements", "Texts that were replaced in the content of responses.")
        case .bodiesSkippedCoding: .bodiesSkipped("coding")
        case .bodiesSkippedPartial: .bodiesSkipped("partial")
        case .bodiesSkippedNoTransform: .bodiesSkipped("no_transform")
        case .bodiesUndecodable:
            .init("body_undecodable", "Responses that were broken off, as they could not be decoded to replace texts.")
        case .http2Connections: .init("http2_connections", "Client connections on which HTTP/2 was spoken.")
        case .http2ConnectionsActive: .init("http2_connections_active", "Client connections with HTTP/2 that are open.")
        case .http2PriorKnowledge:
            .init("http2_prior_knowledge", "Client connections without TLS that began with HTTP/2 (prior knowledge).")
        case .http2Streams: .init("http2_streams", "Requests by HTTP/2, those refused aside.")
        case .http2StreamsActive: .init("http2_streams_active", "Requests by HTTP/2 that are being answered.")
        case .http2StreamsRefused: .init("http2_streams_refused", "Requests by HTTP/2 beyond the limit of streams.")
        case .http2ResetsByClient: .resets("client")
        case .http2ResetsByProxy: .resets("proxy")
        case .http2GoAwaysIn: .goAways("in")
        case .http2GoAwaysOut: .goAways("out")
        case .http2FaultProtocol: .faults("protocol")
        case .http2FaultFrameSize: .faults("frame_size")
        case .http2FaultFlowControl: .faults("flow_control")
        case .http2FaultCompression: .faults("compression")
        case .http2FaultSettingsTimeout: .faults("settings_timeout")
        case .http2FaultResets: .faults("resets")
        case .http2FaultIdleFrames: .faults("idle_frames")
        case .http2FaultContinuations: .faults("continuations")
        case .http2FaultOutput: .faults("output")
        case .tunnels: .init("tunnels_opened", "Connections taken on by TCP listeners, or upgraded.")
        case .tunnelsActive: .init("tunnels_active", "Those that are being relayed, or will be.")
        case .tunnelsFailed: .init("tunnels_failed", "Those that did not end by themselves.")
        case .tunnelsRefusedHello: .tunnelsRefused("client_hello")
        case .tunnelsRefusedName: .tunnelsRefused("server_name")
        case .webCallsBinary: .webCalls("binary")
        case .webCallsText: .webCalls("text")
        case .upgradesWebSocket: .upgrades("websocket")
        case .upgradesOther: .upgrades("other")
        case .upgradesIgnored:
            .init("upgrades_ignored", "Requests passed on without the upgrade that they asked for.")
        case .calls0, .calls1, .calls2, .calls3, .calls4, .calls5, .calls6, .calls7, .calls8, .calls9, .calls10,
            .calls11, .calls12, .calls13, .calls14, .calls15, .calls16, .callsOther:
            .calls(self)
        case .proxyHeaders: .init("proxy_headers", "PROXY protocol headers of clients that were read.")
        case .proxyHeadersRefused:
            .init("proxy_headers_refused", "Connections closed as the PROXY protocol header was wrong or missing.")
        case .upstreamHandshakes: .init("upstream_tls_handshakes", "TLS handshakes with servers that were completed.")
        case .upstreamHandshakesResumed:
            .init("upstream_tls_handshakes_resumed", "Those that resumed an earlier session.")
        case .upstreamHandshakesFailed: .upstreamHandshakesFailed("handshake")
        case .upstreamCertificatesRefused: .upstreamHandshakesFailed("certificate")
        case .upstreamPinMismatches: .upstreamHandshakesFailed("pin")
        case .upstreamProtocolsRefused: .upstreamHandshakesFailed("protocol")
        case .upstreamPinReports:
            .init(
                "upstream_tls_pin_reports",
                "Connections to servers whose key is not pinned, where that is only reported.")
        case .upstreamUnverified:
            .init("upstream_tls_unverified", "TLS connections to servers that need not prove who they are (insecure).")
        case .upstreamHTTP2Connections:
            .init("upstream_http2_connections", "Connections to servers on which HTTP/2 was spoken.")
        case .upstreamHTTP2ConnectionsActive:
            .init("upstream_http2_connections_active", "Connections to servers with HTTP/2 that are open.")
        case .upstreamHTTP2Streams: .init("upstream_http2_streams", "Requests sent by HTTP/2.")
        case .upstreamHTTP2StreamsActive:
            .init("upstream_http2_streams_active", "Requests sent by HTTP/2 that are being answered.")
        case .upstreamHTTP2StreamsRefused:
            .init("upstream_http2_streams_refused", "Requests sent by HTTP/2 that servers left alone, as they said.")
        case .upstreamHTTP2ResetsByServer: .upstreamResets("server")
        case .upstreamHTTP2ResetsByProxy: .upstreamResets("proxy")
        case .upstreamHTTP2GoAwaysIn: .upstreamGoAways("in")
        case .upstreamHTTP2GoAwaysOut: .upstreamGoAways("out")
        case .upstreamHTTP2FaultProtocol: .upstreamFaults("protocol")
        case .upstreamHTTP2FaultFrameSize: .upstreamFaults("frame_size")
        case .upstreamHTTP2FaultFlowControl: .upstreamFaults("flow_control")
        case .upstreamHTTP2FaultCompression: .upstreamFaults("compression")
        case .upstreamHTTP2FaultSettingsTimeout: .upstreamFaults("settings_timeout")
        case .upstreamHTTP2FaultResets: .upstreamFaults("resets")
        case .upstreamHTTP2FaultIdleFrames: .upstreamFaults("idle_frames")
        case .upstreamHTTP2FaultContinuations: .upstreamFaults("continuations")
        case .upstreamHTTP2FaultOutput: .upstreamFaults("output")
        case .timeoutHandshake: .timeouts("handshake")
        case .timeoutRequestHead: .timeouts("request_head")
        case .timeoutIdle: .timeouts("idle")
        case .timeoutRequestRate: .timeouts("request_rate")
        case .timeoutResponseRate: .timeouts("response_rate")
        case .timeoutExchange: .timeouts("exchange")
        case .timeoutConnect: .timeouts("connect")
        case .timeoutTry: .timeouts("try")
        case .timeoutResponse: .timeouts("response")
        case .timeoutStall: .timeouts("stall")
        case .timeoutDeadline: .timeouts("deadline")
        case .timeoutTunnelIdle: .timeouts("tunnel_idle")
        case .timeoutTunnelStall: .timeouts("tunnel_stall")
        case .timeoutClientHello: .timeouts("client_hello")
        case .timeoutProxyHeader: .timeouts("proxy_header")
        case .downstreamBytesIn: .bytes("downstream", "clients", "in")
        case .downstreamBytesOut: .bytes("downstream", "clients", "out")
        case .upstreamBytesIn: .bytes("upstream", "servers", "in")
        case .upstreamBytesOut: .bytes("upstream", "servers", "out")
        case .upstreamConnectionsOpened: .init("upstream_connections_opened", "Connections to servers begun.")
        case .upstreamConnectionsReused: .init("upstream_connections_reused", "Requests sent on an idle connection.")
        case .upstreamConnectionsActive:
            .init("upstream_connections_active", "Connections to servers, idle ones included.")
        case .upstreamResets: .init("upstream_resets", "Connections that servers reset in an exchange.")
        case .upstreamResent: .init("upstream_requests_resent", "Requests sent again on a fresh connection.")
        case .connectFailures: .init("upstream_connect_failures", "Connections to servers that could not be made.")
        case .poolIdle: .init("pool_idle_connections", "Idle connections to servers.")
        case .poolLimit: .evictions("limit")
        case .poolIdleTimeout: .evictions("idle_timeout")
        case .poolClosedByServer: .evictions("closed_by_server")
        case .poolAddressGone: .evictions("address_gone")
        case .poolServerGone: .evictions("server_gone")
        case .poolUnexpectedBytes: .evictions("unexpected_bytes")
        case .exchangesWaiting: .init("queue_waiting", "Requests that wait for a server.")
        case .queueEntered: .init("queue_entered", "Requests that had to wait for a server.")
        case .queueOverflows: .init("queue_overflows", "Requests refused as too many wait for a server.")
        case .queueTimeouts: .init("queue_timeouts", "Requests that waited for a server in vain.")
        case .retries: .init("retries", "Requests sent again after a try that failed.")
        case .retriesRefused: .init("retries_refused", "Retries that the budget or the limit did not allow.")
        case .replaysTooLarge: .init("replays_too_large", "Requests too large to be kept for a retry.")
        case .hedges: .init("hedges", "Second servers asked before the first had answered.")
        case .hedgesWon: .init("hedges_won", "Requests that the second server answered.")
        case .exchangesCut: .init("exchanges_cut", "Requests cut as their server's time to drain was over.")
        case .mirrorsActive: .init("mirrors_active", "Copies of requests that are on their way.")
        case .mirrorsAnswered: .mirrors("answered")
        case .mirrorsFailed: .mirrors("failed")
        case .mirrorsTimedOut: .mirrors("timeout")
        case .mirrorsWithoutServer: .mirrors("no_server")
        case .mirrorsTooMany: .mirrorsSkipped("too_many")
        case .mirrorsTooLarge: .mirrorsSkipped("too_large")
        case .mirrorsIncomplete: .mirrorsSkipped("incomplete")
        case .panics: .init("upstream_panics", "Times that too few servers were well and all were used.")
        case .upstreamsInPanic: .init("upstreams_in_panic", "Upstreams of which all servers are used, well or not.")
        case .bufferBytes: .init("buffer_bytes", "Memory of the buffers in use.")
        case .bufferWaits: .init("buffer_waits", "Times that there was no buffer to receive into.")
        case .logLines: .init("access_log_lines", "Lines of the access log handed over for writing.")
        case .logLinesDropped:
            .init("access_log_lines_dropped", "Lines of the access log dropped as the queue was full.")
        case .logLinesSkipped:
            .init("access_log_lines_skipped", "Requests without a line in the access log, as the config wants it.")
        case .slowRequests: .init("slow_requests", "Requests that took longer than `slowRequests` says.")
        case .slowRequestsUntold:
            .init("slow_requests_untold", "Those of them without a line in the log, as there were too many.")
        case .spans: .init("trace_spans", "Spans handed over to be exported.")
        case .spansDropped: .init("trace_spans_dropped", "Spans dropped as the queue was full.")
        case .lookupsDone: .lookups("ok")
        case .lookupsFailed: .lookups("failed")
        case .loopBusyNanoseconds: .init("loop_busy_seconds", "Time that a loop did not wait.", decimals: 9)
        }
    }
}

/// Families about HTTP/2.
extension MetricDescriptor {
    fileprivate static func resets(_ side: String) -> Self {
        .init("http2_resets", "Requests by HTTP/2 that were called off, by who did it.", label: .init("by", side))
    }
    fileprivate static func goAways(_ direction: String) -> Self {
        .init(
            "http2_goaways", "Times that clients said (in) or were told (out) that a connection ends.",
            label: .init("direction", direction))
    }
    fileprivate static func faults(_ kind: String) -> Self {
        .init(
            "http2_faults", "Faults of clients by HTTP/2, for which a request or the connection ended, by kind.",
            label: .init("kind", kind))
    }
    fileprivate static func upstreamResets(_ side: String) -> Self {
        .init(
            "upstream_http2_resets", "Requests sent by HTTP/2 that were called off, by who did it.",
            label: .init("by", side))
    }
    fileprivate static func upstreamGoAways(_ direction: String) -> Self {
        .init(
            "upstream_http2_goaways", "Times that servers said (in) or were told (out) that a connection ends.",
            label: .init("direction", direction))
    }
    fileprivate static func upstreamFaults(_ kind: String) -> Self {
        .init(
            "upstream_http2_faults",
            "Faults of servers by HTTP/2, for which a request or the connection ended, by kind.",
            label: .init("kind", kind))
    }
}

/// Families of several counters.
extension MetricDescriptor {
    fileprivate static func refused(_ reason: String) -> Self {
        .init("connections_refused", "Client connections refused, by reason.", label: .init("reason", reason))
    }
    fileprivate static func responses(_ status: String) -> Self {
        .init("responses", "Responses to clients, by class of status.", label: .init("class", status))
    }
    fileprivate static func admissions(_ outcome: String) -> Self {
        .init(
            "admissions", "Requests whose client had to prove who it is, by what came of it.",
            label: .init("outcome", outcome))
    }
    fileprivate static func errors(_ status: String) -> Self {
        .init("errors", "Responses that Martlet made itself, by status.", label: .init("status", status))
    }
    fileprivate static func routeAnswers(_ kind: String) -> Self {
        .init(
            "route_answers", "Requests that their route has Martlet answer by itself, by what it says.",
            label: .init("kind", kind))
    }
    fileprivate static func browserChallenges(_ outcome: String) -> Self {
        .init(
            "challenges", "Requests whose client had to show that it is a browser, by what came of it.",
            label: .init("outcome", outcome))
    }
    fileprivate static func preflights(_ outcome: String) -> Self {
        .init(
            "cors_preflights", "Questions of browsers whether a page of another site may ask, that Martlet answered.",
            label: .init("outcome", outcome))
    }
    fileprivate static func bodiesSkipped(_ reason: String) -> Self {
        .init(
            "body_replace_skipped", "Responses in which no texts were replaced although their type is one for it.",
            label: .init("reason", reason))
    }
    fileprivate static func compressed(_ coding: String) -> Self {
        .init("compressed_responses", "Responses that were compressed, by coding.", label: .init("encoding", coding))
    }
    fileprivate static func compressedBytesIn(_ coding: String) -> Self {
        .init(
            "compressed_bytes_in", "Bytes of responses before they were compressed, by coding.",
            label: .init("encoding", coding))
    }
    fileprivate static func compressedBytesOut(_ coding: String) -> Self {
        .init(
            "compressed_bytes_out", "Bytes of responses that they were compressed to, by coding.",
            label: .init("encoding", coding))
    }
    fileprivate static func handshakesRefused(_ reason: String) -> Self {
        .init(
            "tls_handshakes_refused", "TLS connections of clients that were closed at once because of a limit.",
            label: .init("reason", reason))
    }
    fileprivate static func tunnelsRefused(_ reason: String) -> Self {
        .init(
            "tunnels_refused",
            "Connections closed as their ClientHello was wrong or late, or named a server that nobody is.",
            label: .init("reason", reason))
    }
    fileprivate static func webCalls(_ form: String) -> Self {
        .init(
            "grpc_web_calls", "Calls of gRPC-Web that were made calls of gRPC, by the form of their content.",
            label: .init("form", form))
    }

    fileprivate static func upgrades(_ name: String) -> Self {
        .init("upgrades", "Requests whose server has switched protocols.", label: .init("protocol", name))
    }
    fileprivate static func calls(_ counter: Counter) -> Self {
        let status = GRPCStatus(rawValue: UInt8(clamping: counter.rawValue - Counter.calls0.rawValue))
        return .init(
            "grpc_calls", "Calls of gRPC by the status with which they ended for the client.",
            label: .init("status", status?.name.description ?? "none"))
    }
    fileprivate static func upstreamHandshakesFailed(_ reason: String) -> Self {
        .init(
            "upstream_tls_handshakes_failed", "TLS handshakes with servers that came to nothing: nothing was sent.",
            label: .init("reason", reason))
    }
    fileprivate static func timeouts(_ kind: String) -> Self {
        .init("timeouts", "Exchanges and connections ended by a limit of time or rate.", label: .init("kind", kind))
    }
    fileprivate static func bytes(_ side: String, _ peers: String, _ direction: String) -> Self {
        .init(
            side + "_bytes", "Bytes received from (in) and sent to (out) \(peers).",
            label: .init("direction", direction))
    }
    fileprivate static func mirrors(_ outcome: String) -> Self {
        .init("mirrors", "Copies of requests, by what became of them.", label: .init("outcome", outcome))
    }
    fileprivate static func mirrorsSkipped(_ reason: String) -> Self {
        .init(
            "mirrors_skipped", "Requests that were to be copied and were not, by reason.",
            label: .init("reason", reason))
    }
    fileprivate static func evictions(_ reason: String) -> Self {
        .init("pool_evictions", "Idle connections to servers closed, by reason.", label: .init("reason", reason))
    }
    fileprivate static func lookups(_ result: String) -> Self {
        .init("dns_lookups", "Look-ups of servers' host names.", label: .init("result", result))
    }
}
