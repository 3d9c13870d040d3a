// The request line: "method SP request-target SP HTTP-version CR LF" (RFC 9112 section 3).

import MartletHTTPCore

enum RequestLineParser {
    /// Parses the request line at `position` into `head` and steps behind it.
    @inline(__always)
    static func parse(
        _ bytes: Span<UInt8>, _ position: inout Int, into head: inout RequestHead, targetLimit: Int
    ) throws(HeadStop) {
        let start = position
        head.method = try MethodParser.parse(bytes, &position)
        head.methodName = ByteRange(from: start, to: position &- 1)
        try TargetParser.parse(bytes, &position, into: &head, limit: targetLimit)
        head.version = try VersionParser.parseLineEnd(bytes, &position)
    }

    /// Steps over the empty lines before a request, two at the most (RFC 9112 section 2.2 asks for at least one).
    @inline(__always)
    static func skipEmptyLines(_ bytes: Span<UInt8>, _ position: inout Int) throws(HeadStop) {
        var lines = 0
        while try LineEnd.skipBlank(bytes, &position, orRefuse: .badMethod) {
            lines &+= 1
            guard lines <= 2 else { throw .refused(.emptyLines) }
        }
    }
}
