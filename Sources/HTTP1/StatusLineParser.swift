// The status line: "HTTP-version SP status-code SP [reason-phrase] CR LF" (RFC 9112 section 4).

import MartletHTTPCore

enum StatusLineParser {
    /// Parses the status line at `position` into `head` and steps behind it.
    ///
    /// Servers in use leave out the space before an empty reason phrase; that is accepted.
    @inline(__always)
    static func parse(
        _ bytes: Span<UInt8>, _ position: inout Int, into head: inout ResponseHead
    ) throws(HeadStop) {
        head.version = try VersionParser.parse(bytes, &position, orRefuse: .badStatusLine)
        guard position < bytes.count else { throw .incomplete }
        guard bytes[position] == 0x20 else { throw .refused(.badStatusLine) }
        position &+= 1
        head.status = try status(bytes, &position)
        guard position < bytes.count else { throw .incomplete }
        if bytes[position] == 0x20 {
            let start = position &+ 1
            position = ByteScan.first(ValueStop.self, in: bytes, from: start)
            head.reason = ByteRange(from: start, to: position)
        }
        try LineEnd.skip(bytes, &position, orRefuse: .badStatusLine)
    }

    /// Three digits, 100 to 599 (RFC 9110 section 15).
    @inline(__always)
    private static func status(_ bytes: Span<UInt8>, _ position: inout Int) throws(HeadStop) -> Int {
        var status = 0
        for _ in 0..<3 {
            guard position < bytes.count else { throw .incomplete }
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { throw .refused(.badStatusLine) }
            status = status &* 10 &+ Int(digit)
            position &+= 1
        }
        guard status >= 100, status <= 599 else { throw .refused(.badStatusLine) }
        return status
    }
}
