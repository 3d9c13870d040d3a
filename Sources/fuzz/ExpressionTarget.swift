// Regular expressions: both ways to run them say the same, and within bounds.

import MartletHTTPCore
import MartletRouting

enum ExpressionTarget: FuzzTarget {
    static let name = "expressions"
    static let corpus = [
        "^/users/([0-9]+)$\n/users/42", "(a|ab)(c|bcd)*\nabcdc", "(?i)[^/]+\\.(php|asp)$\n/a/B.PHP",
        "(a*)*b|\\bc\\b\naaac",
        "(?P<x>\\w{2,3}?)-(?m:^.$)\nab-\n", "[[:alpha:]\\d-]+[^\\s]\nü 7a-", "(|a)+(b?)*?$\nabab", "[é-€]{2}\néü€",
    ]

    /// The expression, a line feed, and the text in which it is looked for.
    static func check(_ input: [UInt8], _ random: inout Randomness) throws(Violation) -> Bool {
        guard let end = input.firstIndex(of: 0x0A) else { return false }
        let text = String(decoding: input[..<end], as: UTF8.self)
        let subject = Array(input[(end + 1)...])
        let (expression, slow): (Expression, Expression)
        do throws(PatternError) {
            expression = try Expression(parsing: text)
            slow = try Expression(parsing: text, hasAutomaton: false)
        } catch {
            try require(error.offset >= 0 && error.offset <= text.utf8.count, "an error is within the text")
            return false
        }
        try check(expression, slow, subject)
        return true
    }

    private static func check(
        _ expression: Expression, _ slow: Expression, _ subject: [UInt8]
    ) throws(Violation) {
        var memory = ExpressionMemory()
        let isMatch = expression.matches(subject.span, &memory)
        try require(slow.matches(subject.span, &memory) == isMatch, "with and without automaton the same")
        try require(slow.find(in: subject.span, &memory) == isMatch, "groups change nothing")
        guard isMatch, let whole = memory.range(of: 0) else {
            return try require(!isMatch, "a match has a place")
        }
        try require(whole.upperBound <= subject.count, "a match is within the text")
        for group in 1..<expression.groups.count + 1 {
            guard let range = memory.range(of: group) else { continue }
            try require(
                range.lowerBound >= whole.lowerBound && range.upperBound <= whole.upperBound, "groups are within")
        }
    }
}
