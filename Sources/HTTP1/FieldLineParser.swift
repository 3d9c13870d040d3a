// One field line: "name ':' OWS value OWS CR LF" (RFC 9112 section 5). Folding, white space before the colon and control
// bytes are refused, so that no two readers of the line can understand it differently.

import MartletHTTPCore

enum FieldLineParser {
    /// Parses the line at `position`, which is not a blank line, and steps behind it.
    @inline(__always)
    static func parse(_ bytes: Span<UInt8>, _ position: inout Int) throws(HeadStop) -> FieldLine {
        let start = position
        var isPlain = true
        let colon = try nameEnd(bytes, from: start, &isPlain)
        var valueStart = colon &+ 1
        while valueStart < bytes.count, ByteScan.isBlank(bytes[valueStart]) { valueStart &+= 1 }
        position = ByteScan.first(ValueStop.self, in: bytes, from: valueStart)
        var valueEnd = position
        try LineEnd.skip(bytes, &position, orRefuse: .badFieldValue)
        while valueEnd > valueStart, ByteScan.isBlank(bytes[valueEnd &- 1]) { valueEnd &-= 1 }
        return FieldLine(
            name: ByteRange(from: start, to: colon),
            value: ByteRange(from: valueStart, to: valueEnd),
            known: KnownField.lookup(bytes, from: start, count: colon &- start),
            isHopByHop: !isPlain && ForwardingAlias.matches(bytes.extracting(start..<colon)))
    }

    /// The index of the colon behind the name that begins at `start`.
    @inline(__always)
    private static func nameEnd(
        _ bytes: Span<UInt8>, from start: Int, _ isPlain: inout Bool
    ) throws(HeadStop) -> Int {
        let end = ByteScan.first(PlainNameStop.self, in: bytes, from: start)
        guard end < bytes.count else { throw .incomplete }
        if bytes[end] == 0x3A, end > start { return end }
        isPlain = false
        return try unusualNameEnd(bytes, from: start, at: end)
    }

    /// The same for a name with other characters than letters, digits and "-", or with an error.
    @inline(never)
    private static func unusualNameEnd(
        _ bytes: Span<UInt8>, from start: Int, at stop: Int
    ) throws(HeadStop) -> Int {
        var end = stop
        while end < bytes.count, ByteScan.isToken(bytes[end]) { end &+= 1 }
        guard end < bytes.count else { throw .incomplete }
        switch bytes[end] {
        case 0x3A where end > start: return end
        case 0x0A: throw .refused(.bareLineFeed)
        case 0x20, 0x09: throw .refused(end == start ? .obsoleteFolding : .spaceBeforeColon)
        default: throw .refused(.badFieldName)
        }
    }
}
