// The ends of lines: CR LF and nothing else (RFC 9112 section 2.2 lets a recipient take a bare LF; this one does not).

import MartletHTTPCore

enum LineEnd {
    /// Steps over the CR LF that must stand at `position`; any other byte but a CR or LF is refused as `refusal`.
    @inline(__always)
    static func skip(
        _ bytes: Span<UInt8>, _ position: inout Int, orRefuse refusal: HeadRefusal
    ) throws(HeadStop) {
        guard position < bytes.count else { throw .incomplete }
        let byte = bytes[position]
        guard byte == 0x0D else { throw .refused(byte == 0x0A ? .bareLineFeed : refusal) }
        guard position &+ 1 < bytes.count else { throw .incomplete }
        guard bytes[position &+ 1] == 0x0A else { throw .refused(.bareCarriageReturn) }
        position &+= 2
    }

    /// Steps over a blank line, if there is one at `position`, and tells whether there was. What cannot begin a line
    /// of any kind is refused as `refusal`.
    @inline(__always)
    static func skipBlank(
        _ bytes: Span<UInt8>, _ position: inout Int, orRefuse refusal: HeadRefusal = .badFieldName
    ) throws(HeadStop) -> Bool {
        guard position < bytes.count else { throw .incomplete }
        guard bytes[position] <= 0x0D, bytes[position] != 0x09 else { return false }
        try skip(bytes, &position, orRefuse: refusal)
        return true
    }
}
