// The characters of plain YAML.

/// What bytes mean.
enum PlainYAMLText {
    /// Whether a text has characters of more than one byte; `nil` for one with characters that need a closer look: tabs and
    /// other controls, line ends but LF, byte order marks, wide characters on very long lines, in which columns take long to
    /// count.
    static func isWide(_ bytes: [UInt8]) -> Bool? {
        if isPlainASCII(bytes.span) { return false }
        var isWide = false
        var previous: UInt8 = 0
        var (length, longest) = (0, 0)
        for byte in bytes {
            length = byte == 0x0A ? 0 : length + 1
            longest = max(longest, length)
            if byte < 0x20 && byte != 0x0A || byte == 0x7F { return nil }
            if byte >= 0x80 {
                isWide = true
                // U+0080 to U+009F, U+2000 to U+203F with the two line ends among them, and U+FEC0 to U+FFFF.
                if previous == 0xC2 && byte < 0xA0 || previous == 0xE2 && byte == 0x80
                    || previous == 0xEF && byte >= 0xBB
                {
                    return nil
                }
            }
            previous = byte
        }
        return isWide && longest > 4096 ? nil : isWide
    }

    /// Whether there are only printable characters of US-ASCII and line ends. Without a way out of the loop, many are looked at at once.
    private static func isPlainASCII(_ bytes: Span<UInt8>) -> Bool {
        var others: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            others |= byte &- 0x20 < 0x5F || byte == 0x0A ? 0 : 1
        }
        return others == 0
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }

    static func isBracket(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
        default: false
        }
    }

    /// Whether no scalar without quotes begins with it (YAML 1.2 section 5.3). A dash, a question mark and a colon may, where
    /// something follows.
    static func isIndicator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"),
            UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"),
            UInt8(ascii: "`"), UInt8(ascii: " "), UInt8(ascii: "\n"):
            true
        default: false
        }
    }

    /// Looks ahead.
    struct Cursor {
        var index: Int

        /// Whether a key stands here, with a colon behind it on the same line.
        mutating func isKey(in bytes: [UInt8]) -> Bool {
            let first = bytes[index]
            if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") { return false }
            if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
                repeat {
                    index += 1
                    // A quote that is escaped ends this too early, and then there is no colon behind it.
                    if bytes[index] == UInt8(ascii: "\n") { return false }
                } while bytes[index] != first
                return bytes[index + 1] == UInt8(ascii: ":") && isBlank(bytes[index + 2])
            }
            while bytes[index] != UInt8(ascii: "\n") {
                if bytes[index] == UInt8(ascii: ":") && isBlank(bytes[index + 1]) { return true }
                if bytes[index] == UInt8(ascii: " ") && bytes[index + 1] == UInt8(ascii: "#") { return false }
                index += 1
            }
            return false
        }
    }
}
