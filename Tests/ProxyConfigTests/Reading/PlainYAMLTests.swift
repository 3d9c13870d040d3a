import Foundation
import Testing

@testable import MartletProxyConfig

/// The reader of plain YAML reads what Yams reads, or leaves it to Yams.
struct PlainYAMLTests {
    private static let nothing = Surroundings { _ in nil }

    private static func plain(_ text: String) -> Node? {
        var references = References(nothing)
        return PlainYAMLReader.read(text, file: 0, references: &references)
    }

    private static func whole(_ text: String) -> Node? {
        var references = References(nothing)
        return try? YAMLReader.readAll(SourceText(file: "m.yaml", text: text), file: 0, references: &references)
    }

    /// Whether it was plain.
    @discardableResult
    private static func compare(_ text: String, _ comment: Comment? = nil) -> Bool {
        guard let plain = plain(text) else { return false }
        let whole = whole(text)
        #expect(plain == whole, comment ?? "\(text)")
        return true
    }

    /// Each is read, and as Yams does it: texts, styles and marks.
    @Test(
        arguments: [
            "a: 1", "a: 1\n", "a:\n  b: c\nd: e\n", "a:\n- 1\n- 2\nb: 3\n", "a:\n  - 1\n  - 2\n",
            "a:\n  - b: 1\n    c: 2\n  - b: 3\n",
            "- 1\n- 2\n", "- - 1\n  - 2\n- 3\n", "- a: 1\n- b:\n    c: 1\n", "-\n  a: 1\n- 2\n", "a:\nb:\n  c:\n",
            "---\na: 1\n", "# c\n\n---\n# d\na: 1 # e\n", "a: 'b'\n", "a: 'it''s'\n", "a: \"b\\n\\\"c\\\\\"\n",
            "'a': 1\n\"b\": 2\n",
            "a: [1, 2, 'c', \"d\"]\n", "a: {b: 1, 'c': [2, {d: e}]}\n", "a: []\nb: {}\n", "a: [ ]\n",
            "- {a: b}\n- [c]\n",
            "a: http://x:80/y?z\n", "a: :8080\n", "a: -1\n", "a: ?b\n", "a: b c  d  # e\n", "a: b#c\n", "a: 'x' # y\n",
            "address: unix:/run/s\n", "a: /api/*\nb: ^/v[0-9]+$\n", "a: ü # ö\nß: [ä, é]\n", "\n\n  a: 1\n  b: 2\n",
            "a: ~\nb: null\nc: \"\"\n", "a:   1   \n", "a:\n  # c\n  b: 1\n\n  # d\n  c: 2\n", "- a\n-   b\n",
            "a: 1\n# end",
            "a:\n    - b\n    - c:\n        d: 1\n      e: 2\nf: 1\n", "a: {b: http://x/y, c: -1}\n",
            "a: b: c\n".replacing(": c", with: ":c"),
            "key with spaces: 1\n", "a: \"ü\"\nb: 'ö'\n", "a: $x\nb: ${Y}\n".replacing("${Y}", with: "y"), "a: (b)\n",
            "a: <b>\n",
        ])
    func whatIsPlainIsReadAsYamsReadsIt(text: String) {
        #expect(Self.compare(text), "it is not plain")
    }

    /// None of these is plain: some are YAML that is rare, some are mistakes, some are read by others in another way.
    @Test(
        arguments: [
            "", "\n", "# c\n", "a", "- ", "a: |\n  b\n", "a: >\n  b\n", "a: &x 1\n", "a: *x\n", "a: !!str 1\n",
            "? a\n: b\n",
            "a: b: c\n", "a: 'b\n  c'\n", "a: \"b\n\"\n", "a: b\n  c\n", "a:\n  b\n", "a: [1,\n  2]\n", "a: [1, 2,]\n",
            "a: [b: c]\n",
            "a: {b}\n", "a: {b, c: d}\n", "a: 1\n---\nb: 2\n", "a: 1\n...\n", "%YAML 1.1\n---\na: 1\n", "--- a: 1\n",
            "\ta: 1\n",
            "a:\t1\n", "a: 1\r\nb: 2\r\n", "a: \"\\u00e4\"\n", "a: 'b' c\n", "a: [b] c\n", "[a]: b\n", "{a: b}: c\n",
            "a : b\n",
            "a:\n  b: 1\n c: 2\n", "a: 1\n b: 2\n", "- a\n b\n", "a:\n  - b\n - c\n", "- a: 1\n  - b\n", "a: @b\n",
            "a: `b\n", "a: %b\n",
            "a: [b?c]\n", "a: {b:c}\n", "a: {\"b\":c}\n", "a: [a [b]\n", "a: ]\n", "a: }\n", "a: \u{85}\n",
            "\u{FEFF}a: 1\n", "a: -\n", "a: - b\n",
            "a: #b\nc\n", "a: {b: c #d\n}\n", "a: [-]\n", "a: [:b]\n", "a: \u{7F}\n", "a: \u{2028}b\n",
        ])
    func whatIsNotIsLeftToYams(text: String) {
        #expect(Self.plain(text) == nil)
    }

    @Test func deepNestingIsLeftToYams() {
        #expect(Self.compare("a: " + String(repeating: "[", count: 50) + String(repeating: "]", count: 50)))
        #expect(Self.plain("a: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70)) == nil)
        #expect(Self.plain(String(repeating: "- ", count: 70) + "a") == nil)
        #expect(Self.plain(String(repeating: " ", count: 201) + "a: 1") == nil)
        #expect(Self.plain(String(repeating: "k", count: 1001) + ": 1") == nil)
    }

    @Test func theExamplesArePlain() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: ExampleTests.folder.path)
        where name.hasSuffix(".yaml") {
            let text = try String(contentsOf: ExampleTests.folder.appendingPathComponent(name), encoding: .utf8)
            #expect(Self.compare(text, "\(name)"), "\(name)")
        }
    }

    @Test func mistakesAreReadTheSameWay() throws {
        var plain = 0
        for name in ConfigErrorTests.names(".yaml") {
            let file = ConfigErrorTests.folder.appendingPathComponent(name + ".yaml")
            if Self.compare(try String(contentsOf: file, encoding: .utf8), "\(name)") { plain += 1 }
        }
        #expect(plain > 30)
    }

    /// Whatever slips into a file.
    @Test(.timeLimit(.minutes(20)), arguments: ["everything", "typical", "hosts", "balancing"])
    func mutationsAreReadTheSameWay(name: String) throws {
        let text = try String(
            contentsOf: ExampleTests.folder.appendingPathComponent(name + ".yaml"), encoding: .utf8)
        // Parts of a file: in a large one, the first thing that is not plain hides all others.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let rounds = Int(ProcessInfo.processInfo.environment["MARTLET_MUTATIONS"] ?? "") ?? 400
        var plain = 0
        for seed in 0..<rounds {
            var randomness = MutationTests.Randomness(state: UInt64(seed))
            let start = Int.random(in: 0..<lines.count, using: &randomness)
            let part = lines[start..<min(lines.count, start + 12)].joined(separator: "\n") + "\n"
            if Self.compare(MutationTests.mutate(part, &randomness), "seed \(seed)") { plain += 1 }
        }
        #expect(plain > rounds / 50)
    }

    @Test func aKeyThatIsThereTwiceIsKept() {
        let node = Self.plain("a: 1\nb: 2\na: 3\n")
        #expect(node?.mapping?.pairs.compactMap { $0.key.scalar?.string } == ["a", "b", "a"])
    }
}
