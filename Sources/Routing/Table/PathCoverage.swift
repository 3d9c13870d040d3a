// Whether one route is for all paths that another one is for.

/// Compares the paths of routes by their automata.
struct PathCoverage {
    /// How many steps are taken in all; then nothing is found any more.
    private static let mostWork = 1_000_000

    private var automata: [String: ExpressionAutomaton?] = [:]
    private var work = 0

    /// Whether every path that begins with "/" and that `second` is for is one that the expression `first` is for. False also
    /// where that would take too long to tell.
    mutating func includes(_ first: RoutePath, _ second: RoutePath) -> Bool {
        work += 256
        if work > Self.mostWork { return false }
        guard let first = automaton(first), let second = automaton(second) else { return false }
        return includes(first, second)
    }

    private mutating func automaton(_ path: RoutePath) -> ExpressionAutomaton? {
        switch path {
        case .expression(let expression): return expression.automaton
        case .pattern(let pattern):
            let text = Self.expression(of: pattern)
            if let known = automata[text] { return known }
            let automaton = (try? Expression(parsing: text))?.automaton
            automata[text] = automaton
            return automaton
        }
    }

    /// An expression for the same paths.
    private static func expression(of pattern: PathPattern) -> String {
        var text = "\\A"
        for segment in pattern.segments {
            text += "/"
            guard let segment else {
                text += "[^/]+"
                continue
            }
            for scalar in segment.unicodeScalars {
                let isPlain = scalar.value >= 0x80 || ByteKind(UInt8(scalar.value)) == .word
                text += isPlain ? String(scalar) : "\\x{\(String(scalar.value, radix: 16))}"
            }
        }
        return text + (pattern.isPrefix ? "(?:\\z|/)" : "\\z")
    }

    /// A state of each.
    private struct Pair: Hashable {
        let first: UInt16
        let second: UInt16
    }

    private mutating func includes(_ first: ExpressionAutomaton, _ second: ExpressionAutomaton) -> Bool {
        let bytes = Self.representatives(first, second)
        let start = Pair(first: first.next(first.start, 0x2F), second: second.next(second.start, 0x2F))
        var seen: Set<Pair> = [start]
        var open = [start]
        while let pair = open.popLast() {
            if pair.first == ExpressionAutomaton.matched || pair.second == ExpressionAutomaton.dead { continue }
            if second.isMatchAtEnd[Int(pair.second)] && !first.isMatchAtEnd[Int(pair.first)] { return false }
            work += bytes.count
            if work > Self.mostWork { return false }
            for byte in bytes {
                let next = Pair(first: first.next(pair.first, byte), second: second.next(pair.second, byte))
                if seen.insert(next).inserted { open.append(next) }
            }
        }
        return true
    }

    /// Bytes of a path, one for each that both treat alike. NUL is in none.
    private static func representatives(_ first: ExpressionAutomaton, _ second: ExpressionAutomaton) -> [UInt8] {
        var seen: Set<[UInt8]> = []
        return (1...255).filter { seen.insert([first.classes[Int($0)], second.classes[Int($0)]]).inserted }
    }
}

extension ExpressionAutomaton {
    /// The state behind `state`.
    fileprivate func next(_ state: UInt16, _ byte: UInt8) -> UInt16 {
        state <= Self.matched ? state : table[Int(state) * classCount + Int(classes[Int(byte)])]
    }
}
