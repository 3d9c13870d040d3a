// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let bufferRequestConfiguration: [String: String] = [
        "BufferRequestConfiguration": #"""
        How requests are read before a server is chosen, so that slow clients hold no servers. Content stays in memory; until it is
        there, the rates and times for clients hold. Calls of gRPC, and requests to switch protocols, are passed on as they come.
        """#,
        "BufferRequestConfiguration.beyond": #"""
        What becomes of a request with more: `stream` chooses a server and passes the rest on as it comes, `refuse` answers with
        413.
        """#,
        "BufferRequestConfiguration.upTo": #"""
        The most content that is read first. All requests together may take `limits.bufferedRequests`.
        """#,
    ]
}
