// Waiting for a server.

/// How requests wait when no server can take them. They go on in the order of their routes' `priority`, and among the
/// same in the order in which they came. One whose client leaves, leaves the queue.
package struct QueueConfiguration: Sendable, Equatable {
    /// How many requests may wait at a time, over all event loops. Beyond it: 503 with `Retry-After`. 0 lets none wait.
    package var size: Int = 1024

    /// How long a request waits while every server has as many requests as `maxInFlight` allows, or a limit of `breaker`
    /// is reached. Beyond it: 503 with `Retry-After`.
    package var saturatedTimeout: Duration = .seconds(10)

    /// How long a request waits while there is no server that it could be sent to, or none that can be reached: a restart
    /// of all servers that takes less disturbs nobody. Beyond it: 503 with `Retry-After`. With `0s` it is answered at
    /// once: 503, or 502 when the servers could not be reached.
    package var noServerTimeout: Duration = .seconds(5)

    /// The defaults.
    package init() {}
}

extension QueueConfiguration: Section {
    static let noun = "a queue"
    static var blank: QueueConfiguration { QueueConfiguration() }

    static var keys: [Key<QueueConfiguration>] {
        [
            Key("size", \.size, .integer(0...1_000_000)),
            Key("saturatedTimeout", \.saturatedTimeout, .duration(.zero ... .hours(1))),
            Key("noServerTimeout", \.noServerTimeout, .duration(.zero ... .hours(1))),
        ]
    }
}
