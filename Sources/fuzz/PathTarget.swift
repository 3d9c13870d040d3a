// Paths: their one form is one, and no longer than what was sent.

import MartletHTTPCore
import MartletRouting

enum PathTarget: FuzzTarget {
    static let name = "paths"
    static let corpus = [
        "/", "/a/b/../c/./d//e", "/%61%2e%2E/%2f%5C", "/x/..;/y", "/%c3%a9/%C0%AE%e0%80%af", "/.well-known//",
        "/a%00b\\c",
        "/abcdefghijklmnopqrstuvwxyz/./0123456789/../", "/%252e%25%32%65", "/..", "/a/%2e%2e/..",
    ]

    /// A path behind "/", in the midst of other bytes.
    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let path = [0x2F] + input.filter { $0 > 0x20 && $0 < 0x7F && $0 != 0x3F && $0 != 0x23 }
        let range = ByteRange(from: 4, to: 4 + path.count)
        let arena = Array("GET ".utf8) + path + Array(" /.//%".utf8)
        let isPlain = PathNormalization.isPlain(arena.span, range)
        guard let (form, isEncoded, hasSlash) = normal(arena, range.range) else {
            try require(!isPlain, "a path that is refused is not plain")
            return false
        }
        try require(!isPlain || form == path, "a plain path stays")
        try require(form.count <= path.count && form.first == 0x2F, "a path gets no longer")
        // It may have been in a segment that ".." has taken away.
        try require(isEncoded || !form.contains(0x25), "what is encoded is known")
        let text = String(decoding: form, as: UTF8.self)
        try require(hasSlash || !text.contains("%2F") && !text.contains("%5C"), "encoded slashes are known")
        let segments = form.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false)
        try require(segments.dropLast().allSatisfy { !$0.isEmpty }, "no segment is empty but the last")
        let isDotted = segments.contains { $0.elementsEqual([0x2E]) || $0.elementsEqual([0x2E, 0x2E]) }
        try require(!isDotted && !form.contains(0x5C), "no segments of dots, no backslashes")
        let again = normal(form, 0..<form.count)
        try require(again?.form == form, "the one form is its own")
        return true
    }

    private static func normal(
        _ arena: [UInt8], _ range: Range<Int>
    ) -> (form: [UInt8], isEncoded: Bool, hasSlash: Bool)? {
        var bytes = arena
        var span = bytes.mutableSpan
        guard case .path(let count, let isEncoded, let hasSlash) = PathNormalization.normalize(&span, range) else {
            return nil
        }
        return (Array(bytes[range.lowerBound..<range.lowerBound + count]), isEncoded, hasSlash)
    }
}
