// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let routeTracingConfiguration: [String: String] = [
        "RouteTracingConfiguration": #"""
        What traces of a route are like, in place of what `tracing` at the top says.
        """#,
        "RouteTracingConfiguration.sample": #"""
        The share of new traces that are recorded, from 0 to 1.
        """#,
    ]
}
