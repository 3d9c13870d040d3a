// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let routeRatesConfiguration: [String: String] = [
        "RouteRatesConfiguration": #"""
        How slow clients of this route may be. What is not said here is as in `rates` at the top.
        """#,
        "RouteRatesConfiguration.request": #"""
        The least a client must send of a request's content, per second. Below it for longer than `rates.grace`: 408, and
        the connection is closed. `off` for any rate.
        """#,
    ]
}
