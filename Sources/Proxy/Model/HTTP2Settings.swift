// What the configuration says of HTTP/2. Plain numbers: a loop copies them.

/// How HTTP/2 is spoken on a connection (RFC 9113).
package struct HTTP2Settings: Sendable, BitwiseCopyable, Equatable {
    /// Streams at a time: of clients more are refused (SETTINGS_MAX_CONCURRENT_STREAMS), with servers more are not begun, or
    /// fewer if the server says so.
    package var maxStreams: UInt32 = 128
    /// The most that the window of a stream grows to, in bytes; it begins with 65,535.
    package var streamWindow: UInt32 = 256 << 10
    /// The window of the connection, in bytes.
    package var connectionWindow: UInt32 = 1 << 20
    /// Streams that the peer resets, or makes us reset, within 10 s: beyond it the connection ends. `.max` for any number.
    package var resets: UInt32 = 200
    /// Frames that move nothing, within a second: beyond it the connection ends.
    package var idleFrames: UInt32 = 1000
    /// CONTINUATION frames of one header block: beyond it the connection ends.
    package var continuations: UInt32 = 32
    /// The table of our decoder in bytes (SETTINGS_HEADER_TABLE_SIZE), and the most of our encoder's.
    package var headerTable: UInt32 = 4 << 10

    /// The defaults for clients.
    package init() {}

    /// The defaults for servers. It is we who begin streams, so that one that resets many loads us no more than one that
    /// answers with errors.
    package static let forServers: HTTP2Settings = {
        var settings = HTTP2Settings()
        settings.maxStreams = 100
        settings.resets = .max
        return settings
    }()
}

/// What is spoken with servers.
package enum UpstreamProtocol: UInt8, Sendable, BitwiseCopyable {
    /// HTTP/1.1.
    case http1
    /// HTTP/2: by ALPN over TLS, which a server must choose, and else with prior knowledge (RFC 9113 sections 3.2 and 3.3).
    case http2
    /// What a server chooses over TLS; without it HTTP/1.1.
    case negotiated
}
