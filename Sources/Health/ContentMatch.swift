// Whether content has what a check wants to find in it. Linear in the content, whatever a server sends, and nothing of it
// is kept.

/// Looks at content as it comes: it must begin with one text, and have another anywhere.
struct ContentMatch {
    /// Bytes of content that are looked at.
    static let limit = 64 << 10

    private let prefix: [UInt8]
    private let part: [UInt8]
    /// For each place of `part` how many of its first bytes stand in front of it again (Knuth, Morris and Pratt, 1977).
    private let borders: [Int]
    private var seen = 0
    /// Bytes of `part` that the content so far ends with; all of them when it was found.
    private var matched = 0

    init(prefix: String?, part: String?) {
        self.prefix = Array((prefix ?? "").utf8)
        self.part = Array((part ?? "").utf8)
        borders = Self.borders(of: self.part)
    }

    private static func borders(of part: [UInt8]) -> [Int] {
        var borders = Array(repeating: 0, count: part.count)
        var length = 0
        for index in part.indices.dropFirst() {
            while length > 0 && part[index] != part[length] { length = borders[length - 1] }
            if part[index] == part[length] { length += 1 }
            borders[index] = length
        }
        return borders
    }

    /// Whether anything is wanted.
    var isWanted: Bool { !prefix.isEmpty || !part.isEmpty }
    /// Whether all has been found.
    var isFound: Bool { seen >= prefix.count && matched == part.count }

    /// Looks at more of the content. `true` when all has been found, `false` when it will not be.
    mutating func take(_ bytes: Span<UInt8>) -> Bool? {
        for index in bytes.indices {
            if isFound || seen == Self.limit { break }
            let byte = bytes[index]
            if seen < prefix.count && prefix[seen] != byte { return false }
            seen += 1
            if matched < part.count { step(byte) }
        }
        return isFound ? true : seen == Self.limit ? false : nil
    }

    private mutating func step(_ byte: UInt8) {
        while matched > 0 && part[matched] != byte { matched = borders[matched - 1] }
        if part[matched] == byte { matched += 1 }
    }
}
