// Requests that take long.

/// Which requests are told of in the log, with the time that each step took.
package struct SlowRequestsConfiguration: Sendable, Equatable {
    /// How long a request has to take, from its head to the end of its response.
    package var over = Duration.seconds(1)

    /// The most that each event loop tells of in a second. All are counted.
    package var perSecond = 10

    /// The defaults.
    package init() {}
}

extension SlowRequestsConfiguration: Section {
    static let noun = "slowRequests"
    static var blank: SlowRequestsConfiguration { SlowRequestsConfiguration() }

    static var keys: [Key<SlowRequestsConfiguration>] {
        [
            Key("over", \.over, .duration(.milliseconds(1) ... .seconds(3_600))),
            Key("perSecond", \.perSecond, .integer(1...1_000)),
        ]
    }
}
