// Text in memory taken once. Lines are cut, never a trap, when there is no more room.

/// A fixed piece of memory that log lines are written into.
package struct LineBuffer: ~Copyable {
    private var storage: [UInt8]
    /// Bytes written.
    package private(set) var count = 0

    package init(capacity: Int) { storage = [UInt8](repeating: 0, count: capacity) }

    package var room: Int { storage.count - count }
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span.extracting(0..<count) }
    }

    /// The bytes as an array of their own.
    package func copy() -> [UInt8] { Array(storage[0..<count]) }

    package mutating func removeAll() { count = 0 }

    package mutating func write(byte: UInt8) {
        if count == storage.count { return }
        storage[count] = byte
        count += 1
    }

    /// Writes bytes as they are, as many as there is room for.
    package mutating func write(_ bytes: Span<UInt8>) {
        let fitting = min(bytes.count, room)
        let start = count
        var target = storage.mutableSpan
        for index in 0..<fitting { target[start + index] = bytes[index] }
        count += fitting
    }

    package mutating func write(_ text: StaticString) {
        unsafe write(Span<UInt8>(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func write(_ text: String) { write(text.utf8.span) }

    package mutating func write(decimal number: UInt64) {
        if room < 20 { return }
        var digits = 1
        var power = number / 10
        while power > 0 {
            digits += 1
            power /= 10
        }
        var rest = number
        for index in stride(from: count + digits - 1, through: count, by: -1) {
            storage[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    /// Writes a number with leading zeros.
    package mutating func write(_ number: Int, width: Int) {
        if room < width { return }
        var rest = number
        for index in stride(from: count + width - 1, through: count, by: -1) {
            storage[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += width
    }

    package mutating func write(hex number: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            write(byte: Self.hexDigit(UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15))
        }
    }

    /// Writes at most `limit` bytes of a text from outside so that it cannot be mistaken for anything else in a JSON
    /// string; the cut is marked by "…".
    package mutating func write(json text: Span<UInt8>, limit: Int) {
        write(text, limit: limit) { line, byte in
            if byte == 0x22 || byte == 0x5C {
                line.write(byte: 0x5C)
                line.write(byte: byte)
            } else {
                line.write("\\u00")
                line.write(byte: Self.hexDigit(byte >> 4))
                line.write(byte: Self.hexDigit(byte & 15))
            }
        }
    }

    /// The same in the manner of the combined format: \xXX.
    package mutating func write(combined text: Span<UInt8>, limit: Int) {
        write(text, limit: limit) { line, byte in
            line.write("\\x")
            line.write(byte: Self.hexDigit(byte >> 4))
            line.write(byte: Self.hexDigit(byte & 15))
        }
    }

    /// Bytes of printable ASCII stand for themselves; all others, quotes and backslashes go through `escape`: what comes
    /// from a client need not be valid UTF-8.
    private mutating func write(_ text: Span<UInt8>, limit: Int, escape: (inout LineBuffer, UInt8) -> Void) {
        let length = min(text.count, limit)
        for index in 0..<length {
            let byte = text[index]
            if byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C {
                write(byte: byte)
            } else {
                if room < 8 { return }
                escape(&self, byte)
            }
        }
        if length < text.count { write("…") }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
