// A table in the room that there is. Pure.

extension ViewTable {
    private static let gap = 2

    /// The heading and the rows, in at most `width` characters.
    /// - Parameter marked: the column that the rows are sorted by, and whether upside down.
    func lines(width: Int?, marked: (column: Int, isInverted: Bool)?) -> (heading: Line, rows: [Line]) {
        var columns = columns.indices.map { self.columns[$0].title }
        if let marked {
            let goesDown = self.columns[marked.column].isNumber != marked.isInverted
            columns[marked.column] += goesDown ? " v" : " ^"
        }
        let (shown, widths) = fit(width, columns)
        var heading = Line()
        for (place, column) in shown.enumerated() {
            let title = set(columns[column], widths[place], self.columns[column].isNumber)
            heading.add(place == 0 ? title : gapText + title, marked?.column == column ? .bold : .dim)
        }
        let lines = rows.map { row in
            var line = Line()
            for (place, column) in shown.enumerated() {
                if place > 0 { line.add(gapText) }
                let cell = row[column]
                line.add(set(cell.text, widths[place], self.columns[column].isNumber), cell.ink)
            }
            return line
        }
        return (heading, lines)
    }

    private var gapText: String { String(repeating: " ", count: Self.gap) }

    private func set(_ text: String, _ width: Int, _ isNumber: Bool) -> String {
        if text.count > width { return String(text.prefix(max(0, width - 1))) + (width > 0 ? "~" : "") }
        let space = String(repeating: " ", count: width - text.count)
        return isNumber ? space + text : text + space
    }

    /// Which columns are shown, and how wide: those of little rank go until the others have room.
    private func fit(_ width: Int?, _ titles: [String]) -> (columns: [Int], widths: [Int]) {
        var shown = Array(columns.indices)
        let natural = shown.map { column in
            max(titles[column].count, rows.reduce(0) { max($0, $1[column].text.count) })
        }
        guard let width else { return (shown, shown.map { natural[$0] }) }
        while true {
            let gaps = Self.gap * (shown.count - 1)
            let smallest = shown.reduce(gaps) { sum, column in
                sum + min(natural[column], columns[column].least ?? .max)
            }
            if smallest <= width || shown.count == 1 {
                return (shown, shrink(shown, natural, to: width - gaps))
            }
            guard let last = shown.max(by: { columns[$0].rank < columns[$1].rank }) else { return ([], []) }
            shown.removeAll { $0 == last }
        }
    }

    /// Takes from the widest of what may be cut until all have room.
    private func shrink(_ shown: [Int], _ natural: [Int], to width: Int) -> [Int] {
        var widths = shown.map { natural[$0] }
        var over = widths.reduce(0, +) - width
        while over > 0 {
            // The only one is cut as far as it must.
            let places = shown.indices.filter {
                shown.count == 1 && widths[$0] > 1 || widths[$0] > columns[shown[$0]].least ?? .max
            }
            guard let widest = places.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            over -= 1
        }
        return widths
    }
}
