// Which paths a route is for.

/// A path, or all paths below one.
///
/// `/a` is that path alone; `/api/*` is `/api` and everything below it; `*` as a whole segment in between stands for any
/// one segment that is not empty: `/users/*/posts`; so does `{id}`, which gives it a name. `/*` is every path. Case matters;
/// whether a character is written as itself or percent-encoded does not.
package struct PathPattern: Hashable, Sendable, CustomStringConvertible {
    /// A segment with a name.
    package struct Name: Hashable, Sendable {
        package let name: String
        /// Its place among the segments of a path, from 0 on.
        package let segment: Int
    }

    /// The longest name of a segment, in bytes.
    package static let longestName = 32

    /// The segments between the slashes, decoded; `nil` is `*` or a name.
    package let segments: [String?]
    /// Everything below matches too.
    package let isPrefix: Bool
    /// The segments that have names, in order.
    package let names: [Name]
    package let description: String

    package init(parsing text: String) throws(PatternError) {
        guard text.utf8.first == 0x2F else { throw PatternError(offset: 0, message: "a path that begins with '/'") }
        description = text
        if let plain = PathSegment.plain(text) {
            (segments, isPrefix, names) = (plain.segments, plain.isPrefix, [])
            return
        }
        var parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        isPrefix = parts.last == "*"
        if isPrefix { parts.removeLast() }
        var offset = 1
        var segments: [String?] = []
        var names: [Name] = []
        for part in parts {
            let isLast = segments.count == parts.count - 1
            if part == "*" {
                segments.append(nil)
            } else if part.utf8.first == 0x7B {
                names.append(Name(name: try Self.name(part, offset, names), segment: segments.count))
                segments.append(nil)
            } else {
                segments.append(try PathSegment.parse(part, offset: offset, mayBeEmpty: isLast && !isPrefix))
            }
            offset += part.utf8.count + 1
        }
        self.segments = segments
        self.names = names
    }

    /// The name in a segment of braces.
    private static func name(_ part: String, _ offset: Int, _ others: [Name]) throws(PatternError) -> String {
        let name = part.dropFirst().dropLast()
        let first = name.utf8.first ?? 0x30
        guard part.utf8.last == 0x7D, name.utf8.allSatisfy({ ByteKind($0) == .word }), first < 0x30 || first > 0x39,
            name.utf8.count <= longestName
        else {
            throw PatternError(
                offset: offset, message: "a name of letters, digits and '_' as a whole segment, as in /users/{id}")
        }
        if others.contains(where: { $0.name == name }) {
            throw PatternError(offset: offset, message: "a name that no other segment has")
        }
        return String(name)
    }

    /// Whether every segment is written out.
    package var isLiteral: Bool { !isPrefix && segments.allSatisfy { $0 != nil } }

    /// The same for all patterns that are for the same paths.
    package var key: String {
        if names.isEmpty && !description.utf8.contains(0x25) { return isPrefix ? description + "*" : description }
        return segments.map { "/" + ($0 ?? "*") }.joined() + (isPrefix ? "/**" : "")
    }

    /// The path in front of what the last `*` stands for, as it is written; `nil` if it is not the same for all requests.
    package var writtenPrefix: String? {
        if segments.contains(where: { $0 == nil }) { return nil }
        return isPrefix ? String(description.dropLast(2)) : description
    }

    /// Where a segment of a path is, by its place; `nil` if there are fewer.
    package static func segment(_ place: Int, of path: Span<UInt8>) -> Range<Int>? {
        var start = 1
        var index = 0
        while start <= path.count {
            var end = start
            while end < path.count, path[end] != 0x2F { end += 1 }
            if index == place { return start..<end }
            (start, index) = (end + 1, index + 1)
        }
        return nil
    }

    /// Where what the last `*` of a prefix stands for is: what is behind the slash; empty for the path itself.
    package func rest(of path: Span<UInt8>) -> Range<Int> {
        guard let range = Self.segment(segments.count, of: path) else { return path.count..<path.count }
        return range.lowerBound..<path.count
    }
}

/// A segment of a pattern that is written out.
enum PathSegment {
    /// The segments of a pattern without names, wildcards in between and encoded characters, as most are; `nil` for any other,
    /// mistakes included.
    static func plain(_ text: String) -> (segments: [String?], isPrefix: Bool)? {
        let bytes = text.utf8
        var segments: [String?] = []
        var start = bytes.index(after: bytes.startIndex)
        while true {
            let end = bytes[start...].firstIndex(of: 0x2F) ?? bytes.endIndex
            let isLast = end == bytes.endIndex
            if isLast && bytes[start...].elementsEqual(CollectionOfOne(0x2A)) { return (segments, true) }
            guard bytes[start..<end].allSatisfy({ $0 != 0x25 && complaint($0) == nil }) else { return nil }
            let segment = String(text[start..<end])
            if segment.isEmpty && !isLast || segment == "." || segment == ".." { return nil }
            segments.append(segment)
            if isLast { return (segments, false) }
            start = bytes.index(after: end)
        }
    }

    /// The segment as look-ups compare it.
    static func parse(_ text: String, offset: Int, mayBeEmpty: Bool) throws(PatternError) -> String {
        if text.isEmpty && !mayBeEmpty {
            throw PatternError(offset: offset, message: "no empty segment: several slashes are matched as one")
        }
        for (index, byte) in text.utf8.enumerated() {
            if let message = complaint(byte) { throw PatternError(offset: offset + index, message: message) }
        }
        let decoded = try decode(Array(text.utf8), offset: offset)
        if decoded == "." || decoded == ".." {
            throw PatternError(offset: offset, message: "no segment of dots: paths are matched without them")
        }
        return decoded
    }

    /// What should stand in place of `byte`; `nil` if nothing is wrong with it.
    private static func complaint(_ byte: UInt8) -> String? {
        switch byte {
        case 0x2A: "`*` only as a whole segment, as in /users/*/posts or /api/*"
        case 0x3F, 0x23: "a path without query or fragment"
        case 0x5C: "no backslash: paths with one are refused"
        case 0x7B, 0x7D: "a name in braces only as a whole segment, as in /users/{id}"
        case 0x21...0x7E: nil
        default: "printable ASCII; write other characters percent-encoded"
        }
    }

    private static func decode(_ bytes: [UInt8], offset: Int) throws(PatternError) -> String {
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x25 else {
                text.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let value = PercentCode.byte(bytes[index + 1], bytes[index + 2]), value != 0
            else {
                throw PatternError(offset: offset + index, message: "two hexadecimal digits behind '%', other than 00")
            }
            switch value {
            case 0x2F: text += Array("%2F".utf8)
            case 0x5C: text += Array("%5C".utf8)
            case 0x25: text += Array("%25".utf8)
            default: text.append(value)
            }
            index += 3
        }
        guard let decoded = String(validating: text, as: UTF8.self) else {
            throw PatternError(offset: offset, message: "a segment in UTF-8, percent-encoded")
        }
        return decoded
    }
}
