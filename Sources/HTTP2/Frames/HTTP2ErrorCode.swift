// Why a stream or a connection ended, as it is told to the peer.

/// An error code (RFC 9113 section 7). Any number may come; unknown ones mean the same as INTERNAL_ERROR.
@usableFromInline
package struct HTTP2ErrorCode: RawRepresentable, BitwiseCopyable, Hashable, Sendable {
    /// The number that is sent.
    @usableFromInline package let rawValue: UInt32

    /// The code of this number.
    @inlinable @inline(__always)
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No error: a graceful end.
    @inlinable package static var noError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0) }
    /// A rule of the protocol was broken.
    @inlinable package static var protocolError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 1) }
    /// Something failed that is not the peer's fault.
    @inlinable package static var internalError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 2) }
    /// More was sent than a window allows, or a window grew too large.
    @inlinable package static var flowControlError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 3) }
    /// Settings were not acknowledged in time.
    @inlinable package static var settingsTimeout: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 4) }
    /// A frame for a stream that had ended.
    @inlinable package static var streamClosed: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 5) }
    /// A frame of a size that it may not have.
    @inlinable package static var frameSizeError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 6) }
    /// The stream was not worked on: it may be tried again.
    @inlinable package static var refusedStream: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 7) }
    /// The stream is not wanted any more.
    @inlinable package static var cancel: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 8) }
    /// A field block that cannot be decoded.
    @inlinable package static var compressionError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 9) }
    /// The connection of a CONNECT was reset.
    @inlinable package static var connectError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 10) }
    /// The peer does things that only cost.
    @inlinable package static var enhanceYourCalm: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 11) }
    /// What secures the connection is not good enough.
    @inlinable package static var inadequateSecurity: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 12) }
    /// HTTP/1.1 is needed.
    @inlinable package static var http11Required: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 13) }
}

extension HTTP2ErrorCode {
    /// The names of the codes, by number.
    private static let names: [StaticString] = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]

    /// The name, for logs; "UNKNOWN" for a number that has none.
    package var name: StaticString { rawValue < 14 ? Self.names[Int(rawValue)] : "UNKNOWN" }

    /// Sent with RST_STREAM, it says that the peer broke a rule: a reset that the peer has brought about.
    var blamesPeer: Bool {
        switch self {
        case .protocolError, .flowControlError, .streamClosed, .frameSizeError, .compressionError, .enhanceYourCalm:
            true
        default: false
        }
    }
}
