// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let ejectionConfiguration: [String: String] = [
        "EjectionConfiguration": #"""
        When a server is left alone for what requests have met there, whatever checks say. After its time one request is let
        through: if it is answered the server is back, if not it is left alone for twice as long. The only server of an
        upstream is never left alone.
        """#,
        "EjectionConfiguration.connectionFailures": #"""
        How many requests in a row may be refused a connection, be reset, or wait in vain. `off` for any number.
        """#,
        "EjectionConfiguration.failureRate": #"""
        The share of requests, over `window`, that may fail in either way. `off` for any share.
        """#,
        "EjectionConfiguration.longestTime": #"""
        The longest time that a server is left alone.
        """#,
        "EjectionConfiguration.maxEjected": #"""
        The largest share of the upstream's servers that may be left alone at a time. Of two servers or more it is at
        least one.
        """#,
        "EjectionConfiguration.minimumRequests": #"""
        How many requests `failureRate` needs within `window` before it counts.
        """#,
        "EjectionConfiguration.serverErrors": #"""
        How many requests in a row may be answered with a status from 500 to 599. `off` for any number.
        """#,
        "EjectionConfiguration.time": #"""
        How long a server is left alone for the first time. Each further time doubles it.
        """#,
        "EjectionConfiguration.window": #"""
        The time over which `failureRate` is measured.
        """#,
    ]
}
