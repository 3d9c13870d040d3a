// What traffic the demo makes.

/// How much is asked for, by how many connections, and how long that may take.
package struct TrafficPlan: Sendable, Equatable {
    /// How many requests in all.
    package let requests: Int
    /// How many connections, each of which sends its next request when it has the answer to the last.
    package let connections: Int
    /// How long a connection waits between two requests, in milliseconds.
    package let pause: UInt64

    /// As fast as it goes, until `requests` are answered.
    package init(requests: Int) {
        self.requests = requests
        connections = min(requests, 32)
        pause = 0
    }

    private init(pause: UInt64) {
        requests = .max
        connections = 8
        self.pause = pause
    }

    /// A few requests a second, until it is stopped.
    package static let gentle = TrafficPlan(pause: 300)

    /// Whether it ends by itself.
    package var isBounded: Bool { requests != .max }

    /// How long nothing may be answered before it is given up, in milliseconds.
    package static let patience: UInt64 = 10_000

    /// How long all of it may take, in milliseconds: a minute, and 100 requests a second on average.
    package var time: UInt64 { isBounded ? 60_000 + UInt64(requests) * 10 : .max }
}
