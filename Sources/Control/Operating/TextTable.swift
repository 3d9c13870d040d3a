// Tables for people.

/// Columns of text, aligned.
struct TextTable {
    private var rows: [[String]]
    /// The columns that hold numbers.
    private let numbers: Set<Int>

    init(_ titles: [String], numbers: Set<Int> = []) {
        rows = [titles]
        self.numbers = numbers
    }

    mutating func append(_ row: [String]) { rows.append(row) }

    var text: String {
        let columns = rows[0].count
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                line += (column == 0 ? "" : "  ") + (numbers.contains(column) ? space + cell : cell + space)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
