// What clients say of files: ranges and conditions that mean what they say, and paths that stay below their folder.
import MartletFiles

enum FileRangeTarget: FuzzTarget {
    static let name = "file-ranges"
    static let corpus = [
        "bytes=0-0", "bytes=0-99,50-150, -20", "bytes=999-,,0-1", "bytes=-0", "bytes=18446744073709551616-",
        "bytes=5-4",
        "\"abc\", W/\"x\"", "*", "W/\"tag\"", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "gzip;q=0.5, br, *;q=0", "bytes=0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-",
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let size = Int64(random.below(2_000))
        let outcome = ByteRangeField.outcome(input.span, size: size)
        if case .slices(let slices) = outcome { try check(slices, size) }
        try checkTags(input)
        let codings = ContentCoding.accepted(input.span, of: ContentCoding.allCases)
        try require(Set(codings).count == codings.count, "no coding twice")
        let date = FileDate.seconds(input.span, now: 1_800_000_000)
        if let date { try require(date >= -11_676_096_000 && date < 253_402_300_800, "a date of four digits") }
        return outcome != .whole || date != nil || !codings.isEmpty
    }

    private static func check(_ slices: [FileSlice], _ size: Int64) throws(Violation) {
        try require(!slices.isEmpty && slices.count <= ByteRangeField.limit, "some slices, but not too many")
        var end: Int64 = -1
        for slice in slices {
            try require(slice.start > end && slice.count > 0, "slices in order, apart from each other")
            end = slice.end
        }
        try require(end <= size, "no slice behind the end")
        let pieces = FileParts.pieces(slices, type: "text/plain", size: size, boundary: "b")
        let total = pieces.reduce(0) { $0 + $1.count }
        try require(total <= size + Int64(slices.count + 1) * 160, "an answer is about as long as the file at most")
    }

    /// Conditions are never both so and not so.
    private static func checkTags(_ input: [UInt8]) throws(Violation) {
        let validators = FileValidators(tag: Array("\"tag\"".utf8), modified: 784_111_777)
        let isStrong = TagList.contains(input.span, validators.tag.span, isStrong: true)
        let isWeak = TagList.contains(input.span, validators.tag.span, isStrong: false)
        try require(!isStrong || isWeak, "what is the same strongly is so weakly")
        let isOne = TagList.contains(input.span, validators.tag.span, isStrong: true, isOne: true)
        try require(!isOne || isStrong, "one tag is a list of tags")
        var conditions = FileConditions()
        conditions.ifMatch = input
        try require((conditions.verdict(validators, now: 1_800_000_000) == .proceed) == isStrong, "If-Match")
        conditions = FileConditions()
        conditions.ifNoneMatch = input
        try require((conditions.verdict(validators, now: 1_800_000_000) == .notModified) == isWeak, "If-None-Match")
    }
}

enum FilePathTarget: FuzzTarget {
    static let name = "file-paths"
    static let corpus = [
        "a/b.html", "%2e%2e/x", "a%2Fb", "..", "a//b/", ".well-known/x", "a/%00", "%c3%a9", "a/./b", "", ".git/config",
        "a%",
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let path = [0x2F] + input.filter { $0 > 0x20 && $0 < 0x7F && $0 != 0x3F && $0 != 0x23 }
        let depth = random.below(3)
        guard let found = FilePath(path.span, behind: depth) else { return false }
        try require(found.bytes.count <= 4_000 && !found.bytes.contains(0), "a path that Linux takes")
        let segments = found.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
        if !found.bytes.isEmpty {
            for segment in segments {
                let isDots = segment.elementsEqual([0x2E]) || segment.elementsEqual([0x2E, 0x2E])
                try require(!segment.isEmpty && !isDots, "no empty segments and none of dots")
            }
        }
        let hidden = segments.enumerated().contains { place, segment in
            segment.first == 0x2E && !(place == 0 && segment.elementsEqual(".well-known".utf8))
        }
        try require(found.isHidden == hidden, "names with a dot are seen")
        let name = path.filter { $0 != 0x2F }
        let entry = FolderEntry(name: name, isFolder: false, size: 1, modified: 0)
        let page = FolderPage.write([entry], path: path.span, isRoot: true, isCut: false)
        try require(page.count { $0 == 0x3C } == Self.tags, "a name makes no tags")
        return true
    }

    /// "<" in a page with one entry.
    private static let tags = FolderPage.write(
        [FolderEntry(name: [0x61], isFolder: false, size: 1, modified: 0)], path: "/".utf8.span, isRoot: true,
        isCut: false
    ).count { $0 == 0x3C }
}
