// An expression as instructions, for a machine that follows all ways at once (Thompson, 1968).

/// One step of a way through the program.
enum ExpressionInstruction: BitwiseCopyable, Sendable, Equatable {
    /// Takes one byte in a range.
    case byte(UInt8, UInt8, next: UInt16)
    /// Goes on at both; the first is preferred.
    case split(UInt16, UInt16)
    /// Remembers the place.
    case save(UInt8, next: UInt16)
    /// Goes on only if the place is right.
    case check(ExpressionAssertion, next: UInt16)
    case match
    /// Never goes on.
    case fail
}

/// Compiles trees to instructions, from the back to the front, so that what follows is always known.
struct ExpressionProgram: Sendable {
    /// The most instructions. A class of characters takes up to twenty or so, and a count repeats what it stands behind.
    static let most = 10_000

    private(set) var instructions: [ExpressionInstruction] = [.match]
    /// Where it begins.
    private(set) var start: UInt16 = 0
    /// Nodes visited: counts repeat also what has no instructions.
    private var work = 0

    /// - Throws: at offset 0, when it would become too large.
    init(_ node: ExpressionNode) throws(PatternError) {
        let end = try emit(.save(1, next: 0))
        start = try emit(.save(0, next: try compile(node, end)))
    }

    private mutating func emit(_ instruction: ExpressionInstruction) throws(PatternError) -> UInt16 {
        if instructions.count >= Self.most {
            throw PatternError(
                offset: 0, message: "a smaller expression: with its counts written out, this one is too large")
        }
        instructions.append(instruction)
        return UInt16(instructions.count - 1)
    }

    /// The instructions for `node`, behind which it goes on at `next`; where they begin.
    private mutating func compile(_ node: ExpressionNode, _ next: UInt16) throws(PatternError) -> UInt16 {
        work += 1
        if work > 4 * Self.most {
            throw PatternError(offset: 0, message: "a smaller expression: its counts repeat too much")
        }
        switch node {
        case .empty: return next
        case .set(let set): return try compile(set, next)
        case .assertion(let assertion): return try emit(.check(assertion, next: next))
        case .group(let node, let number):
            let end = try emit(.save(UInt8(2 * number + 1), next: next))
            return try emit(.save(UInt8(2 * number), next: try compile(node, end)))
        case .sequence(let nodes):
            var entry = next
            for node in nodes.reversed() { entry = try compile(node, entry) }
            return entry
        case .choice(let nodes):
            var entry: UInt16?
            for node in nodes.reversed() {
                let this = try compile(node, next)
                if let other = entry { entry = try emit(.split(this, other)) } else { entry = this }
            }
            return entry ?? next
        case .repeated(let node, let least, let most, let isLazy):
            return try compile(Loop(node: node, isLazy: isLazy), least: least, most: most, next)
        }
    }

    private struct Loop {
        let node: ExpressionNode
        let isLazy: Bool

        func split(_ body: UInt16, _ next: UInt16) -> ExpressionInstruction {
            isLazy ? .split(next, body) : .split(body, next)
        }
    }

    private mutating func compile(
        _ loop: Loop, least: Int, most: Int?, _ next: UInt16
    ) throws(PatternError) -> UInt16 {
        var entry = next
        var copies = least
        if let most {
            for _ in least..<most { entry = try emit(loop.split(try compile(loop.node, entry), next)) }
        } else if least > 0 {
            entry = try plus(loop, next)
            copies -= 1
        } else if loop.node.isNullable {
            // One split is not enough for the order of preference if a turn of the loop may be empty.
            entry = try emit(loop.split(try plus(loop, next), next))
        } else {
            entry = try star(loop, next).again
        }
        for _ in 0..<copies { entry = try compile(loop.node, entry) }
        return entry
    }

    private mutating func plus(_ loop: Loop, _ next: UInt16) throws(PatternError) -> UInt16 {
        try star(loop, next).body
    }

    /// A loop: where its body begins, and where it decides whether there is one more turn.
    private mutating func star(_ loop: Loop, _ next: UInt16) throws(PatternError) -> (body: UInt16, again: UInt16) {
        let again = try emit(.fail)
        let body = try compile(loop.node, again)
        instructions[Int(again)] = loop.split(body, next)
        return (body, again)
    }

    /// Where bytes are the same up to the end, so are the instructions.
    private struct Suffix: Hashable {
        let bytes: ClosedRange<UInt8>
        let next: UInt16
    }

    private mutating func compile(_ set: ScalarSet, _ next: UInt16) throws(PatternError) -> UInt16 {
        var known: [Suffix: UInt16] = [:]
        var entry: UInt16?
        for range in set.ranges.reversed() {
            for sequence in UTF8Sequences.of(range).reversed() {
                var this = next
                for bytes in sequence.reversed() {
                    let suffix = Suffix(bytes: bytes, next: this)
                    if let other = known[suffix] {
                        this = other
                        continue
                    }
                    this = try emit(.byte(bytes.lowerBound, bytes.upperBound, next: this))
                    known[suffix] = this
                }
                if let other = entry { entry = try emit(.split(this, other)) } else { entry = this }
            }
        }
        if let entry { return entry }
        return try emit(.fail)
    }
}
