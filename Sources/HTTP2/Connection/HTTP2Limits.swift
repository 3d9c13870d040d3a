// What one connection may cost, and which side of it this is.

/// Which side of a connection a machine is.
package enum HTTP2Role: BitwiseCopyable, Sendable, CaseIterable {
    /// It takes requests.
    case server
    /// It makes requests.
    case client
}

/// Bounds on what a peer may have and do. Those that a peer has to know are announced to it with SETTINGS.
@usableFromInline
package struct HTTP2Limits: BitwiseCopyable, Equatable, Sendable {
    // Announced.
    /// How many streams there may be at a time, 1...2048: announced by a server; the most that a client opens. Default 128.
    package var maxStreams = 128
    /// The window of a new stream, in bytes, 1 to 2^31 - 1: how much content may be received before it is consumed. Default
    /// 256 KiB.
    package var streamWindow = 256 << 10
    /// The window of the connection, in bytes, 65,535 to 2^31 - 1, for all streams together. Default 1 MiB.
    package var connectionWindow = 1 << 20
    /// The largest payload that is received, in bytes, 16,384 to 2^24 - 1. A driver has to have room for one with its
    /// header. Default 16 KiB.
    package var maxFrame = 16_384
    /// Bytes of the table with which field blocks are decoded. Default 4096.
    package var headerTableBytes = 4096
    /// The largest field section that is taken, in bytes as RFC 9113 section 6.5.2 counts them. Default 32 KiB.
    package var headerListBytes = 32 << 10
    /// A server takes CONNECT with `:protocol` (RFC 8441). Default no.
    package var enablesConnect = false

    // Windows that adapt.
    /// How far the window of a stream may grow when it is what holds the peer back. Default 1 MiB; no growth if not above
    /// `streamWindow`.
    package var maxStreamWindow = 1 << 20
    /// The same for the connection's window. Default 4 MiB.
    package var maxConnectionWindow = 4 << 20

    // Abuse.
    /// Bytes of a field block as it is sent. Default 64 KiB.
    package var blockBytes = 64 << 10
    /// CONTINUATION frames of a field block. Default 32.
    package var continuations = 32
    /// Streams that a client resets, or makes us reset by breaking rules, within ten seconds (CVE-2023-44487,
    /// CVE-2025-8671). Four requests that end as they should make up for one. 1 to 1,000,000, or `Int.max` for no bound.
    /// Default 200.
    package var resets = 200
    /// Frames within a second that bring nothing forward: PING, SETTINGS, PRIORITY, PRIORITY_UPDATE, WINDOW_UPDATE, DATA
    /// without content or with more padding than content, frames of unknown types or for streams that are gone. Requests
    /// and content make up for some, 64 times as many at most beforehand. 1 to 1,000,000, or `Int.max` for no bound.
    /// Default 1000.
    package var idleFrames = 1000
    /// Bytes of frames that wait to be sent because the peer does not read. Default 64 KiB.
    package var outputBytes = 64 << 10
    /// How long the peer may take to acknowledge our settings, and to end a field block, in milliseconds. Default 10 s.
    package var patience: UInt64 = 10_000

    /// The defaults.
    package init() {}
}

extension HTTP2Limits {
    /// The same, with values moved into their ranges.
    func bounded() -> HTTP2Limits {
        var limits = self
        limits.maxStreams = min(max(maxStreams, 1), 2048)
        limits.streamWindow = min(max(streamWindow, 1), HTTP2Window.most)
        limits.connectionWindow = min(max(connectionWindow, HTTP2Window.initial), HTTP2Window.most)
        limits.maxFrame = min(max(maxFrame, 16_384), (1 << 24) - 1)
        limits.headerTableBytes = min(max(headerTableBytes, 0), Int(UInt32.max))
        limits.headerListBytes = min(max(headerListBytes, 0), Int(UInt32.max))
        limits.resets = Self.times(resets)
        limits.idleFrames = Self.times(idleFrames)
        limits.maxStreamWindow = min(maxStreamWindow, HTTP2Window.most)
        limits.maxConnectionWindow = min(maxConnectionWindow, HTTP2Window.most)
        return limits
    }

    private static func times(_ limit: Int) -> Int { limit == .max ? limit : min(max(limit, 1), 1_000_000) }
}
