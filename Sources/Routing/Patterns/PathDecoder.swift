// Percent-encoding in paths (RFC 3986 section 2.1).
import MartletHTTPCore

/// Decodes what need not be encoded, and finds what no path should have.
struct PathDecoder {
    /// Why the path is refused; `nil` if it is not.
    private(set) var refusal: HeadRefusal?
    /// "%2F" or "%5C" was there.
    private(set) var hasEncodedSlash = false

    /// Something is still encoded.
    private(set) var hasEncoded = false

    /// Decodes the part of `path` at `range` in place; where it then ends.
    mutating func decode(_ path: inout MutableSpan<UInt8>, _ range: Range<Int>) -> Int {
        var written = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound, refusal == nil {
            let byte = path[index]
            if byte == 0x5C { refusal = .ambiguousPath }
            guard byte == 0x25 else {
                path[written] = byte
                (written, index) = (written + 1, index + 1)
                continue
            }
            let value = Self.escaped(path, at: index, end: range.upperBound)
            note(value, before: Self.escaped(path, at: index + 3, end: range.upperBound))
            index += 3
            guard let value else { break }
            if Self.isUnreserved(value) {
                path[written] = value
                written += 1
            } else {
                path[written] = 0x25
                path[written + 1] = Self.digit(value >> 4)
                path[written + 2] = Self.digit(value & 15)
                hasEncoded = true
                written += 3
            }
        }
        return written
    }

    /// The byte that is encoded at `index`; `nil` if there is none.
    private static func escaped(_ path: borrowing MutableSpan<UInt8>, at index: Int, end: Int) -> UInt8? {
        guard index + 2 < end, path[index] == 0x25 else { return nil }
        return PercentCode.byte(path[index + 1], path[index + 2])
    }

    /// Notes what an encoded byte is; `next` is the one behind it, if it is encoded as well.
    private mutating func note(_ value: UInt8?, before next: UInt8?) {
        switch value {
        // NUL ends the path for whoever reads it as a text of C.
        case nil, 0x00: refusal = .badPathEncoding
        case 0x2F, 0x5C: hasEncodedSlash = true
        case let value?:
            if let next, Self.isTooLong(value, next) { refusal = .badPathEncoding }
        }
    }

    /// Whether a character that begins so has more bytes than it needs, which hide a slash or a dot from all but careless
    /// decoders (RFC 3629 section 10).
    private static func isTooLong(_ first: UInt8, _ second: UInt8) -> Bool {
        switch first {
        case 0xC0, 0xC1: second >= 0x80 && second <= 0xBF
        case 0xE0: second >= 0x80 && second <= 0x9F
        case 0xF0: second >= 0x80 && second <= 0x8F
        default: false
        }
    }

    /// Letters, digits, "-", ".", "_" and "~" mean the same encoded or not (RFC 3986 section 2.3).
    static func isUnreserved(_ byte: UInt8) -> Bool {
        byte == 0x2D || byte == 0x2E || byte == 0x7E || ByteKind(byte) == .word
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}

/// Two hexadecimal digits.
enum PercentCode {
    /// The byte that they stand for; `nil` if one is none.
    static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = value(high), let low = value(low) else { return nil }
        return high << 4 | low
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    /// Appends `path` with all that is encoded decoded, but for "%2F", "%5C" and "%25", which would then mean something else.
    static func decode(_ path: Span<UInt8>, onto text: inout [UInt8]) {
        var index = 0
        while index < path.count {
            let value = Self.decoded(path, at: index)
            text.append(value ?? path[index])
            index += value == nil ? 1 : 3
        }
    }

    /// How many bytes of `path` at `index` become one.
    static func width(_ path: Span<UInt8>, at index: Int) -> Int { decoded(path, at: index) == nil ? 1 : 3 }

    @inline(__always)
    private static func decoded(_ path: Span<UInt8>, at index: Int) -> UInt8? {
        guard path[index] == 0x25, index + 2 < path.count, let value = byte(path[index + 1], path[index + 2]),
            value != 0x2F, value != 0x5C, value != 0x25
        else { return nil }
        return value
    }
}
