// Asking a second server before the first has failed.

/// When an idempotent request is sent to a second server because the first is slow; the first response wins. Hedges
/// count as retries: the budget of `retry` holds for them too.
package struct HedgeConfiguration: Sendable, Equatable {
    /// How slow is slow, as a percentile of the upstream's recent response times: with 99, about one request in a
    /// hundred is sent twice.
    package var percentile: Double = 99

    /// The least time before the second server is asked.
    package var leastTime: Duration = .milliseconds(5)

    /// The longest time before the second server is asked.
    package var longestTime: Duration = .seconds(1)

    /// The defaults.
    package init() {}
}

extension HedgeConfiguration: Section {
    static let noun = "hedge"
    static var blank: HedgeConfiguration { HedgeConfiguration() }

    static var keys: [Key<HedgeConfiguration>] {
        [
            Key("percentile", \.percentile, .decimal(50...99.9)),
            Key("leastTime", \.leastTime, .duration(.milliseconds(1) ... .minutes(10))),
            Key("longestTime", \.longestTime, .duration(.milliseconds(1) ... .minutes(10))),
        ]
    }
}
