// The names of what is counted for each server.
import MartletTelemetry

extension ServerCounter {
    /// Whether it goes down as well as up.
    var isGauge: Bool {
        switch self {
        case .inFlight, .stateUp, .stateStarting, .stateEjected, .stateDown, .stateDraining, .stateMaintenance: true
        default: false
        }
    }

    /// Its name, help and label; `nil` for the sum of a histogram.
    var descriptor: MetricDescriptor? {
        switch self {
        case .requests: .init("server_requests", "Requests sent to the server.")
        case .inFlight: .init("server_requests_active", "Requests that the server is answering.")
        case .responses1xx: .responses("1xx")
        case .responses2xx: .responses("2xx")
        case .responses3xx: .responses("3xx")
        case .responses4xx: .responses("4xx")
        case .responses5xx: .responses("5xx")
        case .failures: .init("server_failures", "Exchanges that failed by the server.")
        case .connectFailures: .init("server_connect_failures", "Connections to the server that could not be made.")
        case .microseconds: nil
        case .checksPassed: .checks("passed")
        case .checksFailed: .checks("failed")
        case .ejections: .init("server_ejections", "Times that the server was ejected for failed requests.")
        case .stateChanges: .init("server_state_changes", "Changes of the server's state.")
        case .stateUp: .state("up")
        case .stateStarting: .state("starting")
        case .stateEjected: .state("ejected")
        case .stateDown: .state("down")
        case .stateDraining: .state("draining")
        case .stateMaintenance: .state("maintenance")
        case .bytesIn: .bytes("in")
        case .bytesOut: .bytes("out")
        }
    }
}

extension ServerCounter {
    /// The histogram of responses.
    static var duration: MetricDescriptor {
        .init("server_response_seconds", "From a request's head to the end of the server's response.")
    }
}

extension MetricDescriptor {
    fileprivate static func responses(_ status: String) -> Self {
        .init("server_responses", "Responses from the server, by class of status.", label: .init("class", status))
    }
    fileprivate static func checks(_ result: String) -> Self {
        .init("server_checks", "Checks of the server, by result.", label: .init("result", result))
    }
    fileprivate static func state(_ state: String) -> Self {
        .init("server_state", "1 for the state that the server is in.", label: .init("state", state))
    }
    fileprivate static func bytes(_ direction: String) -> Self {
        .init(
            "server_bytes", "Bytes of the server's exchanges, from (in) and to (out) clients.",
            label: .init("direction", direction))
    }
}

extension Distribution {
    /// Its name and help; its unit is the second.
    var descriptor: MetricDescriptor {
        switch self {
        case .duration: .init("request_duration_seconds", "From a request's head to its response's end.")
        case .timeToFirstByte:
            .init("time_to_first_byte_seconds", "From a request's head to its response's first byte.")
        case .queueWait: .init("queue_wait_seconds", "How long requests waited for a server that had to.")
        case .connect: .init("upstream_connect_seconds", "Until a connection to a server stood, TLS aside.")
        case .upstreamHandshake:
            .init("upstream_tls_handshake_seconds", "How long handshakes with servers took that were completed.")
        case .turn:
            .init("loop_turn_seconds", "How long loops were busy at a time: all else on them waits as long as that.")
        }
    }
}
