// Keys that are called something else: what older versions and other proxies have, and where to find it here.

/// Finds the new name of a key.
enum MovedKeys {
    /// What to write for `name` in a section called `noun`; nil for what is just not known.
    static func hint(for name: String, in noun: String) -> String? {
        switch noun {
        case RouteConfiguration.noun: ofRoutes[name]
        case UpstreamConfiguration.noun: ofUpstreams[name]
        case ServerConfiguration.noun: ofServers[name]
        case ListenerConfiguration.noun: ofListeners[name]
        case ListenerTLSConfiguration.noun: ofListenerTLS[name]
        case UpstreamTLSConfiguration.noun: ofUpstreamTLS[name]
        case ACMEConfiguration.noun: ofACME[name]
        case HTTP2Configuration.noun: ofHTTP2[name]
        case UpstreamHTTP2Configuration.noun: ofUpstreamHTTP2[name]
        default: nil
        }
    }

    private static let ofRoutes: [String: String] = [
        "websocket": "use 'upgrades'; WebSocket passes by default",
        "websockets": "use 'upgrades'; WebSocket passes by default",
        "upgrade": "use 'upgrades'", "upgrade_configs": "use 'upgrades'", "upgradeConfigs": "use 'upgrades'",
    ]

    private static let ofListeners: [String: String] = [
        "ssl": "use 'tls'", "https": "use 'tls'", "certificates": "use 'certificates' in 'tls'",
        "certificate": "use 'certificates' in 'tls'", "acme": "use 'acme' in 'tls'",
        "sni": "use 'serverNames'", "protocol": "use 'mode', or 'http2' for HTTP/2",
        "acceptProxy": "use 'proxyProtocol'",
        "hsts": "use 'hsts' in 'tls'", "redirect": "use 'httpsOnly' in 'tls' of the listener for https",
        "h2": "use 'http2'", "alpn": "use 'http2'", "protocols": "use 'http2'", "enableHTTP2": "use 'http2'",
        "h2c": "use 'http2', which holds with and without TLS", "http3": "HTTP/3 is not served",
        "http2_max_concurrent_streams": "use 'maxStreams' in 'http2'",
        "maxConcurrentStreams": "use 'maxStreams' in 'http2'",
    ]

    private static let ofListenerTLS: [String: String] = [
        "certificate": "use 'certificates', a list", "cert": "use 'certificates', a list",
        "key": "use 'key' in an element of 'certificates'", "ca": "use 'ca' in 'clientCertificates'",
        "clientAuth": "use 'clientCertificates'", "mtls": "use 'clientCertificates'",
        "redirect": "use 'httpsOnly'", "curves": "use 'groups'", "cipherSuites": "use 'ciphers'",
        "protocols": "use 'minVersion' and 'maxVersion', or 'http2' of the listener",
        "alpn": "use 'http2' of the listener", "http2": "use 'http2' of the listener", "letsencrypt": "use 'acme'",
        "ocsp": "use 'ocsp' in an element of 'certificates'", "sessionTickets": "use 'tickets'",
    ]

    private static let ofUpstreamTLS: [String: String] = [
        "insecureSkipVerify": "use 'insecure'", "skipVerify": "use 'insecure'", "verify": "use 'insecure'",
        "sni": "use 'serverName'", "cert": "use 'certificate'", "curves": "use 'groups'",
        "cipherSuites": "use 'ciphers'", "pin": "use 'pins', a list", "reportOnly": "use 'pinReportOnly'",
        "protocols": "use 'protocol' of the upstream, or 'minVersion' and 'maxVersion'",
        "http2": "use 'protocol: h2' of the upstream", "protocol": "use 'protocol' of the upstream",
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
        "h2": "use 'protocol: h2'", "h2c": "use 'protocol: h2c'", "grpc": "use 'protocol: h2'",
        "proto": "use 'protocol'", "scheme": "use 'protocol', and 'tls' for https", "versions": "use 'protocol'",
        "alpn": "use 'protocol'", "httpVersion": "use 'protocol'", "http_version": "use 'protocol'",
        "proxy_http_version": "use 'protocol'", "appProtocol": "use 'protocol'",
        "http2_protocol_options": "use 'protocol: h2', and 'http2' for its settings",
    ]

    private static let ofHTTP2: [String: String] = ofUpstreamHTTP2.merging(
        [
            "maxHeaderListSize": "use 'requestHead' in 'limits'",
            "max_header_list_size": "use 'requestHead' in 'limits'",
            "headerTableSize": "use 'headerTable'", "header_table_size": "use 'headerTable'",
            "maxResets": "use 'resets'", "rapidReset": "use 'resets'", "maxContinuations": "use 'continuations'",
            "enabled": "write 'http2: on' or 'http2: off'",
        ], uniquingKeysWith: { $1 })

    private static let ofUpstreamHTTP2: [String: String] = [
        "maxConcurrentStreams": "use 'maxStreams'", "max_concurrent_streams": "use 'maxStreams'",
        "initialWindowSize": "use 'streamWindow'", "initial_window_size": "use 'streamWindow'",
        "initial_stream_window_size": "use 'streamWindow'", "windowSize": "use 'streamWindow'",
        "initial_connection_window_size": "use 'connectionWindow'",
        "maxFrameSize": "frames have 16 KiB at most, which is not set",
        "max_frame_size": "frames have 16 KiB at most, which is not set",
        "enabled": "write 'protocol: h2' in the upstream",
    ]

    private static let ofServers: [String: String] = [
        "max_conns": "use 'maxConnections'", "maxconn": "use 'maxInFlight' for requests, or 'maxConnections'",
        "max_fails": "use 'connectionFailures' in 'ejection'", "fail_timeout": "use 'time' in 'ejection'",
        "down": "use 'state: maintenance'", "disabled": "use 'state: maintenance'", "drain": "use 'state: draining'",
        "slow_start": "use 'slowStart' of the upstream", "slowstart": "use 'slowStart' of the upstream",
        "check": "use 'check' of the upstream", "port": "the port is part of 'address'",
    ]
}
