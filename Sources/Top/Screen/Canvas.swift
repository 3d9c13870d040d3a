// What is written to make a terminal show other lines: those alone that have changed, so that nothing flickers and little goes over a
// slow connection. Pure.

struct Canvas {
    /// What the terminal shows; `nil` when that is not known.
    private var shown: [String]?

    init() {}

    /// Something else may have been written on the screen, or it is of another size.
    mutating func forget() { shown = nil }

    /// What is to be written, in one piece.
    /// - Parameter lines: no more than the terminal has.
    mutating func draw(_ lines: [String]) -> String {
        var text = shown == nil ? "\u{1B}[2J" : ""
        let before = shown ?? []
        for (row, line) in lines.enumerated() where row >= before.count || before[row] != line {
            text += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
        }
        for row in lines.count..<max(before.count, lines.count) { text += "\u{1B}[\(row + 1);1H\u{1B}[K" }
        shown = lines
        return text
    }
}
