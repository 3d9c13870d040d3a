// What the configuration says of HTTP/2, as the machine understands it.
import MartletHTTP2
import MartletHTTPCore

extension HTTP2Limits {
    /// Windows begin small, and grow with those who use them: content that fits into one buffer needs no more.
    private static let firstWindow = 80 << 10

    /// The bounds of a connection.
    /// - Parameter heads: of what comes: requests from clients, responses from servers.
    init(_ settings: HTTP2Settings, heads: HeadLimits, enablesConnect: Bool) {
        self.init()
        maxStreams = Int(settings.maxStreams)
        streamWindow = min(Self.firstWindow, Int(settings.streamWindow))
        maxStreamWindow = Int(settings.streamWindow)
        connectionWindow = Int(settings.connectionWindow)
        maxConnectionWindow = Int(settings.connectionWindow)
        headerTableBytes = Int(settings.headerTable)
        headerListBytes = heads.headBytes
        // Somewhat more than a head may have is read, so that the client is told which of its requests is too large.
        blockBytes = max(blockBytes, 2 * heads.headBytes)
        continuations = Int(settings.continuations)
        resets = settings.resets == .max ? .max : Int(settings.resets)
        idleFrames = Int(settings.idleFrames)
        self.enablesConnect = enablesConnect
    }
}

extension Model {
    /// The largest table that fields are decoded with, in bytes.
    var largestFieldTable: Int {
        let tables = listeners.compactMap(\.http2?.headerTable) + upstreams.map(\.settings.http2.headerTable)
        return Int(tables.max() ?? 0)
    }
}

extension UpstreamModel {
    /// Whether requests to its servers are streams, as far as is known before one has been asked.
    var mayBeSpokenToInHTTP2: Bool {
        switch settings.version {
        case .http1: false
        case .http2: true
        case .negotiated: tls != nil
        }
    }
}
