// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let poolConfiguration: [String: String] = [
        "PoolConfiguration": #"""
        How connections to servers are kept. The limits hold for each server and each event loop.
        """#,
        "PoolConfiguration.idleTimeout": #"""
        How long an idle connection is kept. Set it below the time after which the servers close theirs.
        """#,
        "PoolConfiguration.maxIdle": #"""
        How many idle connections are kept. 0 makes a new connection for every request.
        """#,
        "PoolConfiguration.maxRequests": #"""
        How many requests a connection serves before it is closed. `off` for any number.
        """#,
    ]
}
