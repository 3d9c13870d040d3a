// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let ratesConfiguration: [String: String] = [
        "RatesConfiguration": #"""
        How slow a peer may be, in bytes per second. Whoever stays below for longer than the grace is dropped.
        """#,
        "RatesConfiguration.grace": #"""
        How long a rate may be too low before it counts.
        """#,
        "RatesConfiguration.request": #"""
        The least a client must send of a request's content, per second. Below it: 408, and the connection is closed.
        `off` for any rate.
        """#,
        "RatesConfiguration.response": #"""
        The least a client must take of a response, per second. Below it the connection is closed. `off` for any rate.
        """#,
    ]
}
