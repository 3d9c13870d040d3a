// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let metricsConfiguration: [String: String] = [
        "MetricsConfiguration": #"""
        How many listeners, routes and upstreams have metrics of their own. What is beyond is counted together, as `(other)`: however the
        config grows, the page of metrics stays of a size. A change takes effect with a restart.
        """#,
        "MetricsConfiguration.listeners": #"""
        The most listeners with metrics of their own.
        """#,
        "MetricsConfiguration.routes": #"""
        The most routes with metrics of their own. Those with a `name` come first, then the others in their order; routes of the
        same name, or for the same host and path, are counted as one.
        """#,
        "MetricsConfiguration.upstreams": #"""
        The most upstreams with metrics of their own.
        """#,
    ]
}
