// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let routeLimitsConfiguration: [String: String] = [
        "RouteLimitsConfiguration": #"""
        How much a request of this route may take. What is not said here is as in `limits` at the top.
        """#,
        "RouteLimitsConfiguration.requestBody": #"""
        The largest content of a request, be it more or less than `limits.requestBody` says. Beyond it: 413. `off` for any
        size.
        """#,
    ]
}
