// What stands in front of each frame's payload.

import MartletHTTPCore

/// The nine bytes in front of each frame's payload (RFC 9113 section 4.1).
@usableFromInline
package struct FrameHeader: BitwiseCopyable, Equatable, Sendable {
    /// How many bytes a frame header has.
    @inlinable package static var size: Int { 9 }

    /// Bytes of the payload, below 2^24.
    @usableFromInline package let length: UInt32
    /// The type as it is sent; `FrameType` has the known ones.
    @usableFromInline package let type: UInt8
    /// The flags.
    @usableFromInline package let flags: FrameFlags
    /// The stream's number, below 2^31; 0 is the connection.
    @usableFromInline package let stream: UInt32

    /// A header of these parts.
    ///
    /// - Parameter length: bytes of the payload, below 2^24.
    @inlinable @inline(__always)
    package init(_ type: FrameType, _ flags: FrameFlags = [], stream: UInt32, length: Int) {
        self.length = UInt32(truncatingIfNeeded: length)
        self.type = type.rawValue
        self.flags = flags
        self.stream = stream
    }

    /// The header that stands in `bytes` from `position` on; traps when it does not lie inside. The reserved bit is
    /// ignored.
    @inlinable @inline(__always)
    package init(reading bytes: Span<UInt8>, at position: Int) {
        let word = bytes.word(at: position).byteSwapped
        length = UInt32(truncatingIfNeeded: word &>> 40)
        type = UInt8(truncatingIfNeeded: word &>> 32)
        flags = FrameFlags(rawValue: UInt8(truncatingIfNeeded: word &>> 24))
        let high = UInt32(truncatingIfNeeded: word & 0x7F_FFFF)
        stream = high &<< 8 | UInt32(bytes[position &+ 8])
    }

    /// The first eight bytes, the first of them lowest.
    @inlinable @inline(__always)
    package var front: UInt64 {
        let word =
            UInt64(length) &<< 40 | UInt64(type) &<< 32 | UInt64(flags.rawValue) &<< 24 | UInt64(stream &>> 8)
        return word.byteSwapped
    }

    /// The ninth byte.
    @inlinable @inline(__always)
    package var back: UInt8 { UInt8(truncatingIfNeeded: stream) }

    /// The header as it is sent.
    @inlinable @inline(__always)
    package var bytes: InlineArray<9, UInt8> {
        var bytes = InlineArray<9, UInt8>(repeating: back)
        let front = front
        for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: front &>> UInt64(index &* 8)) }
        return bytes
    }

    /// Writes the header into `bytes` from `position` on, for frames whose header stands in room that was left before
    /// their payload. Traps when it does not lie inside.
    @inlinable @inline(__always)
    package func write(into bytes: inout MutableSpan<UInt8>, at position: Int) {
        let front = front
        for index in 0..<8 { bytes[position &+ index] = UInt8(truncatingIfNeeded: front &>> UInt64(index &* 8)) }
        bytes[position &+ 8] = back
    }
}
