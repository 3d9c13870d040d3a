// What is counted by name.

/// How many listeners, routes and upstreams have metrics of their own. What is beyond is counted together, as `(other)`: however the
/// config grows, the page of metrics stays of a size. A change takes effect with a restart.
package struct MetricsConfiguration: Sendable, Equatable {
    /// The most routes with metrics of their own. Those with a `name` come first, then the others in their order; routes of the
    /// same name, or for the same host and path, are counted as one.
    package var routes = 256

    /// The most upstreams with metrics of their own.
    package var upstreams = 256

    /// The most listeners with metrics of their own.
    package var listeners = 64

    /// The defaults.
    package init() {}
}

extension MetricsConfiguration: Section {
    static let noun = "metrics"
    static var blank: MetricsConfiguration { MetricsConfiguration() }

    static var keys: [Key<MetricsConfiguration>] {
        [
            Key("routes", \.routes, .integer(0...10_000)),
            Key("upstreams", \.upstreams, .integer(0...10_000)),
            Key("listeners", \.listeners, .integer(0...1_000)),
        ]
    }
}
