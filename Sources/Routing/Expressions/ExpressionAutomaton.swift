// An expression as a table that takes one look-up for each byte, and needs no memory.

/// A deterministic automaton, which says whether a text has a match. It is made when the expression is compiled, and shared
/// by all loops. Expressions for which it would become too large have none.
struct ExpressionAutomaton: Sendable {
    /// No match can come any more.
    static let dead: UInt16 = 0
    /// There has been a match.
    static let matched: UInt16 = 1

    /// Bytes that no instruction tells apart have the same class.
    let classes: [UInt8]
    let classCount: Int
    /// For each state and class, the next state.
    fileprivate(set) var table: [UInt16]
    /// For each state, whether a text that ends there has a match.
    fileprivate(set) var isMatchAtEnd: [Bool]
    fileprivate(set) var start: UInt16 = 0

    /// Whether there is a match in `text`.
    func matches(_ text: Span<UInt8>) -> Bool {
        let (classes, table) = (classes.span, table.span)
        var state = start
        for index in text.indices {
            if state <= Self.matched { break }
            state = table[Int(state) &* classCount &+ Int(classes[Int(text[index])])]
        }
        return isMatchAtEnd[Int(state)]
    }
}

/// Makes automata from programs.
struct ExpressionAutomatonBuilder {
    /// The most entries of a table, of two bytes each.
    static let mostEntries = 32_768
    /// The most instructions looked at while it is made.
    static let mostWork = 1_000_000

    /// What a state stands for: ways that wait for the next byte, and what they have to know of the one before.
    private struct State: Hashable {
        /// Instructions, in order of their numbers: which way is preferred does not matter for whether there is a match.
        var waiting: [UInt16]
        var before: ByteKind
    }

    private let instructions: [ExpressionInstruction]
    private let start: UInt16
    /// A match may begin anywhere, so that at each byte another attempt begins.
    private let isAnchored: Bool
    /// The assertions in the program.
    private var assertions: Set<ExpressionAssertion> = []
    private var classes = [UInt8](repeating: 0, count: 256)
    /// A byte of each class.
    private var representatives: [UInt8] = []
    private var numbers: [State: UInt16] = [:]
    private var states: [State] = []
    private var seen: [Bool]
    private var work = 0

    /// The automaton; `nil` if it is too large.
    static func build(_ program: ExpressionProgram, isAnchored: Bool) -> ExpressionAutomaton? {
        var builder = ExpressionAutomatonBuilder(program, isAnchored: isAnchored)
        return builder.build()
    }

    private init(_ program: ExpressionProgram, isAnchored: Bool) {
        instructions = program.instructions
        start = program.start
        self.isAnchored = isAnchored
        seen = Array(repeating: false, count: program.instructions.count)
        findClasses()
    }

    private mutating func findClasses() {
        var isFirst = [Bool](repeating: false, count: 257)
        for instruction in instructions {
            if case .byte(let low, let high, _) = instruction {
                isFirst[Int(low)] = true
                isFirst[Int(high) + 1] = true
            }
            if case .check(let assertion, _) = instruction { assertions.insert(assertion) }
        }
        var count = 0
        for byte in 0..<256 {
            let isOther = byte > 0 && kind(UInt8(byte)) != kind(UInt8(byte - 1))
            if byte == 0 || isFirst[byte] || isOther {
                count += 1
                representatives.append(UInt8(byte))
            }
            classes[byte] = UInt8(count - 1)
        }
    }

    /// Of what kind a byte is, as far as the program asks.
    private func kind(_ byte: UInt8) -> ByteKind {
        let kind = ByteKind(byte)
        switch kind {
        case .word: return assertions.contains(.wordBoundary) || assertions.contains(.notWordBoundary) ? kind : .other
        case .newline: return assertions.contains(.lineStart) || assertions.contains(.lineEnd) ? kind : .other
        case .none, .other: return kind
        }
    }

    private mutating func build() -> ExpressionAutomaton? {
        let width = representatives.count
        var automaton = ExpressionAutomaton(
            classes: classes, classCount: width, table: Array(repeating: 0, count: width), isMatchAtEnd: [false, true])
        automaton.table += Array(repeating: ExpressionAutomaton.matched, count: width)
        // Dead and matched have no ways of their own.
        states = [State(waiting: [], before: .none), State(waiting: [], before: .none)]
        automaton.start = number(State(waiting: [start], before: assertions.isEmpty ? .other : .none))
        var next = Int(automaton.start)
        while next < states.count {
            if (next + 1) * width > Self.mostEntries { return nil }
            automaton.isMatchAtEnd.append(follow(states[next], .none).isMatch)
            automaton.table += row(of: states[next])
            if work > Self.mostWork { return nil }
            next += 1
        }
        return automaton
    }

    private mutating func number(_ state: State) -> UInt16 {
        if let number = numbers[state] { return number }
        let number = UInt16(clamping: states.count)
        numbers[state] = number
        states.append(state)
        return number
    }

    /// The states behind `state`, for each class.
    private mutating func row(of state: State) -> [UInt16] {
        var followed: [ByteKind: (bytes: [UInt16], isMatch: Bool)] = [:]
        return representatives.map { byte in
            let kind = kind(byte)
            let ways = followed[kind] ?? follow(state, kind)
            followed[kind] = ways
            if ways.isMatch { return ExpressionAutomaton.matched }
            var waiting: Set<UInt16> = isAnchored ? [] : [start]
            for way in ways.bytes {
                work += 1
                if case .byte(let low, let high, let next) = instructions[Int(way)], low <= byte, byte <= high {
                    waiting.insert(next)
                }
            }
            if waiting.isEmpty { return ExpressionAutomaton.dead }
            return number(State(waiting: waiting.sorted(), before: kind))
        }
    }

    /// Follows the ways of `state` as far as they take no byte, where the next byte is of the kind `after`.
    private mutating func follow(_ state: State, _ after: ByteKind) -> (bytes: [UInt16], isMatch: Bool) {
        var bytes: [UInt16] = []
        var isMatch = false
        var stack = state.waiting
        var visited: [UInt16] = []
        while let place = stack.popLast() {
            if seen[Int(place)] { continue }
            seen[Int(place)] = true
            visited.append(place)
            switch instructions[Int(place)] {
            case .byte: bytes.append(place)
            case .split(let first, let second): stack += [first, second]
            case .save(_, let next): stack.append(next)
            case .check(let assertion, let next):
                if assertion.holds(between: state.before, and: after) { stack.append(next) }
            case .match: isMatch = true
            case .fail: break
            }
        }
        work += visited.count
        for place in visited { seen[Int(place)] = false }
        return (bytes, isMatch)
    }
}
