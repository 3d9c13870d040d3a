// Field lines that are written as they came.

import MartletHTTPCore

enum FieldLineText {
    /// Where in the arena a line stands exactly as it would be written anew: name, colon, one space, value, CR LF. `nil` if
    /// it is spelled otherwise, with other white space for example.
    @inline(__always)
    static func range(of line: FieldLine, in arena: Span<UInt8>) -> Range<Int>? {
        let value = Int(line.value.start)
        let end = line.value.end
        guard value == line.name.end &+ 2, end &+ 1 < arena.count else { return nil }
        guard arena[value &- 2] == 0x3A, arena[value &- 1] == 0x20 else { return nil }
        guard arena[end] == 0x0D, arena[end &+ 1] == 0x0A else { return nil }
        return Int(line.name.start)..<end &+ 2
    }
}
