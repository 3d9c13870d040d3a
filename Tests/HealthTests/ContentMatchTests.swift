import Testing

@testable import MartletHealth

@Suite struct ContentMatchTests {
    /// The result for content that comes in pieces of `size`.
    private func match(_ text: String, prefix: String? = nil, part: String? = nil, size: Int) -> Bool {
        let bytes = Array(text.utf8)
        var match = ContentMatch(prefix: prefix, part: part)
        var start = 0
        while start < bytes.count {
            let end = min(start + size, bytes.count)
            if let result = match.take(bytes.span.extracting(start..<end)) { return result }
            start = end
        }
        return match.isFound
    }

    @Test(arguments: 1...7)
    func findsWhereverPiecesEnd(size: Int) {
        #expect(match("abcabcabd", part: "abcabd", size: size))
        #expect(match("aaaaaaab", part: "aab", size: size))
        #expect(!match("aaaaaaa", part: "aab", size: size))
        #expect(match("hello world", prefix: "hello", size: size))
        #expect(!match("hell", prefix: "hello", size: size))
        #expect(match("hello world", prefix: "hello", part: "o w", size: size))
        #expect(!match("hello world", prefix: "world", part: "hello", size: size))
        #expect(match("xhello", part: "hello", size: size))
    }

    @Test func doesWhatSearchingDoes() {
        var state: UInt64 = 5
        func roll(_ limit: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % limit)
        }
        for _ in 0..<5_000 {
            let text = String((0..<roll(30)).map { _ in roll(2) == 0 ? "a" : "b" })
            let part = String((0...roll(4)).map { _ in roll(2) == 0 ? "a" : "b" })
            #expect(match(text, part: part, size: 1 + roll(4)) == text.contains(part))
        }
    }
}
