// Sets of characters, as an expression's classes name them.

/// Unicode scalars as ranges of their numbers: in order, with a gap between any two.
struct ScalarSet: Hashable, Sendable {
    private(set) var ranges: [ClosedRange<UInt32>] = []

    /// The greatest scalar.
    static let last: UInt32 = 0x10FFFF

    init() {}

    init(_ ranges: ClosedRange<UInt32>...) { for range in ranges { insert(range) } }

    init(_ scalar: UInt32) { ranges = [scalar...scalar] }

    /// The only scalar; `nil` if there is none or more than one.
    var single: UInt32? {
        guard ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        var merged = range
        var kept: [ClosedRange<UInt32>] = []
        var index = 0
        while index < ranges.count, ranges[index].upperBound + 1 < range.lowerBound {
            kept.append(ranges[index])
            index += 1
        }
        while index < ranges.count, ranges[index].lowerBound <= merged.upperBound + 1 {
            let other = ranges[index]
            merged = min(merged.lowerBound, other.lowerBound)...max(merged.upperBound, other.upperBound)
            index += 1
        }
        ranges = kept + [merged] + ranges[index...]
    }

    mutating func insert(_ other: ScalarSet) { for range in other.ranges { insert(range) } }

    /// All other scalars.
    var inverted: ScalarSet {
        var result = ScalarSet()
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.ranges.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.last { result.ranges.append(next...Self.last) }
        return result
    }

    /// The same with the other case of each letter from A to Z, and of no other letter: paths and hosts are US-ASCII.
    var caseless: ScalarSet {
        var result = self
        for range in ranges {
            for (letters, distance) in [(UInt32(0x41)...0x5A, 32), (UInt32(0x61)...0x7A, -32)] {
                let common = range.clamped(to: letters)
                if !range.overlaps(letters) { continue }
                let (low, high) = (Int(common.lowerBound) + distance, Int(common.upperBound) + distance)
                result.insert(UInt32(low)...UInt32(high))
            }
        }
        return result
    }

    static let digits = ScalarSet(0x30...0x39)
    static let words = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    /// Tab, line feed, form feed, carriage return and space: as in RE2, not the vertical tab.
    static let spaces = ScalarSet(0x09...0x0A, 0x0C...0x0D, 0x20...0x20)
    static let all = ScalarSet(0...last)
    static let newline = ScalarSet(0x0A...0x0A)

    /// The classes of POSIX, by their names.
    static let named: [String: ScalarSet] = [
        "alnum": ScalarSet(0x30...0x39, 0x41...0x5A, 0x61...0x7A), "alpha": ScalarSet(0x41...0x5A, 0x61...0x7A),
        "ascii": ScalarSet(0...0x7F), "blank": ScalarSet(0x09...0x09, 0x20...0x20),
        "cntrl": ScalarSet(0...0x1F, 0x7F...0x7F), "digit": digits, "graph": ScalarSet(0x21...0x7E),
        "lower": ScalarSet(0x61...0x7A), "print": ScalarSet(0x20...0x7E),
        "punct": ScalarSet(0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E),
        "space": ScalarSet(0x09...0x0D, 0x20...0x20), "upper": ScalarSet(0x41...0x5A), "word": words,
        "xdigit": ScalarSet(0x30...0x39, 0x41...0x46, 0x61...0x66),
    ]
}
