// Range (RFC 9110 section 14.2): which bytes of a representation a client asks for. Pure.

/// Bytes of a file, one piece of it.
package struct FileSlice: Equatable, Sendable, BitwiseCopyable {
    /// The first byte.
    package var start: Int64
    /// How many there are; never 0 in what a range stands for.
    package var count: Int64

    /// `count` bytes from `start` on.
    package init(start: Int64, count: Int64) {
        self.start = start
        self.count = count
    }

    /// Behind the last byte.
    package var end: Int64 { start + count }
}

/// What a client is to get of a representation.
package enum RangeOutcome: Equatable, Sendable {
    /// All of it: there is no range, or none that we understand or serve.
    case whole
    /// These pieces, in order, none of which touches another.
    case slices([FileSlice])
    /// Nothing: no byte that was asked for is there.
    case unsatisfiable
}

/// Reads the value of a Range field.
package enum ByteRangeField {
    /// The most ranges that a field may have. One with more is answered with the whole: nobody needs so many, and each costs its
    /// part's head (CVE-2011-3192).
    package static let limit = 16

    /// The overhead of a part in `multipart/byteranges`, about: pieces that are nearer to each other become one (RFC 9110
    /// section 14.2).
    private static let gap: Int64 = 80

    /// What `value` asks for of a representation of `size` bytes. Ranges that overlap or touch are joined, so that no more is
    /// ever sent than there is.
    package static func outcome(_ value: Span<UInt8>, size: Int64) -> RangeOutcome {
        guard let ranges = parse(value) else { return .whole }
        var slices: [FileSlice] = []
        for range in ranges { if let slice = range.slice(of: size) { slices.append(slice) } }
        if slices.isEmpty { return .unsatisfiable }
        slices.sort { $0.start < $1.start }
        var joined: [FileSlice] = []
        for slice in slices {
            if let last = joined.last, slice.start - last.end <= gap {
                joined[joined.count - 1].count = max(last.end, slice.end) - last.start
            } else {
                joined.append(slice)
            }
        }
        return .slices(joined)
    }

    /// A range as it is written.
    private struct Written {
        /// `nil` for a range that counts from the end.
        var first: Int64?
        /// The last byte; `nil` for the end. Of a range that counts from the end: how many bytes.
        var last: Int64?

        func slice(of size: Int64) -> FileSlice? {
            guard let first else {
                let count = min(last ?? 0, size)
                return count == 0 ? nil : FileSlice(start: size - count, count: count)
            }
            if first >= size { return nil }
            return FileSlice(start: first, count: min(last ?? .max, size - 1) - first + 1)
        }
    }

    /// `nil` for what is no list of ranges of bytes, or for one that is too long.
    private static func parse(_ value: Span<UInt8>) -> [Written]? {
        let unit: StaticString = "bytes="
        guard value.count > unit.utf8CodeUnitCount, FileText.begins(value, lowercase: unit) else { return nil }
        var ranges: [Written] = []
        var start = unit.utf8CodeUnitCount
        while start <= value.count {
            var end = start
            while end < value.count && value[end] != 0x2C { end += 1 }
            let element = FileText.trimmed(value.extracting(start..<end))
            start = end + 1
            // Empty elements of lists are to be ignored (RFC 9110 section 5.6.1).
            if element.isEmpty { continue }
            guard ranges.count < limit, let range = range(element) else { return nil }
            ranges.append(range)
        }
        return ranges.isEmpty ? nil : ranges
    }

    private static func range(_ text: Span<UInt8>) -> Written? {
        var dash = 0
        while dash < text.count && text[dash] != 0x2D { dash += 1 }
        if dash == text.count { return nil }
        let (front, back) = (text.extracting(0..<dash), text.extracting(dash + 1..<text.count))
        if front.isEmpty {
            guard let count = number(back) else { return nil }
            return Written(first: nil, last: count)
        }
        guard let first = number(front) else { return nil }
        if back.isEmpty { return Written(first: first, last: nil) }
        guard let last = number(back), last >= first else { return nil }
        return Written(first: first, last: last)
    }

    /// Digits as a number; one that is too large is as large as there are.
    private static func number(_ text: Span<UInt8>) -> Int64? {
        if text.isEmpty { return nil }
        var value: Int64 = 0
        for index in text.indices {
            guard text[index] >= 0x30, text[index] <= 0x39 else { return nil }
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, exceeds) = product.addingReportingOverflow(Int64(text[index] - 0x30))
            value = overflows || exceeds || value == .max ? .max : sum
        }
        return value
    }
}
