// Text from outside in log lines: it can neither end a line nor be mistaken for another part of it.

extension LineBuffer {
    /// Writes a text from outside so that it cannot be mistaken for anything else in a JSON string. What does not fit into
    /// `limit` bytes, escapes counted in full, is cut, which "…" marks.
    package mutating func write(json text: Span<UInt8>, limit: Int) {
        if writePlain(text, limit: limit) { return }
        let end = count + limit
        for index in 0..<text.count {
            let byte = text[index]
            let isQuoted = byte == 0x22 || byte == 0x5C
            let size = Self.isPlain(byte) ? 1 : isQuoted ? 2 : 6
            if count + size > end { return write("…") }
            if size > room { return }
            switch size {
            case 1: write(byte: byte)
            case 2:
                write(byte: 0x5C)
                write(byte: byte)
            default:
                write("\\u00")
                write(hexadecimal: byte)
            }
        }
    }

    /// The same in the manner of the combined format: \xXX.
    package mutating func write(combined text: Span<UInt8>, limit: Int) {
        if writePlain(text, limit: limit) { return }
        writeEscaped(text, limit: limit, isWord: false)
    }

    /// The same as one word: spaces are escaped as well.
    package mutating func write(combinedWord text: Span<UInt8>, limit: Int) {
        writeEscaped(text, limit: limit, isWord: true)
    }

    private mutating func writeEscaped(_ text: Span<UInt8>, limit: Int, isWord: Bool) {
        let end = count + limit
        for index in 0..<text.count {
            let byte = text[index]
            let size = Self.isPlain(byte) && !(isWord && byte == 0x20) ? 1 : 4
            if count + size > end { return write("…") }
            if size > room { return }
            if size == 1 {
                write(byte: byte)
            } else {
                write("\\x")
                write(hexadecimal: byte)
            }
        }
    }

    /// Writes all of a text that has nothing to be escaped, as nearly all have; whether it did.
    private mutating func writePlain(_ text: Span<UInt8>, limit: Int) -> Bool {
        if text.count > min(limit, room) { return false }
        var isPlain = true
        for index in 0..<text.count where !Self.isPlain(text[index]) { isPlain = false }
        if isPlain { write(text) }
        return isPlain
    }

    /// Printable ASCII stands for itself, quotes and backslashes apart: what comes from a client need not be valid UTF-8.
    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C }

    private mutating func write(hexadecimal byte: UInt8) {
        write(byte: Self.hexDigit(byte >> 4))
        write(byte: Self.hexDigit(byte & 15))
    }
}
