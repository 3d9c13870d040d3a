// Base64 (RFC 4648 section 4) that comes in pieces.

import MartletHTTPCore

/// Decodes the content of a text request. A client pads whenever it flushes, so padding may stand in the middle, at the end of
/// any group of four.
package struct WebTextDecoder: BitwiseCopyable, Sendable {
    /// The last characters' bits that are not written yet, in the lowest places.
    private var bits: UInt32 = 0
    /// How many characters of a group have come.
    private var place: UInt8 = 0
    /// The group is padded: what follows can only be its second "=".
    private var isPadded = false
    /// Something came that is no Base64. It stays so.
    package private(set) var isBroken = false

    package init() {}

    /// The content has ended: within a group it must not.
    package mutating func end() {
        if place != 0 { isBroken = true }
    }

    /// Decodes a piece in place. Each character makes a byte at most, so what has been written never catches up.
    /// - Returns: how many bytes there are now, at the front; 0 from the first thing on that is no Base64.
    package mutating func decode(_ bytes: inout MutableSpan<UInt8>) -> Int {
        var read = 0
        var written = 0
        while read < bytes.count && !isBroken {
            if place == 0 && decodeGroups(&bytes, &read, &written) { continue }
            take(bytes[read], &bytes, &written)
            read &+= 1
        }
        return isBroken ? 0 : written
    }

    /// Decodes whole groups without padding; whether there was one.
    private mutating func decodeGroups(
        _ bytes: inout MutableSpan<UInt8>, _ read: inout Int, _ written: inout Int
    ) -> Bool {
        let start = read
        while read &+ 4 <= bytes.count {
            var group: UInt32 = 0
            var all: UInt8 = 0
            for offset in 0..<4 {
                let value = Self.value(of: bytes[read &+ offset])
                group = group << 6 | UInt32(value & 63)
                all |= value
            }
            if all > 63 { break }
            bytes[written] = UInt8(truncatingIfNeeded: group >> 16)
            bytes[written &+ 1] = UInt8(truncatingIfNeeded: group >> 8)
            bytes[written &+ 2] = UInt8(truncatingIfNeeded: group)
            read &+= 4
            written &+= 3
        }
        return read > start
    }

    private mutating func take(_ character: UInt8, _ bytes: inout MutableSpan<UInt8>, _ written: inout Int) {
        if character == 0x3D { return pad() }
        let value = Self.value(of: character)
        if value > 63 || isPadded {
            isBroken = true
            return
        }
        bits = bits << 6 | UInt32(value)
        if place > 0 {
            bytes[written] = UInt8(truncatingIfNeeded: bits >> UInt32(6 &- 2 &* place))
            written &+= 1
        }
        place = (place &+ 1) & 3
    }

    /// "=", once behind three characters of a group, twice behind two, whose bits that make no byte are 0.
    private mutating func pad() {
        switch place {
        case 2 where bits & 15 == 0:
            isPadded = true
            place = 3
        case 3 where isPadded || bits & 3 == 0:
            isPadded = false
            place = 0
        default: isBroken = true
        }
    }

    /// The six bits of a character; above 63 for what is none.
    private static func value(of character: UInt8) -> UInt8 {
        switch character {
        case 0x41...0x5A: character &- 0x41
        case 0x61...0x7A: character &- 0x61 &+ 26
        case 0x30...0x39: character &- 0x30 &+ 52
        case 0x2B: 62
        case 0x2F: 63
        default: 0xFF
        }
    }
}
