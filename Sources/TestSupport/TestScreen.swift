// What a terminal shows of what is written to it: as much of ECMA-48 as tests need. Pure.

/// A screen of characters.
package struct TestScreen: Sendable {
    private let columns: Int
    private var cells: [[Character]]
    private var (row, column) = (0, 0)
    /// The bytes of an escape sequence, or of a character, that has not come whole.
    private var pending: [UInt8] = []
    /// Sequences for other things than characters and colours, such as `?25l`.
    package private(set) var modes: [String] = []

    package init(columns: Int, rows: Int) {
        self.columns = columns
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// The rows without the blanks at their ends.
    package var text: String {
        cells.map { row in
            var text = String(row)
            while text.last == " " { text.removeLast() }
            return text
        }.joined(separator: "\n")
    }

    package mutating func write(_ bytes: [UInt8]) {
        for byte in bytes { write(byte) }
    }

    private mutating func write(_ byte: UInt8) {
        if pending.first == 0x1B {
            pending.append(byte)
            if pending.count == 2 && byte != UInt8(ascii: "[") {
                pending = []
                return
            }
            if pending.count > 2 && (0x40...0x7E).contains(byte) {
                perform(byte, String(decoding: pending[2..<pending.count - 1], as: UTF8.self))
                pending = []
            }
            return
        }
        switch byte {
        case 0x1B: pending = [byte]
        case 0x0D: column = 0
        case 0x0A: row = min(row + 1, cells.count - 1)
        case 0x20...0x7E: put(Character(Unicode.Scalar(byte)))
        case 0x80...:
            pending.append(byte)
            if let text = String(validating: pending, as: UTF8.self) {
                pending = []
                for character in text { put(character) }
            }
        default: return
        }
    }

    private mutating func put(_ character: Character) {
        if column < columns { cells[row][column] = character }
        column += 1
    }

    private mutating func perform(_ last: UInt8, _ parameters: String) {
        let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
        switch last {
        case UInt8(ascii: "H"):
            row = min(max(1, numbers.first ?? 1), cells.count) - 1
            column = (numbers.count > 1 ? numbers[1] : 1) - 1
        case UInt8(ascii: "K"): clear(row, from: column)
        case UInt8(ascii: "J"):
            let isWhole = numbers.first == 2
            for index in cells.indices where isWhole || index >= row {
                clear(index, from: isWhole || index > row ? 0 : column)
            }
        case UInt8(ascii: "m"): return
        default: modes.append(parameters + String(Unicode.Scalar(last)))
        }
    }

    private mutating func clear(_ row: Int, from column: Int) {
        for index in min(column, columns)..<columns { cells[row][index] = " " }
    }
}
