// Groups of expressions in paths. Routes compare the decoded path; what a group has matched is a part of the path as it is
// spelled, so that it stays spelled as it was: an encoded "?" or "%" never becomes a bare one.
import MartletHTTPCore

/// Finds the groups of an expression in a path.
package enum PathGroups {
    /// Looks for an expression in a path, as routes do; whether it is there.
    /// - Parameters:
    ///   - path: in the one form, with "/" at its beginning.
    ///   - range: where in `places` the places of the groups are put that are wanted, that of the match as a whole first; empty
    ///     for groups that took no part.
    package static func find(
        _ expression: Expression, in path: Span<UInt8>, into places: inout [ByteRange], at range: Range<Int>,
        _ memory: inout RouteMemory
    ) -> Bool {
        while places.count < range.upperBound { places.append(ByteRange()) }
        for place in range { places[place] = ByteRange() }
        let last = range.count - 1
        if !PercentCode.isIn(path) {
            if !expression.find(in: path, upTo: last, &memory.expressions) { return false }
            for group in 0...last {
                guard let found = memory.expressions.range(of: group) else { continue }
                places[range.lowerBound + group] = ByteRange(from: found.lowerBound, to: found.upperBound)
            }
            return true
        }
        var decoded = memory.takeText()
        PercentCode.decode(path, onto: &decoded)
        let isFound = expression.find(in: decoded.span, upTo: last, &memory.expressions)
        memory.giveBack(&decoded)
        if !isFound { return false }
        for group in 0...last {
            guard let found = memory.expressions.range(of: group) else { continue }
            let start = PercentCode.place(of: found.lowerBound, from: (0, 0), in: path)
            let end = PercentCode.place(of: found.upperBound, from: (found.lowerBound, start), in: path)
            places[range.lowerBound + group] = ByteRange(from: start, to: end)
        }
        return true
    }
}

extension PercentCode {
    /// Whether something may be encoded in `path`.
    static func isIn(_ path: Span<UInt8>) -> Bool {
        for index in path.indices where path[index] == 0x25 { return true }
        return false
    }

    /// Where a byte of what `decode` makes of `path` stands in `path` itself.
    /// - Parameter known: such a pair that is known, and before the one that is asked for.
    static func place(of index: Int, from known: (index: Int, place: Int), in path: Span<UInt8>) -> Int {
        var place = known.place
        for _ in known.index..<index { place += width(path, at: place) }
        return place
    }
}
