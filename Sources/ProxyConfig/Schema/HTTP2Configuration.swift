// HTTP/2 with clients.

/// HTTP/2 for the clients of a listener, with bounds for what a client may do. No client that means well reaches them; one
/// that goes beyond is told to calm down (ENHANCE_YOUR_CALM), its connection ends, and a metric says why. How large heads may
/// be stands in `limits`.
package struct HTTP2Configuration: Sendable, Equatable {
    /// How many requests a client may have going on at a time on one connection. More are refused, and clients send them
    /// again.
    package var maxStreams: Int = 128

    /// How many bytes of one request's content may be on the way, or wait to be passed on. Each request begins with 80 KiB,
    /// and gets more, up to this, as long as it is what holds the client back.
    package var streamWindow: Int = 256 << 10

    /// The same for all requests of a connection together: the most content of one connection that is kept in memory.
    package var connectionWindow: Int = 1 << 20

    /// How many requests may be called off within 10 s on one connection, by the client or for its mistakes (rapid reset);
    /// those that end well make up for some. Beyond it the connection ends.
    package var resets: Int = 200

    /// How many frames within a second on one connection may move nothing, such as SETTINGS, PING, PRIORITY, WINDOW_UPDATE and
    /// empty DATA; requests and content make up for some. Beyond it the connection ends.
    package var idleFrames: Int = 1000

    /// In how many CONTINUATION frames the head of one request may go on. Beyond it the connection ends.
    package var continuations: Int = 32

    /// How much is remembered of header fields that repeat (HPACK), in memory of each connection. 0 for nothing.
    package var headerTable: Int = 4 << 10

    /// The defaults.
    package init() {}

    /// What is written for switching it on or off elsewhere, and what that is here.
    static let otherWords: [String: String] = [
        "h2": "on", "h2c": "on", "http2": "on", "auto": "on", "enabled": "on", "enable": "on", "allow": "on",
        "http1": "off", "http1.1": "off", "http/1.1": "off", "disabled": "off", "disable": "off", "none": "off",
        "never": "off", "deny": "off",
    ]
}

extension HTTP2Configuration: Section {
    static let noun = "a listener's http2"
    static var blank: HTTP2Configuration { HTTP2Configuration() }

    static var keys: [Key<HTTP2Configuration>] {
        [
            Key("maxStreams", \.maxStreams, .integer(1...2048)),
            Key("streamWindow", \.streamWindow, .size(64 << 10...1 << 30)),
            Key("connectionWindow", \.connectionWindow, .size(64 << 10...1 << 30)),
            Key("resets", \.resets, .integer(1...1_000_000)),
            Key("idleFrames", \.idleFrames, .integer(10...1_000_000)),
            Key("continuations", \.continuations, .integer(0...1024)),
            Key("headerTable", \.headerTable, .size(0...64 << 10)),
        ]
    }
}
