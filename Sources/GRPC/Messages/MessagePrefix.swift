// How messages are framed in the content of a call: five bytes stand before each
// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message).

import MartletHTTPCore

/// What stands before a message: flags, and the message's length in four bytes, the high one first.
@usableFromInline
package struct MessagePrefix: BitwiseCopyable, Equatable, Sendable {
    /// How many bytes it has.
    package static let size = 5

    /// The flag of a message that is compressed, as `grpc-encoding` says.
    package static let compressed: UInt8 = 1
    /// The flag of gRPC-Web's last frame, which holds the trailers.
    package static let trailers: UInt8 = 0x80

    /// What is special about the message; 0 for nothing.
    package let flags: UInt8
    /// How many bytes of the message follow.
    package let length: UInt32

    /// The prefix of a message of `length` bytes.
    package init(flags: UInt8 = 0, length: Int) {
        self.flags = flags
        self.length = UInt32(clamping: length)
    }

    /// As it is sent.
    package var bytes: InlineArray<5, UInt8> {
        [
            flags, UInt8(truncatingIfNeeded: length >> 24), UInt8(truncatingIfNeeded: length >> 16),
            UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length),
        ]
    }
}
