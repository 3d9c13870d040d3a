// Where a call's content is between two messages.

/// Follows the messages of one direction of a call, each with a prefix of five bytes: one that says whether it is compressed, and four
/// with the length. Only behind a whole message can a call be ended so that nothing of it is lost. What is in the messages is not looked at.
@usableFromInline
package struct MessageBoundary: BitwiseCopyable, Sendable {
    /// Bytes of a prefix.
    private static var prefixBytes: UInt8 { 5 }

    /// How much of a prefix has come; 0 in a message, and between two.
    @usableFromInline var prefix: UInt8 = 0
    /// Bytes of the message that are still to come; while the prefix is read, the length so far.
    @usableFromInline var remaining: UInt32 = 0

    /// Before the first message.
    @inlinable @inline(__always)
    package init() {}

    /// Whether all that has come is whole messages.
    package var isOpen: Bool { prefix == 0 && remaining == 0 }

    /// Goes on by the bytes that pass.
    package mutating func pass(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            if prefix == 0 && remaining > 0 {
                let count = min(Int(remaining), bytes.count - index)
                remaining -= UInt32(count)
                index += count
            } else {
                passPrefix(bytes[index])
                index += 1
            }
        }
    }

    private mutating func passPrefix(_ byte: UInt8) {
        // The first byte says nothing of the length.
        if prefix > 0 { remaining = remaining << 8 | UInt32(byte) }
        prefix += 1
        if prefix == Self.prefixBytes { prefix = 0 }
    }
}
