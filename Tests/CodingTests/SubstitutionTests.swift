import MartletCoding
import Testing

@Suite struct SubstitutionTests {
    private static func run(
        _ rules: SubstitutionRules, _ input: [UInt8], pieces: [Int] = [], room: Int = 4096
    ) -> [UInt8] {
        var machine = Substitution()
        var all: [UInt8] = []
        var start = 0
        for end in pieces + [input.count] {
            let piece = Array(input[start..<end])
            var progress = SubstitutionProgress()
            var state = SubstitutionState.full
            while state == .full {
                var output = [UInt8](repeating: 0, count: room)
                var span = output.mutableSpan
                progress.written = 0
                state = machine.run(piece.span, isLast: end == input.count, rules, into: &span, &progress)
                all += output.prefix(progress.written)
            }
            start = end
        }
        return all
    }

    private static func rules(
        _ pairs: [(String, String)], once: Set<Int> = [], ignoresCase: Bool = false
    ) -> SubstitutionRules {
        let table = SubstitutionTable(
            pairs.map { Array($0.0.utf8) }, once: pairs.indices.map { once.contains($0) }, ignoresCase: ignoresCase)
        var texts = SubstituteTexts()
        for pair in pairs { texts.append(pair.1.utf8.span) }
        return SubstitutionRules(table, texts)
    }

    private static func text(
        _ pairs: [(String, String)], _ input: String, once: Set<Int> = [], ignoresCase: Bool = false
    ) -> String {
        String(
            decoding: run(rules(pairs, once: once, ignoresCase: ignoresCase), Array(input.utf8)), as: UTF8.self)
    }

    @Test func textsAreReplaced() {
        #expect(Self.text([("cat", "dog")], "a cat, a cat") == "a dog, a dog")
        #expect(Self.text([("cat", "")], "concatenate") == "conenate")
        #expect(Self.text([("a", "aa")], "banana") == "baanaanaa")
        #expect(Self.text([], "as it is") == "as it is")
        #expect(Self.text([("x", "y")], "") == "")
        #expect(Self.text([("aab", "X")], "aaab") == "aX")
        #expect(Self.text([("abcd", "1"), ("bce", "2")], "abce abcd") == "a2 1")
    }

    @Test func theLeftmostCountsAndThenTheLongest() {
        #expect(Self.text([("app", "1"), ("app.internal", "2")], "app.internal app.int") == "2 1.int")
        #expect(Self.text([("a", "1"), ("aaaab", "2")], "aaaaaaaab") == "11112")
        #expect(Self.text([("bc", "1"), ("abcd", "2")], "abcd abce") == "2 a1e")
        #expect(Self.text([("ab", "1"), ("bc", "2")], "abc bc") == "1c 2")
        #expect(Self.text([("x", "1"), ("x", "2")], "x") == "1")
    }

    @Test func onceIsTheFirstOnly() {
        #expect(Self.text([("a", "b"), ("c", "d")], "a c a c", once: [0]) == "b d a d")
        #expect(Self.text([("</head>", "<x></head>")], "</head></head>", once: [0]) == "<x></head></head>")
    }

    @Test func caseMayBeIgnored() {
        #expect(Self.text([("Head", "x")], "HEAD head hEaD Head hea HEA", ignoresCase: true) == "x x x x hea HEA")
        #expect(Self.text([("Head", "x")], "HEAD Head") == "HEAD x")
        #expect(Self.text([("a[", "x")], "A[ A{ a{", ignoresCase: true) == "x A{ a{")
    }

    @Test func piecesDoNotMatter() {
        let pairs = [("app", "1"), ("app.internal", "two"), ("internal.app", ""), ("pp.in", "4")]
        let input = Array("xapp.internalappinternal.apppp.inapp.intern pp.i app.internal.app".utf8)
        let rules = Self.rules(pairs)
        let whole = Self.run(rules, input)
        for first in 0...input.count {
            for second in first...input.count {
                #expect(Self.run(rules, input, pieces: [first, second], room: 1 + second % 3) == whole)
            }
        }
    }

    /// Compares with the plain way over all short inputs of a few letters.
    @Test(arguments: [
        ["a"], ["ab", "ba"], ["aa", "aab", "b"], ["abab", "bab", "aba"], ["a", "aaab", "aab"], ["bb", "abba"],
    ])
    func theSameAsThePlainWay(_ texts: [String]) {
        let pairs = texts.enumerated().map { ($1, "\($0)") }
        let rules = Self.rules(pairs)
        for length in 0...8 {
            for number in 0..<(1 << length) {
                let input = (0..<length).map { UInt8(0x61 + (number >> $0) & 1) }
                #expect(Self.run(rules, input, room: 3) == Self.plain(pairs, input))
            }
        }
    }

    private static func plain(_ pairs: [(String, String)], _ input: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var position = 0
        while position < input.count {
            let fitting = pairs.filter { input[position...].starts(with: $0.0.utf8) }
            if let longest = fitting.max(by: { $0.0.utf8.count < $1.0.utf8.count }) {
                output += Array(longest.1.utf8)
                position += longest.0.utf8.count
            } else {
                output.append(input[position])
                position += 1
            }
        }
        return output
    }

    @Test func aTextOfTheGreatestLength() {
        let long = String(repeating: "x", count: SubstitutionTable.longestText - 1) + "y"
        #expect(Self.text([(long, "!")], "x\(long)x") == "x!x")
        #expect(Self.text([(long, "!"), ("x", "")], String(repeating: "x", count: 1_000) + "y") == "!")
    }
}
