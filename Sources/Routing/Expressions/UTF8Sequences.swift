// From ranges of scalars to ranges of bytes.

/// The encodings in UTF-8 of a set of scalars.
enum UTF8Sequences {
    /// Sequences of byte ranges that together are the encodings of the scalars in `range`, and nothing else. Surrogates
    /// have no encoding (RFC 3629 section 3).
    static func of(_ range: ClosedRange<UInt32>) -> [[ClosedRange<UInt8>]] {
        var found: [[ClosedRange<UInt8>]] = []
        for part: ClosedRange<UInt32> in [0...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF]
        where part.overlaps(range) {
            let common = range.clamped(to: part)
            split(common.lowerBound, common.upperBound, into: &found)
        }
        return found
    }

    /// Both ends have encodings of the same length. They are split until all but the bytes at the end are the same, or the
    /// ranges of the last bytes are whole.
    private static func split(_ low: UInt32, _ high: UInt32, into found: inout [[ClosedRange<UInt8>]]) {
        let count = length(of: high)
        for tail in 1..<max(count, 2) where count > 1 {
            let mask = UInt32(1) << UInt32(6 * tail) - 1
            if low & ~mask == high & ~mask { continue }
            if low & mask != 0 {
                split(low, low | mask, into: &found)
                return split((low | mask) + 1, high, into: &found)
            }
            if high & mask != mask {
                split(low, (high & ~mask) - 1, into: &found)
                return split(high & ~mask, high, into: &found)
            }
        }
        let (first, last) = (bytes(of: low, count), bytes(of: high, count))
        found.append(zip(first, last).map { $0...$1 })
    }

    private static func length(of scalar: UInt32) -> Int {
        scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
    }

    private static func bytes(of scalar: UInt32, _ count: Int) -> [UInt8] {
        if count == 1 { return [UInt8(scalar)] }
        let marks: [UInt8] = [0, 0, 0xC0, 0xE0, 0xF0]
        return (0..<count).map { index in
            let bits = UInt8(truncatingIfNeeded: scalar >> UInt32(6 * (count - 1 - index)))
            return index == 0 ? marks[count] | bits : 0x80 | bits & 0x3F
        }
    }
}
