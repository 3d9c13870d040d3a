// Looks for many texts at once, in time that depends neither on how many there are nor on what is looked through
// (A. V. Aho and M. J. Corasick, Efficient String Matching, 1975).
import MartletHTTPCore

/// A compiled set of texts. Each byte is looked at once by a table of states; where no text has begun, 16 at a time are passed
/// over if texts begin in few ways.
package struct TextFinder: Sendable {
    /// A text to be found, whatever its case. It counts only where it is no part of a longer word.
    package struct Pattern: Sendable, Hashable {
        let bytes: [UInt8]
        /// Words may have ":" in them, as addresses of IPv6 do.
        let hasColons: Bool

        package init(_ text: String, hasColons: Bool = false) {
            bytes = text.utf8.map(ByteScan.lowercased)
            self.hasColons = hasColons
        }
    }

    /// A pattern that ends in a state.
    private struct End: BitwiseCopyable, Sendable {
        let length: Int
        let hasColons: Bool
        /// The place of a shorter one that ends there as well, -1 for none.
        var shorter = -1
    }

    /// Two bytes that a pattern begins with; of letters, bit 0x20 is set.
    private struct Pair: BitwiseCopyable, Sendable, Hashable {
        let first: UInt8
        let second: UInt8
    }

    /// In how many ways patterns may begin for 16 bytes to be looked at at a time: beyond it that costs more than it spares.
    private static let pairLimit = 4

    /// From bytes to columns of `next`; 0 for bytes that no pattern has.
    private var columns = [UInt8](repeating: 0, count: 256)
    private var width = 1
    /// From state and column to the next state. State 0 is where nothing has begun.
    private var next: [UInt32] = [0]
    /// For each state the place of the longest pattern that ends in it; -1 for none.
    private var ending: [Int32] = [-1]
    private var ends: [End] = []
    private var pairs: [Pair] = []

    /// Compiles patterns; those of fewer than two bytes are left out.
    package init(_ patterns: [Pattern]) {
        var byText: [[UInt8]: Pattern] = [:]
        for pattern in patterns where pattern.bytes.count > 1 { byText[pattern.bytes] = pattern }
        let patterns = byText.values.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        if patterns.isEmpty { return }
        assignColumns(patterns)
        var building = StateTable(width: width)
        var places: [Int: Int] = [:]
        for pattern in patterns {
            places[building.insert(pattern.bytes.map { Int(columns[Int($0)]) })] = ends.count
            ends.append(End(length: pattern.bytes.count, hasColons: pattern.hasColons))
        }
        self.ending = [Int32](repeating: -1, count: building.count)
        for (state, shorter) in building.close() {
            let other = self.ending[shorter]
            if let place = places[state] { ends[place].shorter = Int(other) }
            self.ending[state] = places[state].map(Int32.init) ?? other
        }
        next = building.next
        let starts = Set(patterns.map { Pair(first: $0.bytes[0] | 0x20, second: $0.bytes[1] | 0x20) })
        if starts.count <= Self.pairLimit { pairs = Array(starts) }
    }

    private mutating func assignColumns(_ patterns: [Pattern]) {
        for byte in Set(patterns.flatMap(\.bytes)).sorted() {
            columns[Int(byte)] = UInt8(width)
            if byte >= 0x61 && byte <= 0x7A { columns[Int(byte) - 0x20] = UInt8(width) }
            width += 1
        }
        next = [UInt32](repeating: 0, count: width)
    }

    /// Whether there is nothing to be found.
    package var isEmpty: Bool { ends.isEmpty }

    /// Where the first pattern stands in `text`.
    package func find(in text: Span<UInt8>) -> Range<Int>? {
        if isEmpty { return nil }
        let columns = columns.span
        let next = next.span
        let ending = ending.span
        var state = 0
        var index = 0
        while index < text.count {
            if state == 0 && !pairs.isEmpty { index = skip(text, from: index) }
            if index >= text.count { return nil }
            state = Int(next[state * width + Int(columns[Int(text[index])])])
            index += 1
            if ending[state] >= 0, let found = found(Int(ending[state]), endingAt: index, in: text) { return found }
        }
        return nil
    }

    /// The first place from `start` on where a pattern may begin.
    private func skip(_ text: Span<UInt8>, from start: Int) -> Int {
        let pairs = pairs.span
        var index = start
        while index + 17 <= text.count {
            let match = Self.starts(in: text, at: index, pairs)
            if !match.isEmpty { return index + match.first }
            index += 16
        }
        if text.count < 17 { return index }
        // The last 17 bytes, of which some have been seen. No pattern begins with the very last.
        var match = Self.starts(in: text, at: text.count - 17, pairs)
        match.drop(first: min(index - (text.count - 17), 16))
        return match.isEmpty ? text.count : text.count - 17 + match.first
    }

    /// Which of the 16 bytes from `index` on begin a pattern, as far as they and those behind them tell.
    @inline(__always)
    private static func starts(in text: Span<UInt8>, at index: Int, _ pairs: Span<Pair>) -> BlockMatch {
        let letterBit = SIMD16<UInt8>(repeating: 0x20)
        let firsts = text.block(at: index) | letterBit
        let seconds = text.block(at: index + 1) | letterBit
        var match = start(pairs[0], firsts, seconds)
        for place in 1..<max(pairs.count, 1) { match = match | start(pairs[place], firsts, seconds) }
        return match
    }

    @inline(__always)
    private static func start(_ pair: Pair, _ firsts: SIMD16<UInt8>, _ seconds: SIMD16<UInt8>) -> BlockMatch {
        BlockMatch(firsts .== SIMD16(repeating: pair.first)) & BlockMatch(seconds .== SIMD16(repeating: pair.second))
    }

    // MARK: Words

    /// Where the pattern stands, or a shorter one, if it is a word by itself.
    private func found(_ place: Int, endingAt end: Int, in text: Span<UInt8>) -> Range<Int>? {
        var place = place
        while place >= 0 {
            let pattern = ends[place]
            let range = end - pattern.length..<end
            if isWord(range, in: text, hasColons: pattern.hasColons) { return range }
            place = pattern.shorter
        }
        return nil
    }

    private func isWord(_ range: Range<Int>, in text: Span<UInt8>, hasColons: Bool) -> Bool {
        let before = range.lowerBound - 1
        if before >= 0, Self.isOfWord(text[range.lowerBound], hasColons), Self.isOfWord(text[before], hasColons) {
            return false
        }
        guard range.upperBound < text.count else { return true }
        let next = text[range.upperBound]
        // A dot may end a sentence.
        if next == 0x2E {
            return range.upperBound + 1 == text.count || !Self.isOfWord(text[range.upperBound + 1], hasColons)
        }
        return !Self.isOfWord(next, hasColons)
    }

    private static func isOfWord(_ byte: UInt8, _ hasColons: Bool) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        case 0x3A: hasColons
        default: false
        }
    }
}

