// JSON, as far as it takes to find two numbers in an object. What is deeper inside is passed over.
import MartletHTTPCore

/// Finds the members of an object whose values are numbers.
enum LoadReportJSON {
    /// Depth beyond which nothing is read.
    private static var deepest: Int { 8 }

    /// Notes the numbers of the outermost object, or those written as strings, as JSON of protobuf may have them.
    /// `false` if the text is broken: nothing of it is believed then.
    static func read(_ bytes: Span<UInt8>, into found: inout LoadReport.Found) -> Bool {
        var reader = Reader()
        reader.skipBlanks(bytes)
        guard reader.take(UInt8(ascii: "{"), bytes) else { return false }
        if reader.take(UInt8(ascii: "}"), bytes) { return reader.isAtEnd(bytes) }
        repeat {
            guard let name = reader.string(bytes), reader.take(UInt8(ascii: ":"), bytes),
                let value = reader.value(bytes, depth: deepest)
            else { return false }
            found.note(bytes.extracting(name), bytes.extracting(value))
        } while reader.take(UInt8(ascii: ","), bytes)
        return reader.take(UInt8(ascii: "}"), bytes) && reader.isAtEnd(bytes)
    }

    /// A place in the text, always behind blanks.
    private struct Reader {
        var index = 0

        mutating func skipBlanks(_ bytes: Span<UInt8>) {
            while index < bytes.count {
                switch bytes[index] {
                case 0x20, 0x09, 0x0A, 0x0D: index += 1
                default: return
                }
            }
        }

        mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
            if index >= bytes.count || bytes[index] != byte { return false }
            index += 1
            skipBlanks(bytes)
            return true
        }

        func isAtEnd(_ bytes: Span<UInt8>) -> Bool { index == bytes.count }

        /// A string without its quotes, escapes as they are written.
        mutating func string(_ bytes: Span<UInt8>) -> Range<Int>? {
            if index >= bytes.count || bytes[index] != UInt8(ascii: "\"") { return nil }
            let start = index + 1
            index = start
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\\"): index += 2
                case UInt8(ascii: "\""):
                    let end = index
                    index += 1
                    skipBlanks(bytes)
                    return start..<end
                default: index += 1
                }
            }
            return nil
        }

        /// Any value: the text of a number, a string or a word; nothing for what holds other values.
        mutating func value(_ bytes: Span<UInt8>, depth: Int) -> Range<Int>? {
            if index >= bytes.count || depth == 0 { return nil }
            switch bytes[index] {
            case UInt8(ascii: "\""): return string(bytes)
            case UInt8(ascii: "{"): return members(bytes, until: UInt8(ascii: "}"), named: true, depth: depth - 1)
            case UInt8(ascii: "["): return members(bytes, until: UInt8(ascii: "]"), named: false, depth: depth - 1)
            default: return word(bytes)
            }
        }

        private mutating func members(
            _ bytes: Span<UInt8>, until end: UInt8, named: Bool, depth: Int
        ) -> Range<Int>? {
            index += 1
            skipBlanks(bytes)
            if take(end, bytes) { return index..<index }
            repeat {
                if named {
                    guard string(bytes) != nil, take(UInt8(ascii: ":"), bytes) else { return nil }
                }
                guard value(bytes, depth: depth) != nil else { return nil }
            } while take(UInt8(ascii: ","), bytes)
            return take(end, bytes) ? index..<index : nil
        }

        /// A number, or true, false, null.
        private mutating func word(_ bytes: Span<UInt8>) -> Range<Int>? {
            let start = index
            while index < bytes.count, isInWord(bytes[index]) { index += 1 }
            if index == start { return nil }
            let range = start..<index
            skipBlanks(bytes)
            return range
        }

        private func isInWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
