// The end of what somebody says.

/// The last lines of a text that comes in pieces, within bounds.
struct LastLines {
    private static let most = 10
    /// Longer lines are cut.
    private static let width = 1000

    private var lines: [String] = []
    private var open: [UInt8] = []

    mutating func append(_ bytes: [UInt8]) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                close()
            } else if open.count < Self.width {
                open.append(byte)
            }
        }
    }

    private mutating func close() {
        let line = String(decoding: open, as: UTF8.self)
        open = []
        if line.allSatisfy(\.isWhitespace) { return }
        lines.append(line)
        if lines.count > Self.most { lines.removeFirst() }
    }

    /// All of them; a last one need not be ended.
    var all: [String] {
        var copy = self
        if !copy.open.isEmpty { copy.close() }
        return copy.lines
    }
}
