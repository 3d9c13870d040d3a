// What the requests of one route may take.

/// How much a request of this route may take. What is not said here is as in `limits` at the top.
package struct RouteLimitsConfiguration: Sendable, Equatable {
    /// The largest content of a request, be it more or less than `limits.requestBody` says. Beyond it: 413. `off` for any
    /// size.
    package var requestBody: Int??

    /// Nothing else than for all.
    package init() {}
}

/// How long requests of this route may take. What is not said here is as for all.
package struct RouteTimeoutsConfiguration: Sendable, Equatable {
    /// How long an exchange may take as a whole, in place of `timeouts.exchange`. Beyond it: 504, or a cut connection when the
    /// response had begun. A call of gRPC has this time at most, as with `grpc.maxTimeout`, and its server is told so. `off`
    /// for any time.
    package var exchange: Duration??

    /// How long a server may take until the first byte of its response, in place of the upstream's `responseTimeout`.
    /// Beyond it: 504.
    package var response: Duration?

    /// How long a server may stop in the middle of a response, in place of the upstream's `stallTimeout`. `off` for any
    /// time.
    package var stall: Duration??

    /// How long a connection that has switched protocols (WebSocket) may be without a byte in either direction, in place of
    /// `timeouts.tunnelIdle`.
    package var tunnelIdle: Duration?

    /// Nothing else than for all.
    package init() {}
}

/// How slow clients of this route may be. What is not said here is as in `rates` at the top.
package struct RouteRatesConfiguration: Sendable, Equatable {
    /// The least a client must send of a request's content, per second. Below it for longer than `rates.grace`: 408, and
    /// the connection is closed. `off` for any rate.
    package var request: Int??

    /// Nothing else than for all.
    package init() {}
}

extension RouteLimitsConfiguration: Section {
    static let noun = "a route's limits"
    static var blank: RouteLimitsConfiguration { RouteLimitsConfiguration() }

    static var keys: [Key<RouteLimitsConfiguration>] {
        [Key("requestBody", \.requestBody, .optional(.word("off", or: .size(1...1 << 40))))]
    }
}

extension RouteTimeoutsConfiguration: Section {
    static let noun = "a route's timeouts"
    static var blank: RouteTimeoutsConfiguration { RouteTimeoutsConfiguration() }

    static var keys: [Key<RouteTimeoutsConfiguration>] {
        [
            Key("exchange", \.exchange, .optional(.word("off", or: .duration(.milliseconds(1) ... .hours(24))))),
            Key("response", \.response, .optional(.duration(.milliseconds(1) ... .hours(24)))),
            Key("stall", \.stall, .optional(.word("off", or: .duration(.milliseconds(1) ... .hours(24))))),
            Key("tunnelIdle", \.tunnelIdle, .optional(.duration(.milliseconds(1) ... .hours(24 * 7)))),
        ]
    }
}

extension RouteRatesConfiguration: Section {
    static let noun = "a route's rates"
    static var blank: RouteRatesConfiguration { RouteRatesConfiguration() }

    static var keys: [Key<RouteRatesConfiguration>] {
        [Key("request", \.request, .optional(.word("off", or: .size(1...1 << 30))))]
    }
}
