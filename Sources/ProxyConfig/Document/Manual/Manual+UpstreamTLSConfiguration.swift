// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let upstreamTLSConfiguration: [String: String] = [
        "UpstreamTLSConfiguration": #"""
        TLS to the servers of an upstream. `{}` is all it takes: a server must show a certificate for the host in its address, from
        an authority that the system trusts.
        """#,
        "UpstreamTLSConfiguration.alpn": #"""
        The protocols that are offered to servers (ALPN), the best first; `[]` for not using ALPN. HTTP/2 is not set here but by
        `protocol` of the upstream, which then decides what is offered.
        """#,
        "UpstreamTLSConfiguration.ca": #"""
        The path of a PEM file with the authorities whose certificates are trusted, instead of the system's.
        """#,
        "UpstreamTLSConfiguration.certificate": #"""
        The path of a PEM file with the certificate that servers are shown if they ask for one, and those of the authorities
        between it and the root.
        """#,
        "UpstreamTLSConfiguration.ciphers": #"""
        The cipher suites for TLS 1.2, the best first, as for listeners.
        """#,
        "UpstreamTLSConfiguration.groups": #"""
        The groups for key exchange, the best first, as for listeners.
        """#,
        "UpstreamTLSConfiguration.insecure": #"""
        Whether servers need not prove who they are. Whoever gets between Martlet and a server can then read and change
        everything; use `ca` or `pins` instead where that is possible.
        """#,
        "UpstreamTLSConfiguration.key": #"""
        The path of a PEM file with the key of `certificate`. Without it the key is in the same file.
        """#,
        "UpstreamTLSConfiguration.maxVersion": #"""
        The newest version of TLS that is spoken.
        """#,
        "UpstreamTLSConfiguration.minVersion": #"""
        The oldest version of TLS that is spoken.
        """#,
        "UpstreamTLSConfiguration.pinReportOnly": #"""
        Whether a key that is not pinned is only reported, in the log and as a metric, while requests are sent all the same.
        For trying out pins.
        """#,
        "UpstreamTLSConfiguration.pinning": #"""
        Whether `pins` hold `besides-chain`, so that a server needs both a good chain and a pinned key, or `instead-of-chain`,
        where a pinned key is all that it needs, as with certificates that servers have made themselves.
        """#,
        "UpstreamTLSConfiguration.pins": #"""
        The only keys that servers may have (pins): the SHA-256 of a public key, as in `sha256/BASE64=`. `martlet pin HOST:PORT`
        says which a server has. One certificate of the chain that was verified must have such a key; if none has, the request
        is not sent, and answered with 502. Name a second key that you keep in reserve: if the only pinned one is lost, nobody
        gets through.
        """#,
        "UpstreamTLSConfiguration.serverName": #"""
        The name that servers are asked for (SNI) and must have a certificate for. Without it that is the host of the server's
        address; servers in a Unix socket are asked for `localhost`.
        """#,
        "UpstreamTLSConfiguration.sessionReuse": #"""
        Whether a server is come back to without a full handshake.
        """#,
    ]
}
