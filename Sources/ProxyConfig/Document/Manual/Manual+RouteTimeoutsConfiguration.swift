// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let routeTimeoutsConfiguration: [String: String] = [
        "RouteTimeoutsConfiguration": #"""
        How long requests of this route may take. What is not said here is as for all.
        """#,
        "RouteTimeoutsConfiguration.exchange": #"""
        How long an exchange may take as a whole, in place of `timeouts.exchange`. Beyond it: 504, or a cut connection when the
        response had begun. A call of gRPC has this time at most, as with `grpc.maxTimeout`, and its server is told so. `off`
        for any time.
        """#,
        "RouteTimeoutsConfiguration.response": #"""
        How long a server may take until the first byte of its response, in place of the upstream's `responseTimeout`.
        Beyond it: 504.
        """#,
        "RouteTimeoutsConfiguration.stall": #"""
        How long a server may stop in the middle of a response, in place of the upstream's `stallTimeout`. `off` for any
        time.
        """#,
        "RouteTimeoutsConfiguration.tunnelIdle": #"""
        How long a connection that has switched protocols (WebSocket) may be without a byte in either direction, in place of
        `timeouts.tunnelIdle`.
        """#,
    ]
}
