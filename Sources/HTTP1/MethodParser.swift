// The method of a request line, a token (RFC 9112 section 3.1).

import MartletHTTPCore

enum MethodParser {
    /// Parses the method and the space behind it, and steps behind both.
    @inline(__always)
    static func parse(_ bytes: Span<UInt8>, _ position: inout Int) throws(HeadStop) -> HTTPMethod {
        if position &+ 8 <= bytes.count {
            let word = bytes.word(at: position)
            if word & 0xFFFF_FFFF == 0x2054_4547 {  // "GET "
                position &+= 4
                return .get
            }
            if word & 0xFF_FFFF_FFFF == 0x20_5453_4F50 {  // "POST "
                position &+= 5
                return .post
            }
        }
        return try parseAny(bytes, &position)
    }

    /// The same for any method.
    @inline(never)
    private static func parseAny(_ bytes: Span<UInt8>, _ position: inout Int) throws(HeadStop) -> HTTPMethod {
        let start = position
        var end = start
        while end < bytes.count, ByteScan.isToken(bytes[end]) { end &+= 1 }
        guard end < bytes.count else { throw .incomplete }
        switch bytes[end] {
        case 0x20 where end > start:
            position = end &+ 1
            return HTTPMethod(name: bytes.extracting(start..<end))
        case 0x0A: throw .refused(.bareLineFeed)
        case 0x0D: throw .refused(.badRequestLine)
        default: throw .refused(.badMethod)
        }
    }
}
