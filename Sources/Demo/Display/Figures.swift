// What the table shows, taken from the proxy's counters.
import MartletTelemetry

/// Figures of one server, or of all.
package struct ServerFigures: Sendable, Equatable {
    /// How it is called.
    package let name: String
    /// Requests that were sent to it.
    package var requests: UInt64 = 0
    /// Of them, those that are not over.
    package var inFlight: UInt64 = 0
    /// Of them, those with a whole response.
    package var answered: UInt64 = 0
    /// How long those took together, in microseconds.
    package var microseconds: UInt64 = 0
    /// Responses with a status of 5xx, and requests that the server failed to answer.
    package var errors: UInt64 = 0

    /// Nothing so far.
    package init(name: String) { self.name = name }

    /// How long a response took on average; `nil` if there is none.
    var mean: Double? { answered == 0 ? nil : Double(microseconds) / Double(answered) }

    static func + (a: ServerFigures, b: ServerFigures) -> ServerFigures {
        var sum = a
        sum.requests += b.requests
        sum.inFlight += b.inFlight
        sum.answered += b.answered
        sum.microseconds += b.microseconds
        sum.errors += b.errors
        return sum
    }
}

/// Figures of all servers at one moment.
package struct Figures: Sendable, Equatable {
    /// In the order in which they are shown.
    package var servers: [ServerFigures]
    /// How long requests took, as the proxy sees it.
    package var latencies: Latencies

    /// These figures.
    package init(servers: [ServerFigures], latencies: Latencies) {
        self.servers = servers
        self.latencies = latencies
    }

    /// What the proxy has counted for servers of these names.
    init(_ snapshot: MetricsSnapshot, names: [String]) {
        let servers = names.enumerated().map { ServerFigures(snapshot, server: $0.offset, name: $0.element) }
        self.init(servers: servers, latencies: Latencies(snapshot))
    }

    /// All servers together.
    var total: ServerFigures { servers.reduce(ServerFigures(name: "total"), +) }
}

extension ServerFigures {
    fileprivate init(_ snapshot: MetricsSnapshot, server: Int, name: String) {
        self.init(name: name)
        let failed = snapshot[.responses5xx, server: server]
        requests = snapshot[.requests, server: server]
        // The loops are not stopped for a snapshot: a gauge that is spread over them may be caught below zero.
        inFlight = UInt64(max(0, Int64(bitPattern: snapshot[.inFlight, server: server])))
        answered =
            snapshot[.responses2xx, server: server] + snapshot[.responses3xx, server: server]
            + snapshot[.responses4xx, server: server] + failed
        microseconds = snapshot[.microseconds, server: server]
        errors = failed + snapshot[.failures, server: server]
    }
}
