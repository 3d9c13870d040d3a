import Foundation
import MartletTelemetry
import Testing

/// What `body` writes, as text.
func written(capacity: Int = 1_000, _ body: (inout LineBuffer) -> Void) -> String {
    var buffer = LineBuffer(capacity: capacity)
    body(&buffer)
    return String(decoding: buffer.copy(), as: UTF8.self)
}

@Suite struct LineBufferTests {
    @Test func writesTextAndBytes() {
        let text = written { line in
            line.write("literal ")
            line.write("text \(1)" as String)
            line.write(byte: 0x21)
            line.write(Array(" bytes".utf8).span)
        }
        #expect(text == "literal text 1! bytes")
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345, UInt64.max])
    func writesDecimals(number: UInt64) {
        #expect(written { $0.write(decimal: number) } == "\(number)")
    }

    @Test(arguments: [(0, 2, "00"), (7, 2, "07"), (42, 2, "42"), (7, 4, "0007"), (2026, 4, "2026"), (123, 2, "23")])
    func writesLeadingZeros(_ number: Int, width: Int, text: String) {
        #expect(written { $0.write(number, width: width) } == text)
    }

    @Test(arguments: [(0, "0000000000000000"), (0xAB, "00000000000000ab"), (UInt64.max, "ffffffffffffffff")])
    func writesHexadecimals(_ number: UInt64, text: String) {
        #expect(written { $0.write(hex: number) } == text)
    }

    @Test func isCutWhereItIsFull() {
        for capacity in 0..<5 {
            #expect(written(capacity: capacity) { $0.write("abcdef") } == "abcdef".prefix(capacity))
            let bytes = written(capacity: capacity) { line in for byte in "abcdef".utf8 { line.write(byte: byte) } }
            #expect(bytes == "abcdef".prefix(capacity))
        }
        #expect(written(capacity: 19) { $0.write(decimal: 1) } == "")
        #expect(written(capacity: 20) { $0.write(decimal: .max) } == "\(UInt64.max)")
        #expect(written(capacity: 3) { $0.write(7, width: 4) } == "")
    }

    @Test func countsItsRoomAndStartsAnew() {
        var line = LineBuffer(capacity: 10)
        line.write("abc")
        #expect(line.count == 3 && line.room == 7)
        line.removeAll()
        #expect(line.count == 0 && line.room == 10)
        line.write("xy")
        #expect(line.copy() == Array("xy".utf8))
    }

    /// Each byte of a JSON string comes back as the character of its number, whatever it was.
    @Test func everyByteIsEscapedForJSON() throws {
        for byte in UInt8.min...UInt8.max {
            let text = written { line in
                line.write("[\"")
                line.write(json: [byte].span, limit: 10)
                line.write("\"]")
            }
            #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
            let decoded = try JSONDecoder().decode([String].self, from: Data(text.utf8))
            #expect(decoded == [String(UnicodeScalar(byte))])
        }
    }

    @Test func everyByteIsEscapedForTheCombinedFormat() {
        for byte in UInt8.min...UInt8.max {
            let text = written { $0.write(combined: [byte].span, limit: 10) }
            let isPlain = byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
            let hex = String(byte, radix: 16)
            #expect(text == (isPlain ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + hex))
        }
    }

    @Test(arguments: [(5, "abcde"), (6, "abcde"), (4, "abcd…"), (0, "…")])
    func aCutTextIsMarked(limit: Int, text: String) {
        #expect(written { $0.write(json: "abcde".utf8.span, limit: limit) } == text)
        #expect(written { $0.write(combined: "abcde".utf8.span, limit: limit) } == text)
    }

    /// A client must not fill a line with bytes that take six each.
    @Test func escapesCountInFull() {
        let text = [UInt8](repeating: 0xFF, count: 500)
        #expect(written { $0.write(json: text.span, limit: 20) } == "\\u00ff\\u00ff\\u00ff…")
        #expect(written { $0.write(combined: text.span, limit: 10) } == "\\xff\\xff…")
        #expect(written { $0.write(json: Array("\"\"\"".utf8).span, limit: 6) } == "\\\"\\\"\\\"")
    }

    @Test func anEscapeIsWholeOrNotThere() {
        for capacity in 0..<40 {
            let text = written(capacity: capacity) { $0.write(json: [0x0A, 0x22, 0x61, 0x0A, 0x5C].span, limit: 100) }
            #expect("\\u000a\\\"a\\u000a\\\\".hasPrefix(text))
            #expect(
                ["", "\\u000a", "\\u000a\\\"", "\\u000a\\\"a", "\\u000a\\\"a\\u000a", "\\u000a\\\"a\\u000a\\\\"]
                    .contains(text))
        }
    }

    @Test func nothingAtAllIsWrittenAsNothing() {
        #expect(written { $0.write(json: [UInt8]().span, limit: 0) } == "")
        #expect(written(capacity: 0) { $0.write(json: [1, 2, 3].span, limit: 1) } == "")
    }
}
