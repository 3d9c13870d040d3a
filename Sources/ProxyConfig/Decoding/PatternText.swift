// Hosts and paths of routes, as far as their form goes. What they match is decided where routes are compiled.

/// Reads patterns.
enum PatternText {
    static let hostExpected = "a host such as example.com, or \"*.example.com\""
    static let pathExpected = "a path such as /a, /api/* or /users/*/photo"

    /// The host pattern in lower case: a name, an IP address, or `*.` and a name.
    static func host(_ text: String) throws(TextError) -> String {
        let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if name.contains("*") {
            throw TextError(message: "\(Quoting.quote(text)) has a star in the middle", expected: hostExpected)
        }
        if name.contains(":") || name.contains("/") {
            throw TextError(message: "\(Quoting.quote(text)) is more than a host", expected: hostExpected + " (no port, no path)")
        }
        guard name.utf8.count <= 253, labels.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 63 && $0.utf8.allSatisfy(isHostByte) })
        else { throw TextError(message: "\(Quoting.quote(text)) is not a host") }
        return text.lowercased()
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x5F
    }

    /// The path pattern as it is.
    static func path(_ text: String) throws(TextError) -> String {
        guard text.hasPrefix("/") else {
            throw TextError(message: "\(Quoting.quote(text)) does not begin with a slash", expected: pathExpected)
        }
        for (offset, byte) in text.utf8.enumerated() where byte <= 0x20 || byte >= 0x7F || byte == 0x3F || byte == 0x23 {
            let message = "a path cannot have \(Quoting.quote(String(decoding: [byte], as: UTF8.self)))"
            throw TextError(
                message: byte < 0x80 ? message : "a path has ASCII characters only",
                expected: byte < 0x80 ? pathExpected : "other characters percent-encoded", part: (offset, 1))
        }
        var offset = 1
        for segment in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if segment.contains("*"), segment != "*" {
                throw TextError(
                    message: "'*' is only part of the segment \(Quoting.quote(segment))",
                    expected: "'*' as a whole segment, as in /users/*/photo", part: (offset, segment.utf8.count))
            }
            offset += segment.utf8.count + 1
        }
        return text
    }
}
