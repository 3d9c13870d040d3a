// HTTP/2: from the config's numbers to the loops'.
import MartletProxy
import MartletProxyConfig

extension HTTP2Settings {
    /// With clients.
    init(_ http2: HTTP2Configuration) {
        self.init()
        maxStreams = UInt32(clamping: http2.maxStreams)
        streamWindow = UInt32(clamping: http2.streamWindow)
        connectionWindow = UInt32(clamping: http2.connectionWindow)
        resets = UInt32(clamping: http2.resets)
        idleFrames = UInt32(clamping: http2.idleFrames)
        continuations = UInt32(clamping: http2.continuations)
        headerTable = UInt32(clamping: http2.headerTable)
    }

    /// With servers.
    init(_ http2: UpstreamHTTP2Configuration) {
        self = .forServers
        maxStreams = UInt32(clamping: http2.maxStreams)
        streamWindow = UInt32(clamping: http2.streamWindow)
        connectionWindow = UInt32(clamping: http2.connectionWindow)
    }
}

extension UpstreamProtocol {
    init(_ name: UpstreamProtocolName) {
        self =
            switch name {
            case .http1: .http1
            case .h2, .h2c: .http2
            case .auto: .negotiated
            }
    }
}

extension UpstreamProtocolName {
    /// What is offered to servers (ALPN), the best first; `nil` for what the config lists.
    var offer: [String]? {
        switch self {
        case .http1: nil
        case .h2, .h2c: ["h2"]
        case .auto: ["h2", "http/1.1"]
        }
    }
}
