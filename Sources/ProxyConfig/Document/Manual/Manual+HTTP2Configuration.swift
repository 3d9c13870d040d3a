// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let httP2Configuration: [String: String] = [
        "HTTP2Configuration": #"""
        HTTP/2 for the clients of a listener, with bounds for what a client may do. No client that means well reaches them; one
        that goes beyond is told to calm down (ENHANCE_YOUR_CALM), its connection ends, and a metric says why. How large heads may
        be stands in `limits`.
        """#,
        "HTTP2Configuration.connectionWindow": #"""
        The same for all requests of a connection together: the most content of one connection that is kept in memory.
        """#,
        "HTTP2Configuration.continuations": #"""
        In how many CONTINUATION frames the head of one request may go on. Beyond it the connection ends.
        """#,
        "HTTP2Configuration.headerTable": #"""
        How much is remembered of header fields that repeat (HPACK), in memory of each connection. 0 for nothing.
        """#,
        "HTTP2Configuration.idleFrames": #"""
        How many frames within a second on one connection may move nothing, such as SETTINGS, PING, PRIORITY, WINDOW_UPDATE and
        empty DATA; requests and content make up for some. Beyond it the connection ends.
        """#,
        "HTTP2Configuration.maxStreams": #"""
        How many requests a client may have going on at a time on one connection. More are refused, and clients send them
        again.
        """#,
        "HTTP2Configuration.resets": #"""
        How many requests may be called off within 10 s on one connection, by the client or for its mistakes (rapid reset);
        those that end well make up for some. Beyond it the connection ends.
        """#,
        "HTTP2Configuration.streamWindow": #"""
        How many bytes of one request's content may be on the way, or wait to be passed on. Each request begins with 80 KiB,
        and gets more, up to this, as long as it is what holds the client back.
        """#,
    ]
}
