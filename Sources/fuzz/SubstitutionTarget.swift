// Texts that are replaced: pieces do not matter, and the plain way comes to the same.

import MartletCoding
import MartletHTTPCore

enum SubstitutionTarget: FuzzTarget {
    static let name = "substitution"
    /// Texts and substitutes in turns up to an empty line, then what they are looked for in.
    static let corpus = [
        "app\n1\napp.internal\ntwo\n\nan app.internal app", "a\n\naab\nx\n\naaaab", "ab\nba\nba\nab\n\nabababba",
        "HTTP://a\nhttps://b\n\nsee http://a and HTTP://A", "x\nxx\n\nxxx",
    ]

    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        let lines = input.split(separator: 0x0A, maxSplits: 6, omittingEmptySubsequences: false).map(Array.init)
        guard let content = lines.last, lines.count >= 3 else { return false }
        var texts: [[UInt8]] = []
        var substitutes: [[UInt8]] = []
        for place in stride(from: 0, to: lines.count - 2, by: 2) {
            let text = Array(lines[place].prefix(SubstitutionTable.longestText))
            if text.isEmpty || texts.contains(text) { continue }
            texts.append(text)
            substitutes.append(lines[place + 1])
        }
        if Set(texts.joined()).count > 255 { return false }
        let once = texts.map { _ in random.oneIn(4) }
        let ignoresCase = random.oneIn(2)
        if ignoresCase, Set(texts.map { $0.map(ByteScan.lowercased) }).count < texts.count { return false }
        let table = SubstitutionTable(texts, once: once, ignoresCase: ignoresCase)
        var made = SubstituteTexts()
        for substitute in substitutes { made.append(substitute.span) }
        let result = try run(content, SubstitutionRules(table, made), &random)
        let expected = plain(content, texts, substitutes, once, ignoresCase)
        try require(result == expected, "the same as the plain way")
        return result != content
    }

    private static func run(
        _ content: [UInt8], _ rules: SubstitutionRules, _ random: inout Randomness
    ) throws(Violation) -> [UInt8] {
        var machine = Substitution()
        var output: [UInt8] = []
        var start = 0
        let room = 1 + random.below(40)
        for end in random.cuts(content.count) + [content.count] {
            var progress = SubstitutionProgress()
            progress.read = start
            var state = SubstitutionState.full
            while state == .full {
                var buffer = [UInt8](repeating: 0, count: room)
                var span = buffer.mutableSpan
                progress.written = 0
                state = machine.run(
                    content.span.extracting(0..<end), isLast: end == content.count, rules, into: &span, &progress)
                output += buffer.prefix(progress.written)
                try require(state != .full || progress.written == room, "the room is used up")
            }
            try require(progress.read == end, "all of the input is read")
            start = end
        }
        return output
    }

    private static func plain(
        _ content: [UInt8], _ texts: [[UInt8]], _ substitutes: [[UInt8]], _ once: [Bool], _ ignoresCase: Bool
    ) -> [UInt8] {
        let folded = ignoresCase ? content.map(ByteScan.lowercased) : content
        let wanted = ignoresCase ? texts.map { $0.map(ByteScan.lowercased) } : texts
        var found: Set<Int> = []
        var output: [UInt8] = []
        var position = 0
        while position < content.count {
            let fitting = wanted.indices.filter { folded[position...].starts(with: wanted[$0]) }
            guard let text = fitting.max(by: { wanted[$0].count < wanted[$1].count }) else {
                output.append(content[position])
                position += 1
                continue
            }
            let end = position + wanted[text].count
            output += once[text] && found.contains(text) ? Array(content[position..<end]) : substitutes[text]
            found.insert(text)
            position = end
        }
        return output
    }
}
