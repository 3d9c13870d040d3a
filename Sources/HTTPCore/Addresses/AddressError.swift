// What is wrong with the text of an address.

/// Why a text is no address. Says where, and what would be right, so that whoever wrote it can put it right.
package struct AddressError: Error, Equatable, Sendable {
    /// What is wrong, without a full stop: `the port is missing`.
    package let message: String
    /// What would be right: `a port between 1 and 65535`.
    package let expected: String
    /// Where the culprit begins in the text, in UTF-8 bytes.
    package let offset: Int
    /// How long it is, in UTF-8 bytes; 0 when something is missing at `offset`.
    package let length: Int

    init(_ message: String, expected: String, at offset: Int, length: Int) {
        self.message = message
        self.expected = expected
        self.offset = offset
        self.length = length
    }
}

extension AddressError: CustomStringConvertible {
    /// Both in one sentence.
    package var description: String { "\(message); expected \(expected)" }
}

/// Decimal numbers in addresses.
enum AddressNumber {
    /// The number `digits` spells without sign and leading zeros, if it is not above `limit`.
    static func parse(_ digits: some StringProtocol, upTo limit: Int) -> Int? {
        guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) else { return nil }
        guard digits.utf8.count == 1 || digits.utf8.first != 0x30, let value = Int(digits), value <= limit else {
            return nil
        }
        return value
    }
}
