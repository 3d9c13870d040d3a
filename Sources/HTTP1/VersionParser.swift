// The protocol version, case-sensitive (RFC 9112 section 2.3).

import MartletHTTPCore

enum VersionParser {
    /// Parses "HTTP/1.x" and the CR LF behind it, and steps behind both.
    @inline(__always)
    static func parseLineEnd(_ bytes: Span<UInt8>, _ position: inout Int) throws(HeadStop) -> HTTPVersion {
        let version = try parse(bytes, &position, orRefuse: .badRequestLine)
        try LineEnd.skip(bytes, &position, orRefuse: .badRequestLine)
        return version
    }

    /// Parses "HTTP/1.x" and steps behind it; what is no version is refused as `refusal`.
    @inline(__always)
    static func parse(
        _ bytes: Span<UInt8>, _ position: inout Int, orRefuse refusal: HeadRefusal
    ) throws(HeadStop) -> HTTPVersion {
        if position &+ 8 <= bytes.count, bytes.word(at: position) == 0x312E_312F_5054_5448 {  // "HTTP/1.1"
            position &+= 8
            return .http11
        }
        return try parseOther(bytes, &position, orRefuse: refusal)
    }

    /// The same for another version, an unfinished one, or an error.
    @inline(never)
    private static func parseOther(
        _ bytes: Span<UInt8>, _ position: inout Int, orRefuse refusal: HeadRefusal
    ) throws(HeadStop) -> HTTPVersion {
        let name: StaticString = "HTTP/"
        for expected in 0..<5 {
            try expect(name.bytes[expected], bytes, &position, orRefuse: refusal)
        }
        let major = try digit(bytes, &position, orRefuse: refusal)
        try expect(0x2E, bytes, &position, orRefuse: refusal)
        let minor = try digit(bytes, &position, orRefuse: refusal)
        guard major == 1, minor <= 1 else { throw .refused(.versionNotSupported) }
        return minor == 1 ? .http11 : .http10
    }

    private static func expect(
        _ byte: UInt8, _ bytes: Span<UInt8>, _ position: inout Int, orRefuse refusal: HeadRefusal
    ) throws(HeadStop) {
        guard position < bytes.count else { throw .incomplete }
        guard bytes[position] == byte else { throw .refused(refusal) }
        position += 1
    }

    private static func digit(
        _ bytes: Span<UInt8>, _ position: inout Int, orRefuse refusal: HeadRefusal
    ) throws(HeadStop) -> UInt8 {
        guard position < bytes.count else { throw .incomplete }
        let digit = bytes[position] &- 0x30
        guard digit < 10 else { throw .refused(refusal) }
        position += 1
        return digit
    }
}
