// Regular expressions in linear time (decision D10).

/// A regular expression: RE2's syntax without its extensions, over UTF-8, and never a step back. A match is looked for
/// anywhere in the text unless the expression says `^` or `$`.
///
/// Whether there is a match is found by an automaton where it is small enough to be made beforehand; then it takes a look-up
/// for each byte, and no memory. Otherwise, and for the places of groups, the ways through the expression are followed
/// side by side: at most as many steps for each byte as there are instructions.
package struct Expression: Sendable, Equatable, CustomStringConvertible {
    package let description: String
    /// The names of the groups, from group 1 on; `nil` where one has none.
    package let groups: [String?]
    /// What every match begins with, at the beginning of the text; empty where that is not known.
    let prefix: [UInt8]
    private let program: ExpressionProgram
    private let isAnchored: Bool
    let automaton: ExpressionAutomaton?

    /// - Parameter text: at most 1 KiB.
    package init(parsing text: String) throws(PatternError) { try self.init(parsing: text, hasAutomaton: true) }

    /// The same; without its automaton for tests.
    package init(parsing text: String, hasAutomaton: Bool) throws(PatternError) {
        let parsed = try ExpressionParser.parse(text)
        description = text
        groups = parsed.groups
        isAnchored = parsed.node.isAnchored
        prefix = isAnchored ? parsed.node.literalPrefix : []
        program = try ExpressionProgram(parsed.node)
        automaton = hasAutomaton ? ExpressionAutomatonBuilder.build(program, isAnchored: isAnchored) : nil
    }

    /// What is written the same is the same.
    package static func == (a: Expression, b: Expression) -> Bool { a.description == b.description }

    /// How many instructions it has.
    var size: Int { program.instructions.count }

    /// Whether there is a match in `text`, of at most 2 GiB.
    package func matches(_ text: Span<UInt8>, _ memory: inout ExpressionMemory) -> Bool {
        if let automaton { return automaton.matches(text) }
        return ExpressionMachine(program: program, isAnchored: isAnchored, slots: 0).run(text, &memory)
    }

    /// The same; `memory` then has the places of its groups.
    /// - Parameter last: the last group whose place is wanted. Those behind it cost nothing.
    package func find(in text: Span<UInt8>, upTo last: Int = .max, _ memory: inout ExpressionMemory) -> Bool {
        if let automaton, !automaton.matches(text) { return false }
        let slots = 2 * (min(last, groups.count) + 1)
        return ExpressionMachine(program: program, isAnchored: isAnchored, slots: slots).run(text, &memory)
    }

    /// The group that `name` means: its number, 0 being the match as a whole, or its name. `nil` if there is none.
    package func group(_ name: String) -> Int? {
        if let number = Int(name) { return (0...groups.count).contains(number) ? number : nil }
        return groups.firstIndex(of: name).map { $0 + 1 }
    }
}
