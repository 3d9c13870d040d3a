// Keys that are called something else: what older versions and other proxies have, and where to find it here.

/// Finds the new name of a key.
enum MovedKeys {
    /// What to write for `name` in a section called `noun`; nil for what is just not known.
    static func hint(for name: String, in noun: String) -> String? {
        switch noun {
        case UpstreamConfiguration.noun: ofUpstreams[name]
        case ServerConfiguration.noun: ofServers[name]
        case ListenerConfiguration.noun: ofListeners[name]
        case ListenerTLSConfiguration.noun: ofListenerTLS[name]
        case UpstreamTLSConfiguration.noun: ofUpstreamTLS[name]
        case ACMEConfiguration.noun: ofACME[name]
        default: nil
        }
    }

    private static let ofListeners: [String: String] = [
        "ssl": "use 'tls'", "https": "use 'tls'", "certificates": "use 'certificates' in 'tls'",
        "certificate": "use 'certificates' in 'tls'", "acme": "use 'acme' in 'tls'",
        "sni": "use 'serverNames'", "protocol": "use 'mode'", "acceptProxy": "use 'proxyProtocol'",
        "hsts": "use 'hsts' in 'tls'", "redirect": "use 'httpsOnly' in 'tls' of the listener for https",
    ]

    private static let ofListenerTLS: [String: String] = [
        "certificate": "use 'certificates', a list", "cert": "use 'certificates', a list",
        "key": "use 'key' in an element of 'certificates'", "ca": "use 'ca' in 'clientCertificates'",
        "clientAuth": "use 'clientCertificates'", "mtls": "use 'clientCertificates'",
        "redirect": "use 'httpsOnly'", "curves": "use 'groups'", "cipherSuites": "use 'ciphers'",
        "protocols": "use 'minVersion' and 'maxVersion'", "letsencrypt": "use 'acme'",
        "ocsp": "use 'ocsp' in an element of 'certificates'", "sessionTickets": "use 'tickets'",
    ]

    private static let ofUpstreamTLS: [String: String] = [
        "insecureSkipVerify": "use 'insecure'", "skipVerify": "use 'insecure'", "verify": "use 'insecure'",
        "sni": "use 'serverName'", "cert": "use 'certificate'", "curves": "use 'groups'",
        "cipherSuites": "use 'ciphers'", "pin": "use 'pins', a list", "reportOnly": "use 'pinReportOnly'",
        "protocols": "use 'alpn', or 'minVersion' and 'maxVersion'",
    ]

    private static let ofACME: [String: String] = [
        "server": "use 'directory'", "url": "use 'directory'", "names": "use 'domains'", "hosts": "use 'domains'",
        "domain": "use 'domains', a list", "eab": "use 'accountBinding'", "folder": "use 'storage'",
        "caRoots": "use 'ca'", "contact": "use 'email'",
    ]

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
