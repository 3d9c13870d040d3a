// Field lines. What is in the table already is found by a hash of the whole line, without a look at what it says; the
// others are in `HPACKEncoder+Literals.swift`.

import MartletHTTPCore

extension HPACKEncoder {
    /// Seeds of the hashes, so that a line, a name and an authority are three different things.
    static var lineSeed: UInt64 { 1 << 40 }
    static var nameSeed: UInt64 { 2 << 40 }
    static var authoritySeed: UInt64 { 3 << 40 }
    /// Longer lines are in no table; a name of that length is rare.
    private static var longestLine: Int { FieldRule.longestValue + 64 }

    /// Encodes the lines from `start` on up to the blank line. False if there is none, or something else in between.
    @inline(__always)
    mutating func encodeLines(
        _ text: Span<UInt8>, from start: Int, _ task: inout BlockTask, into out: inout HeadWriter
    ) -> Bool {
        var position = start
        while true {
            let end = ByteScan.first(LineStop.self, in: text, from: position)
            guard text.isLineEnd(at: end) else { return false }
            if end == position {
                task.head.textBytes = end &+ 2
                return true
            }
            if position != task.host.start {
                guard encodeLine(text, from: position, to: end, &task, into: &out) else { return false }
            }
            position = end &+ 2
        }
    }

    @inline(__always)
    private mutating func encodeLine(
        _ text: Span<UInt8>, from start: Int, to end: Int, _ task: inout BlockTask, into out: inout HeadWriter
    ) -> Bool {
        var spot = LineSpot(start: start, end: end, hash: 0)
        if end &- start <= Self.longestLine {
            spot.hash = LineHash.hash(text, from: start, to: end, seed: Self.lineSeed)
            let age = find(text, spot)
            if age >= 0 {
                if Self.mayBeLength(text, at: start) { task.noteLength(in: text, spot) }
                write(age: age, into: &out)
                return true
            }
        }
        return encodeNew(text, spot, &task, into: &out)
    }

    /// Whether the line at `start` may be Content-Length, which is needed beyond its encoding: it begins with "Content-", and
    /// has its colon in the right place.
    @inline(__always)
    private static func mayBeLength(_ text: Span<UInt8>, at start: Int) -> Bool {
        let content: UInt64 = 0x2D74_6E65_746E_6F63
        guard start &+ 15 <= text.count, text[start &+ 14] == 0x3A else { return false }
        return text.word(at: start) | 0x2020_2020_2020_2020 == content
    }

    /// An indexed field (RFC 7541 section 6.1).
    @inline(__always)
    func write(age: Int, into out: inout HeadWriter) {
        out.write(integer: StaticTable.count &+ 1 &+ age, mask: 0x7F, pattern: 0x80)
    }

    /// The age of the line in the table, -1 if it is not there.
    @inline(__always)
    private func find(_ text: Span<UInt8>, _ spot: LineSpot) -> Int {
        if lines.isEmpty { return -1 }
        for way in 0..<LineIndex.ways {
            let age = lines.age(spot.hash, way: way, in: table)
            guard age >= 0 else { continue }
            let entry = table.entry(at: age)
            let start = Int(entry.start)
            guard entry.length &- 2 == spot.end &- spot.start else { continue }
            let stored = table.bytes.extracting(start..<start &+ entry.length &- 2)
            if ByteScan.equals(stored, text.extracting(spot.start..<spot.end)) { return age }
        }
        return -1
    }
}
