// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let upstreamHTTP2Configuration: [String: String] = [
        "UpstreamHTTP2Configuration": #"""
        HTTP/2 with the servers of an upstream, where `protocol` has it spoken.
        """#,
        "UpstreamHTTP2Configuration.connectionWindow": #"""
        The same for all responses of a connection together.
        """#,
        "UpstreamHTTP2Configuration.maxStreams": #"""
        How many requests share a connection at a time, at most. A server may want fewer. When all connections are full,
        another one is made.
        """#,
        "UpstreamHTTP2Configuration.streamWindow": #"""
        How many bytes of one response's content may be on the way, or wait to be passed on. Each response begins with 80 KiB,
        and gets more, up to this, as long as it is what holds the server back.
        """#,
    ]
}
