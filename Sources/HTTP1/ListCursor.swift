// Walking over a comma-separated list (RFC 9110 section 5.6.1).

import MartletHTTPCore

/// A position in a field value that is a list.
struct ListCursor: BitwiseCopyable {
    private var position: Int
    private let end: Int

    /// At the start of the list in `value`.
    init(_ value: ByteRange) {
        position = Int(value.start)
        end = value.end
    }

    /// The next element without the blanks around it, empty ones included; nil at the end.
    mutating func next(in bytes: Span<UInt8>) -> ByteRange? {
        guard position <= end else { return nil }
        var comma = position
        while comma < end, bytes[comma] != 0x2C { comma += 1 }
        defer { position = comma + 1 }
        return ByteScan.trimmed(bytes, from: position, to: comma)
    }
}
