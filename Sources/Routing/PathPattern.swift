// Which paths a route is for.

/// A path, or all paths below one.
///
/// `/a` is that path alone; `/api/*` is `/api` and everything below it; `*` as a whole segment in between stands for any
/// one segment: `/users/*/posts`. `/*` is every path. Case matters.
package struct PathPattern: Hashable, Sendable, CustomStringConvertible {
    /// The segments between the slashes; `nil` is `*`.
    package let segments: [String?]
    /// Everything below matches too.
    package let isPrefix: Bool
    package let description: String

    package init(parsing text: String) throws(PatternError) {
        guard text.utf8.first == 0x2F else { throw PatternError(offset: 0, message: "a path that begins with '/'") }
        description = text
        var parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        isPrefix = parts.last == "*"
        if isPrefix { parts.removeLast() }
        var offset = 1
        var segments: [String?] = []
        for part in parts {
            try Self.check(part, offset: offset)
            segments.append(part == "*" ? nil : part)
            offset += part.utf8.count + 1
        }
        self.segments = segments
    }

    private static func check(_ segment: String, offset: Int) throws(PatternError) {
        if segment == "*" { return }
        for (index, byte) in segment.utf8.enumerated() {
            switch byte {
            case 0x2A:
                throw PatternError(
                    offset: offset + index, message: "`*` only as a whole segment, as in /users/*/posts or /api/*")
            case 0x3F, 0x23:
                throw PatternError(offset: offset + index, message: "a path without query or fragment")
            case 0x21...0x7E:
                continue
            default:
                throw PatternError(
                    offset: offset + index, message: "printable ASCII; write other characters percent-encoded")
            }
        }
    }
}