/// A table of states while it is made.
private struct StateTable {
    let width: Int
    var next: [UInt32]
    /// How many states there are.
    var count = 1

    init(width: Int) {
        self.width = width
        next = [UInt32](repeating: 0, count: width)
    }

    /// The state for a pattern, given by its columns.
    mutating func insert(_ pattern: [Int]) -> Int {
        var state = 0
        for column in pattern {
            if next[state * width + column] == 0 {
                next[state * width + column] = UInt32(count)
                next += [UInt32](repeating: 0, count: width)
                count += 1
            }
            state = Int(next[state * width + column])
        }
        return state
    }

    /// Fills in where a state goes on when its pattern does not: where the longest end of it goes on that begins a pattern.
    /// - Returns: each state but the first with that of this end, the shorter ones first.
    mutating func close() -> [(state: Int, shorter: Int)] {
        var shorter = [Int](repeating: 0, count: count)
        var queue: [Int] = []
        for column in 0..<width where next[column] != 0 { queue.append(Int(next[column])) }
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position += 1
            for column in 0..<width {
                let child = Int(next[state * width + column])
                let other = Int(next[shorter[state] * width + column])
                if child == 0 {
                    next[state * width + column] = UInt32(other)
                } else {
                    shorter[child] = other
                    queue.append(child)
                }
            }
        }
        return queue.map { ($0, shorter[$0]) }
    }
}
