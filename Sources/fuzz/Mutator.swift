// New inputs from old ones: few changes to what is almost right reach further than noise.

enum Mutator {
    /// The most bytes of an input.
    private static let most = 8192

    /// An input made from one of `corpus`, now and then as it is.
    static func input(from corpus: [[UInt8]], _ random: inout Randomness) -> [UInt8] {
        var bytes = random.pick(corpus)
        for _ in 0..<random.below(7) { change(&bytes, corpus, &random) }
        return bytes.count > most ? Array(bytes[..<most]) : bytes
    }

    private static func change(_ bytes: inout [UInt8], _ corpus: [[UInt8]], _ random: inout Randomness) {
        switch random.below(12) {
        case 0: flip(&bytes, &random)
        case 1: bytes.insert(random.pick(Tokens.bytes), at: random.below(bytes.count + 1))
        case 2: replaceByte(&bytes, &random)
        case 3: bytes.removeSubrange(range(in: bytes, &random))
        case 4: bytes.insert(contentsOf: bytes[range(in: bytes, &random)], at: random.below(bytes.count + 1))
        case 5: bytes.insert(contentsOf: random.pick(Tokens.words).utf8, at: random.below(bytes.count + 1))
        case 6: bytes.replaceSubrange(range(in: bytes, &random), with: random.pick(Tokens.words).utf8)
        case 7: splice(&bytes, random.pick(corpus), &random)
        case 8: insertLine(&bytes, &random)
        case 9: Lines.swap(&bytes, &random)
        case 10: Lines.duplicate(&bytes, &random)
        default: insertRun(&bytes, &random)
        }
    }

    private static func flip(_ bytes: inout [UInt8], _ random: inout Randomness) {
        guard !bytes.isEmpty else { return }
        bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
    }

    private static func replaceByte(_ bytes: inout [UInt8], _ random: inout Randomness) {
        guard !bytes.isEmpty else { return }
        bytes[random.below(bytes.count)] = random.pick(Tokens.bytes)
    }

    /// A short run within `bytes`, sometimes a long one.
    private static func range(in bytes: [UInt8], _ random: inout Randomness) -> Range<Int> {
        let start = random.below(bytes.count + 1)
        let most = random.oneIn(4) ? bytes.count - start : min(8, bytes.count - start)
        return start..<start + random.below(most + 1)
    }

    /// The front of one and the back of another.
    private static func splice(_ bytes: inout [UInt8], _ other: [UInt8], _ random: inout Randomness) {
        let front = bytes[..<random.below(bytes.count + 1)]
        bytes = Array(front + other[random.below(other.count + 1)...])
    }

    private static func insertLine(_ bytes: inout [UInt8], _ random: inout Randomness) {
        let line = random.pick(Tokens.lines) + "\r\n"
        bytes.insert(contentsOf: line.utf8, at: random.pick(Lines.starts(bytes)))
    }

    /// Many of the same, for limits and for what looks at 16 bytes at a time.
    private static func insertRun(_ bytes: inout [UInt8], _ random: inout Randomness) {
        let count = random.oneIn(8) ? random.below(3000) : random.below(40)
        let run = [UInt8](repeating: random.pick(Tokens.bytes), count: count)
        bytes.insert(contentsOf: run, at: random.below(bytes.count + 1))
    }
}

/// Changes that keep lines whole.
private enum Lines {
    /// Where lines begin, the start of the bytes among them.
    static func starts(_ bytes: [UInt8]) -> [Int] {
        [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
    }

    /// The line that begins at one of `starts`.
    private static func range(_ bytes: [UInt8], _ starts: [Int], _ index: Int) -> Range<Int> {
        starts[index]..<(index + 1 < starts.count ? starts[index + 1] : bytes.count)
    }

    /// Puts a copy of one line before another.
    static func duplicate(_ bytes: inout [UInt8], _ random: inout Randomness) {
        let starts = starts(bytes)
        let line = bytes[range(bytes, starts, random.below(starts.count))]
        bytes.insert(contentsOf: line, at: random.pick(starts))
    }

    /// Takes one line out and puts it before another.
    static func swap(_ bytes: inout [UInt8], _ random: inout Randomness) {
        let all = starts(bytes)
        let range = range(bytes, all, random.below(all.count))
        let line = bytes[range]
        bytes.removeSubrange(range)
        bytes.insert(contentsOf: line, at: random.pick(starts(bytes)))
    }
}
