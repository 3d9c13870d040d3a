// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let serverNameConfiguration: [String: String] = [
        "ServerNameConfiguration": #"""
        Names that clients ask for in TLS, and where they lead.
        """#,
        "ServerNameConfiguration.host": #"""
        The names, one or a list: `example.com`, or `"*.example.com"` for every name below it.
        """#,
        "ServerNameConfiguration.upstream": #"""
        The upstream that gets the connections, one of `upstreams`.
        """#,
    ]
}
