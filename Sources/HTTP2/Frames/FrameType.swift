// The types of frames, and the flags that mean something to one or another of them.

/// The types of frames that are known here (RFC 9113 section 6, RFC 9218 section 7.1). Frames of other types are read over
/// (RFC 9113 section 5.5).
@usableFromInline
package enum FrameType: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// Content.
    case data = 0
    /// A field block, or the beginning of one.
    case headers = 1
    /// The deprecated way to state a priority; checked, and otherwise without effect.
    case priority = 2
    /// The end of a stream at once.
    case resetStream = 3
    /// What the sender of it can and wants to take.
    case settings = 4
    /// A request that a server makes up; never wanted here.
    case pushPromise = 5
    /// A question for a sign of life.
    case ping = 6
    /// The end of a connection, after the streams up to a number.
    case goAway = 7
    /// More may be sent.
    case windowUpdate = 8
    /// More of a field block.
    case continuation = 9
    /// A priority as RFC 9218 has it.
    case priorityUpdate = 0x10
}

/// A frame's flags. Those that its type does not define mean nothing.
@usableFromInline
package struct FrameFlags: OptionSet, BitwiseCopyable, Sendable {
    /// The bits as they are sent.
    @usableFromInline package let rawValue: UInt8

    /// Flags of these bits.
    @inlinable @inline(__always)
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// DATA, HEADERS: the last frame of its stream in this direction.
    @inlinable package static var endStream: FrameFlags { FrameFlags(rawValue: 0x01) }
    /// SETTINGS, PING: the answer to one.
    @inlinable package static var ack: FrameFlags { FrameFlags(rawValue: 0x01) }
    /// HEADERS, CONTINUATION: the field block ends with this frame.
    @inlinable package static var endHeaders: FrameFlags { FrameFlags(rawValue: 0x04) }
    /// DATA, HEADERS: the payload begins with the number of bytes of padding at its end.
    @inlinable package static var padded: FrameFlags { FrameFlags(rawValue: 0x08) }
    /// HEADERS: five bytes of deprecated priority stand before the field block.
    @inlinable package static var priority: FrameFlags { FrameFlags(rawValue: 0x20) }
}
