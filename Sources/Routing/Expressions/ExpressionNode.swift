// What an expression says, as a tree.

/// A regular expression, or a part of one.
indirect enum ExpressionNode: Hashable, Sendable {
    /// Matches without a character.
    case empty
    /// One character of a set.
    case set(ScalarSet)
    case assertion(ExpressionAssertion)
    /// Remembers where it has matched, as the group of this number, from 1 on.
    case group(ExpressionNode, Int)
    case sequence([ExpressionNode])
    /// The first that leads to a match.
    case choice([ExpressionNode])
    /// From `least` to `most` times; `nil` is without end. Lazy is: as seldom as possible.
    case repeated(ExpressionNode, least: Int, most: Int?, isLazy: Bool)

    /// Whether it can match without a character.
    var isNullable: Bool {
        switch self {
        case .empty, .assertion: true
        case .set: false
        case .group(let node, _): node.isNullable
        case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
        case .choice(let nodes): nodes.contains(where: \.isNullable)
        case .repeated(let node, let least, _, _): least == 0 || node.isNullable
        }
    }

    /// Whether it can only match at the beginning of the text.
    var isAnchored: Bool {
        switch self {
        case .assertion(let assertion): assertion == .textStart
        case .empty, .set: false
        case .group(let node, _): node.isAnchored
        case .sequence(let nodes): nodes.first?.isAnchored ?? false
        case .choice(let nodes): nodes.allSatisfy(\.isAnchored)
        case .repeated(let node, let least, _, _): least > 0 && node.isAnchored
        }
    }

    /// The characters that every match begins with, as far as they are US-ASCII.
    var literalPrefix: [UInt8] {
        var prefix: [UInt8] = []
        _ = addPrefix(to: &prefix)
        return prefix
    }

    /// Adds what is literal; whether all of it was.
    private func addPrefix(to prefix: inout [UInt8]) -> Bool {
        switch self {
        case .empty: return true
        case .assertion(let assertion): return assertion == .textStart
        case .set(let set):
            guard let scalar = set.single, scalar < 0x80 else { return false }
            prefix.append(UInt8(scalar))
            return true
        case .group(let node, _): return node.addPrefix(to: &prefix)
        case .sequence(let nodes):
            for node in nodes where !node.addPrefix(to: &prefix) { return false }
            return true
        case .choice, .repeated: return false
        }
    }
}

/// A condition on the place between two characters.
enum ExpressionAssertion: UInt8, Hashable, Sendable, BitwiseCopyable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, notWordBoundary

    /// Whether it holds between two bytes, of which there may be none.
    func holds(between before: ByteKind, and after: ByteKind) -> Bool {
        switch self {
        case .textStart: before == .none
        case .textEnd: after == .none
        case .lineStart: before == .none || before == .newline
        case .lineEnd: after == .none || after == .newline
        case .wordBoundary: (before == .word) != (after == .word)
        case .notWordBoundary: (before == .word) == (after == .word)
        }
    }
}

/// What assertions ask of a byte.
enum ByteKind: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
    /// There is none.
    case none
    case newline, word, other

    init(_ byte: UInt8) {
        switch byte {
        case 0x0A: self = .newline
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: self = .word
        default: self = .other
        }
    }
}
