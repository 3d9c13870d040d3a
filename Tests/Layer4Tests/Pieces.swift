// Bytes in pieces, and bytes that were written down.
import Testing

@testable import MartletLayer4

/// What is made of the bytes so far, for every number of them up to all; the last is that of all.
func inEverySplit<Result: Equatable>(
    _ bytes: [UInt8], incomplete: Result, _ location: SourceLocation = #_sourceLocation,
    _ read: (Span<UInt8>) -> Result
) -> Result {
    let whole = read(bytes.span)
    for count in 0..<bytes.count {
        let part = read(bytes.span.extracting(0..<count))
        #expect(part == incomplete || part == whole, "after \(count) bytes", sourceLocation: location)
    }
    return whole
}

/// Bytes in hexadecimal digits; blanks mean nothing.
func bytes(hex text: String) -> [UInt8] {
    let digits = text.utf8.filter { $0 != 0x20 && $0 != 0x0A }.map { UInt8(hexDigit: $0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

extension UInt8 {
    fileprivate init(hexDigit byte: UInt8) { self = byte < 0x3A ? byte - 0x30 : byte - 0x57 }
}
