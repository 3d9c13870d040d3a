// What a client says in Authorization (RFC 7617).

/// A user's name and password.
package struct BasicCredentials: Sendable, Equatable {
    /// The longest value that is looked at, in bytes: more is no password that anybody types.
    package static let longest = 1_024

    package let user: String
    /// As it was sent, in UTF-8.
    package let password: [UInt8]

    /// Reads the value of Authorization; `nil` when it is not of the scheme Basic, or not as it should be.
    package init?(field: [UInt8]) {
        let scheme = Array("basic ".utf8)
        guard field.count <= Self.longest, field.count > scheme.count,
            field.prefix(scheme.count).map({ $0 | 0x20 }) == scheme,
            let bytes = Base64Digits.decode(field.dropFirst(scheme.count).drop { $0 == 0x20 }),
            let colon = bytes.firstIndex(of: 0x3A)
        else { return nil }
        // NUL would end the password early for crypt(3); control characters have no place in a name (RFC 7617 section 2).
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return nil }
        guard colon > 0, let user = String(validating: bytes[..<colon], as: UTF8.self) else { return nil }
        self.user = user
        password = Array(bytes[(colon + 1)...])
    }
}

/// Base64 (RFC 4648 section 4), strictly: nothing but digits, and padding that is right.
enum Base64Digits {
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        if text.count % 4 != 0 { return nil }
        var bytes: [UInt8] = []
        var (bits, count, padding) = (0, 0, 0)
        for digit in text {
            if digit == 0x3D {
                padding += 1
                bits <<= 6
            } else {
                guard padding == 0, let value = value(of: digit) else { return nil }
                bits = bits << 6 | value
            }
            count += 1
            if count % 4 != 0 { continue }
            bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
            bits = 0
        }
        if padding > 2 { return nil }
        bytes.removeLast(padding)
        return bytes
    }

    private static func value(of digit: UInt8) -> Int? {
        switch digit {
        case 0x41...0x5A: Int(digit) - 0x41
        case 0x61...0x7A: Int(digit) - 0x61 + 26
        case 0x30...0x39: Int(digit) - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
