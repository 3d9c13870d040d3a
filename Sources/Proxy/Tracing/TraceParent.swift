// W3C Trace Context: which trace a request belongs to, in one field of 55 bytes.
import MartletHTTPCore

/// What `traceparent` says (https://www.w3.org/TR/trace-context/#traceparent-header).
struct TraceParent: Equatable, BitwiseCopyable {
    let high: UInt64
    let low: UInt64
    /// The span that has sent the request.
    let span: UInt64
    let isSampled: Bool

    static var length: Int { 55 }

    /// `nil` when it is not one: a new trace begins then.
    init?(_ text: Span<UInt8>) {
        guard text.count >= Self.length, text[2] == 0x2D, text[35] == 0x2D, text[52] == 0x2D,
            let version = Self.hex(text, 0..<2), version != 0xFF,
            let high = Self.hex(text, 3..<19), let low = Self.hex(text, 19..<35), let span = Self.hex(text, 36..<52),
            let flags = Self.hex(text, 53..<55)
        else { return nil }
        // Later versions may say more behind it.
        if text.count > Self.length && (version == 0 || text[Self.length] != 0x2D) { return nil }
        if high | low == 0 || span == 0 { return nil }
        self.high = high
        self.low = low
        self.span = span
        isSampled = flags & 1 == 1
    }

    /// In small digits, as the form has it.
    private static func hex(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            let byte = text[index]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt64(byte - 0x30)
            case 0x61...0x66: value = value << 4 | UInt64(byte - 0x57)
            default: return nil
            }
        }
        return value
    }
}
