// Small things about bytes of field values.
import MartletHTTPCore

/// Looks at field values.
enum FileText {
    /// Whether `text` begins with `prefix`, which is in lower case, whatever its own case.
    static func begins(_ text: Span<UInt8>, lowercase prefix: StaticString) -> Bool {
        text.count >= prefix.utf8CodeUnitCount
            && ByteScan.equals(text.extracting(0..<prefix.utf8CodeUnitCount), lowercase: prefix)
    }

    /// `text` without blanks around it.
    @_lifetime(copy text)
    static func trimmed(_ text: Span<UInt8>) -> Span<UInt8> {
        text.extracting(ByteScan.trimmed(text, from: 0, to: text.count))
    }

    /// `number` with leading zeros, such as "07".
    static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
