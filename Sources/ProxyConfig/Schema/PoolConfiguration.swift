// The connections to servers that wait for the next request.

/// How connections to servers are kept. The limits hold for each server and each event loop.
package struct PoolConfiguration: Sendable, Equatable {
    /// How many idle connections are kept. 0 makes a new connection for every request.
    package var maxIdle: Int = 64

    /// How long an idle connection is kept. Set it below the time after which the servers close theirs.
    package var idleTimeout: Duration = .seconds(30)

    /// How many requests a connection serves before it is closed. `off` for any number.
    package var maxRequests: Int?

    /// A pool with the defaults.
    package init() {}
}

extension PoolConfiguration: Section {
    static let noun = "a pool"
    static var blank: PoolConfiguration { PoolConfiguration() }

    static var keys: [Key<PoolConfiguration>] {
        [
            Key("maxIdle", \.maxIdle, .integer(0...100_000)),
            Key("idleTimeout", \.idleTimeout, .duration(.milliseconds(1) ... .hours(24))),
            Key("maxRequests", \.maxRequests, .word("off", or: .integer(1...1_000_000_000))),
        ]
    }
}
