// Percent-encoding in paths (RFC 3986 section 2.1).
import MartletHTTPCore

/// Reads percent-encoded text.
enum PercentCoding {
    /// The text; `nil` if an escape is broken, or what comes out is not UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(ByteNumber.hexDigit),
                let low = rest.popFirst().flatMap(ByteNumber.hexDigit)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
