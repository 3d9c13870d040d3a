// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let mirrorConfiguration: [String: String] = [
        "MirrorConfiguration": #"""
        A second upstream that gets a copy of some of a route's requests, to try a new version with real traffic. What it answers is
        dropped, and nothing that it does is noticed by clients: a copy is sent when the request has come whole, never sent again,
        and never waited for. Calls of gRPC, WebSockets and other upgrades are not copied.
        """#,
        "MirrorConfiguration.content": #"""
        The most content that a request may have whose copy is sent; a larger one is not copied, and counted.
        """#,
        "MirrorConfiguration.inFlight": #"""
        The most copies at a time, from the request's head to the end of what the upstream answers, over all loops. A request
        beyond that is not copied, and counted.
        """#,
        "MirrorConfiguration.share": #"""
        How many of the requests are copied. Which ones is left to chance.
        """#,
        "MirrorConfiguration.timeout": #"""
        How long a copy may take, the time for its content to come included. Then it is given up.
        """#,
        "MirrorConfiguration.to": #"""
        The upstream that gets the copies, one of `upstreams`.
        """#,
    ]
}
