// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let serverConfiguration: [String: String] = [
        "ServerConfiguration": #"""
        A server. The short form is its address alone.
        """#,
        "ServerConfiguration.address": #"""
        The address: `127.0.0.1:9001`, `[::1]:9001`, `app.internal:9001` (all addresses of the name are used), or
        `unix:/run/app.sock`.
        """#,
        "ServerConfiguration.backup": #"""
        Whether it is kept for when the others are down: it gets requests only while none of them can serve, or fewer
        than `panicThreshold` says.
        """#,
        "ServerConfiguration.maxConnections": #"""
        The most connections at a time, idle ones included, over all event loops. `off` for any number.
        """#,
        "ServerConfiguration.maxInFlight": #"""
        The most requests at a time, over all event loops. When every server is at its limit, requests wait in `queue`.
        `off` for any number.
        """#,
        "ServerConfiguration.state": #"""
        What it starts as: `up`, `draining` (no new requests, but still checked), or `maintenance` (not checked
        either).
        """#,
        "ServerConfiguration.weight": #"""
        Its share of the requests: a server of weight 3 gets three times as many as one of weight 1.
        """#,
    ]
}
