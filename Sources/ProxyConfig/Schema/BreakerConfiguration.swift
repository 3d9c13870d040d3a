// Limits of an upstream as a whole.

/// The most that all servers of an upstream together are asked for, over all event loops. What is beyond waits in
/// `queue`.
package struct BreakerConfiguration: Sendable, Equatable {
    /// The most connections to servers, idle ones included. `off` for any number.
    package var connections: Int?

    /// The most requests that are going on. `off` for any number.
    package var requests: Int?

    /// The most retries that are going on. Beyond it a request that has failed is not tried again. `off` for any
    /// number.
    package var retries: Int?

    /// The defaults: no limits.
    package init() {}
}

extension BreakerConfiguration: Section {
    static let noun = "a breaker"
    static var blank: BreakerConfiguration { BreakerConfiguration() }

    static var keys: [Key<BreakerConfiguration>] {
        [
            Key("connections", \.connections, .word("off", or: .integer(1...10_000_000))),
            Key("requests", \.requests, .word("off", or: .integer(1...10_000_000))),
            Key("retries", \.retries, .word("off", or: .integer(1...10_000_000))),
        ]
    }
}
