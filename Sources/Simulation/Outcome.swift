// What comes out.

/// What a simulation has measured.
package struct Outcome: Sendable {
    /// Times from a request's arrival to its response, in nanoseconds and sorted; answers of failing servers are not
    /// among them.
    package let times: [UInt64]
    /// How many requests got a failure.
    package let failures: Int
    /// Requests and busy nanoseconds of each server.
    package let requests: [Int]
    package let busy: [Double]
    /// The most requests that one server had at a time, and what share of the choices led to where the proxy's choice before had.
    package let longestQueue: Int
    package let repeats: Double
    /// How many servers were looked at for a choice.
    package let looks: Double

    /// The time within which `share` of the requests were answered, in nanoseconds.
    package func percentile(_ share: Double) -> UInt64 {
        times.isEmpty ? 0 : times[min(times.count - 1, Int(Double(times.count) * share))]
    }

    /// The share of requests that got a failure.
    package var failed: Double { Double(failures) / Double(max(1, failures + times.count)) }

    /// How unevenly requests, and work, are spread: coefficients of variation.
    package var requestSpread: Double { Self.variation(requests.map(Double.init)) }
    package var workSpread: Double { Self.variation(busy) }

    private static func variation(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        if mean == 0 { return 0 }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count)).squareRoot() / mean
    }
}
