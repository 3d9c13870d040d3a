// Keys that are called something else: what older versions and other proxies have, and where to find it here.

/// Finds the new name of a key.
enum MovedKeys {
    /// What to write for `name` in a section called `noun`; nil for what is just not known.
    static func hint(for name: String, in noun: String) -> String? {
        switch noun {
        case UpstreamConfiguration.noun: ofUpstreams[name]
        case ServerConfiguration.noun: ofServers[name]
        default: nil
        }
    }

    private static let ofUpstreams: [String: String] = [
        "connectAttempts": "use 'attempts' in 'retry'", "retries": "use 'attempts' in 'retry'",
        "healthCheck": "use 'check'", "health_check": "use 'check'", "healthcheck": "use 'check'",
        "outlierDetection": "use 'ejection'", "outlier_detection": "use 'ejection'", "cookie": "use 'sticky'",
        "algorithm": "use 'balance'", "strategy": "use 'balance'", "lb_policy": "use 'balance'",
        "keepalive": "use 'maxIdle' in 'pool'", "circuitBreaker": "use 'breaker'",
        "circuit_breakers": "use 'breaker'", "slowstart": "use 'slowStart'",
    ]

    private static let ofServers: [String: String] = [
        "max_conns": "use 'maxConnections'", "maxconn": "use 'maxInFlight' for requests, or 'maxConnections'",
        "max_fails": "use 'connectionFailures' in 'ejection'", "fail_timeout": "use 'time' in 'ejection'",
        "down": "use 'state: maintenance'", "disabled": "use 'state: maintenance'", "drain": "use 'state: draining'",
        "slow_start": "use 'slowStart' of the upstream", "slowstart": "use 'slowStart' of the upstream",
        "check": "use 'check' of the upstream", "port": "the port is part of 'address'",
    ]
}
