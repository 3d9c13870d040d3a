// Why connections of HTTP/2 are ended.

/// What a peer did for which a stream or its connection was ended: each has a counter, for clients and for servers.
package enum HTTP2FaultKind: UInt8, CaseIterable, Sendable {
    /// A frame that must not come, or not then (PROTOCOL_ERROR, STREAM_CLOSED).
    case protocolError
    /// A frame whose size is wrong (FRAME_SIZE_ERROR).
    case frameSize
    /// More content than there was a window for, or a window that is too large (FLOW_CONTROL_ERROR).
    case flowControl
    /// A header block that cannot be decoded (COMPRESSION_ERROR).
    case compression
    /// Our settings were not acknowledged in time (SETTINGS_TIMEOUT).
    case settingsTimeout
    /// Too many streams that were reset (ENHANCE_YOUR_CALM, like those that follow).
    case resets
    /// Too many frames that moved nothing.
    case idleFrames
    /// A header block of too many frames, too long, or too slow.
    case continuations
    /// It makes us answer, but does not read what we say.
    case output
}

extension Counter {
    /// The counter for a fault of a client.
    package static func faultOfClient(_ kind: HTTP2FaultKind) -> Counter {
        switch kind {
        case .protocolError: .http2FaultProtocol
        case .frameSize: .http2FaultFrameSize
        case .flowControl: .http2FaultFlowControl
        case .compression: .http2FaultCompression
        case .settingsTimeout: .http2FaultSettingsTimeout
        case .resets: .http2FaultResets
        case .idleFrames: .http2FaultIdleFrames
        case .continuations: .http2FaultContinuations
        case .output: .http2FaultOutput
        }
    }

    /// The counter for a fault of a server.
    package static func faultOfServer(_ kind: HTTP2FaultKind) -> Counter {
        switch kind {
        case .protocolError: .upstreamHTTP2FaultProtocol
        case .frameSize: .upstreamHTTP2FaultFrameSize
        case .flowControl: .upstreamHTTP2FaultFlowControl
        case .compression: .upstreamHTTP2FaultCompression
        case .settingsTimeout: .upstreamHTTP2FaultSettingsTimeout
        case .resets: .upstreamHTTP2FaultResets
        case .idleFrames: .upstreamHTTP2FaultIdleFrames
        case .continuations: .upstreamHTTP2FaultContinuations
        case .output: .upstreamHTTP2FaultOutput
        }
    }
}
