import MartletHTTPCore
import Testing

@testable import MartletRouting

@Suite struct TextFinderTests {
    private func find(_ patterns: [String], _ text: String) -> String? {
        let finder = TextFinder(patterns.map { TextFinder.Pattern($0, hasColons: $0.contains("::")) })
        let bytes = Array(text.utf8)
        return finder.find(in: bytes.span).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(
        arguments: [
            ("X: 10.0.0.1:80", "10.0.0.1"), ("X: 110.0.0.1", nil), ("X: 10.0.0.11", nil), ("X: 10.0.0.1.", "10.0.0.1"),
            ("X: 10.0.0.1.2", nil), ("10.0.0.1", "10.0.0.1"), ("at App.Internal, or", "App.Internal"),
            ("my-app.internal", nil),
            ("www.app.internal", nil), ("app.internal-x", nil), ("http://web/", "//web"), ("http://web.x/", nil),
            ("web", nil),
            ("[fd00::1]:80", "fd00::1"), ("fd00::1:2", nil), ("2:fd00::1", nil), ("", nil), ("1", nil),
            ("10.0.0.10.0.0.1", nil), ("10.0.0.2, 10.0.0.1", "10.0.0.1"), ("user@app.internal", "app.internal"),
        ] as [(String, String?)])
    func findsWholeWords(text: String, found: String?) {
        #expect(find(["10.0.0.1", "app.internal", "//web", "fd00::1"], text) == found)
    }

    @Test func aShorterOneIsFoundWithinALongerOne() {
        // "b.test" ends where "a-b.test" does, which is no word there.
        #expect(find(["x/a.test", "a.test"], "yx/a.test") == "a.test")
        #expect(find(["a.test", "a.test:80"], "a.test:81") == "a.test")
    }

    @Test func nothingIsFoundByNothing() {
        #expect(TextFinder([]).isEmpty)
        #expect(TextFinder([TextFinder.Pattern("x"), TextFinder.Pattern("")]).isEmpty)
        #expect(find([], "abc") == nil)
    }

    /// The same as looking for each pattern at each place, with few and with many patterns, and texts made of their parts.
    @Test(arguments: [1, 2, 4, 5, 12, 60])
    func findsWhatASimpleSearchFinds(count: Int) {
        var random = Steps(state: UInt64(count))
        for _ in 0..<300 {
            let patterns = (0..<count).map { _ in random.text(of: ["a", "b", ".", "ab", "-", "1"], upTo: 5) }
                .filter { $0.utf8.count > 1 }
            let text = random.text(of: ["a", "b", ".", "A", "ab.", " ", "-", "1", "xyz"] + patterns, upTo: 30)
            let found = find(patterns, text)
            #expect((found == nil) == (simple(patterns, text) == nil), "\(patterns) in \(text)")
        }
    }

    private func simple(_ patterns: [String], _ text: String) -> String? {
        let bytes = Array(text.lowercased().utf8)
        for pattern in patterns {
            let wanted = Array(pattern.utf8)
            for start in 0..<max(bytes.count - wanted.count + 1, 0) {
                if Array(bytes[start..<start + wanted.count]) != wanted { continue }
                let isWord: (Int) -> Bool = { index in
                    guard bytes.indices.contains(index) else { return false }
                    return Self.isOfWord(bytes[index])
                }
                let end = start + wanted.count
                let endsWithDot = end < bytes.count && bytes[end] == 0x2E && !isWord(end + 1)
                if Self.isOfWord(wanted[0]) && isWord(start - 1) { continue }
                if isWord(end) && !endsWithDot { continue }
                return pattern
            }
        }
        return nil
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7A) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }

    /// The table grows with the patterns, not with what they are looked for in.
    @Test func aThousandPatternsWork() {
        let patterns = (0..<1_000).map { "10.\($0 / 250).\($0 % 250).1" }
        #expect(find(patterns, "X: 10.3.249.1") == "10.3.249.1")
        #expect(find(patterns, "X: 10.4.0.1") == nil)
        #expect(find(patterns, String(repeating: "10.3.", count: 2_000)) == nil)
    }
}

/// Numbers that look random and are the same each time.
private struct Steps {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }

    mutating func text(of parts: [String], upTo limit: Int) -> String {
        (0..<next(below: limit + 1)).map { _ in parts[next(below: parts.count)] }.joined()
    }
}
