// The nearest of some names, for "did you mean".

/// Compares names by how many slips of the keyboard lie between them.
enum NearestName {
    /// The one of `names` that is nearest to `name`, if it is near enough to have been meant: at most one slip for
    /// every three characters, or the same but for case, dashes and underscores, or the only one that begins like it.
    static func find(_ name: String, among names: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let plain = simplify(name)
        let longer = names.filter { plain.count >= 3 && simplify($0).starts(with: plain) }
        if longer.count == 1 { return longer[0] }
        let ranked = names.map { (name: $0, distance: distance(plain, simplify($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, min(plain.count, best.name.utf8.count) / 3) ? best.name : nil
    }

    private static func simplify(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// The least number of insertions, deletions, replacements and swaps of neighbours that turn one into the other
    /// (optimal string alignment).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var rows = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in 0...left.count { rows[row][0] = row }
        for column in 0...right.count { rows[0][column] = column }
        for row in 0..<left.count {
            for column in 0..<right.count {
                let cost = left[row] == right[column] ? 0 : 1
                var best = min(rows[row][column + 1] + 1, rows[row + 1][column] + 1, rows[row][column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, rows[row - 1][column - 1] + 1)
                }
                rows[row + 1][column + 1] = best
            }
        }
        return rows[left.count][right.count]
    }
}
