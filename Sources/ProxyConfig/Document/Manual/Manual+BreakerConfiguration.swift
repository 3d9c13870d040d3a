// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let breakerConfiguration: [String: String] = [
        "BreakerConfiguration": #"""
        The most that all servers of an upstream together are asked for, over all event loops. What is beyond waits in
        `queue`.
        """#,
        "BreakerConfiguration.connections": #"""
        The most connections to servers, idle ones included. `off` for any number.
        """#,
        "BreakerConfiguration.requests": #"""
        The most requests that are going on. `off` for any number.
        """#,
        "BreakerConfiguration.retries": #"""
        The most retries that are going on. Beyond it a request that has failed is not tried again. `off` for any
        number.
        """#,
    ]
}
