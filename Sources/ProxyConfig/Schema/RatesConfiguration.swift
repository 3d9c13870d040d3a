// How slow a peer may be.

/// How slow a peer may be, in bytes per second. Whoever stays below for longer than the grace is dropped.
package struct RatesConfiguration: Sendable, Equatable {
    /// The least a client must send of a request's content, per second. Below it: 408, and the connection is closed.
    /// `off` for any rate.
    package var request: Int? = 500

    /// The least a client must take of a response, per second. Below it the connection is closed. `off` for any rate.
    package var response: Int? = 500

    /// How long a rate may be too low before it counts.
    package var grace: Duration = .seconds(8)

    /// The defaults.
    package init() {}
}

extension RatesConfiguration: Section {
    static let noun = "rates"
    static var blank: RatesConfiguration { RatesConfiguration() }

    static var keys: [Key<RatesConfiguration>] {
        [
            Key("request", \.request, .word("off", or: .size(1...1 << 30))),
            Key("response", \.response, .word("off", or: .size(1...1 << 30))),
            Key("grace", \.grace, .duration(.milliseconds(1) ... .hours(1))),
        ]
    }
}
