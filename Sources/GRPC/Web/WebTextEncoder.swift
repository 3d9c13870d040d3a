// Base64 (RFC 4648 section 4) for what leaves at once.

import MartletHTTPCore

/// Encodes pieces of the content of a text response, each with its own padding: none waits for the next one, and a client reads
/// four characters at a time.
package enum WebTextEncoder {
    /// How many characters `count` bytes make.
    package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// How many bytes `encode` takes at a time, and how many characters they make.
    package static let blockBytes = 48
    package static let blockCharacters = 64

    /// Encodes up to `blockBytes` bytes.
    /// - Returns: the characters, and how many there are.
    package static func encode(_ bytes: Span<UInt8>) -> (characters: InlineArray<64, UInt8>, count: Int) {
        precondition(bytes.count <= blockBytes, "more than a block")
        var characters = InlineArray<64, UInt8>(repeating: 0x3D)
        var written = 0
        var read = 0
        while read < bytes.count {
            let left = bytes.count &- read
            var group = UInt32(bytes[read]) << 16
            if left > 1 { group |= UInt32(bytes[read &+ 1]) << 8 }
            if left > 2 { group |= UInt32(bytes[read &+ 2]) }
            // What is not written of the group stays "=".
            for place in 0...min(left, 3) {
                characters[written &+ place] = character(
                    UInt8(truncatingIfNeeded: group >> UInt32(18 &- 6 &* place)) & 63)
            }
            read &+= 3
            written &+= 4
        }
        return (characters, written)
    }

    private static func character(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: value &+ 0x41
        case 26..<52: value &- 26 &+ 0x61
        case 52..<62: value &- 52 &+ 0x30
        case 62: 0x2B
        default: 0x2F
        }
    }
}
