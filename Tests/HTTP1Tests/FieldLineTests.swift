// Field lines (RFC 9112 section 5): what could be taken for two lines, or for another name, is refused.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct FieldLineTests {
    /// Of requests and of responses alike.
    static let lines: [(String, HeadRefusal)] = [
        // White space where a name or a colon has to be.
        (" X: y", .obsoleteFolding), ("\tX: y", .obsoleteFolding), (" ", .obsoleteFolding),
        ("A: b\r\n folded", .obsoleteFolding), ("A: b\r\n\tfolded", .obsoleteFolding),
        ("A: b\r\n \r\nC: d", .obsoleteFolding), ("A:\r\n b", .obsoleteFolding),
        ("X : y", .spaceBeforeColon), ("X\t: y", .spaceBeforeColon), ("X y: z", .spaceBeforeColon),
        ("X  : y", .spaceBeforeColon), ("X ", .spaceBeforeColon),
        // Names.
        (": y", .badFieldName), (":", .badFieldName), ("X", .badFieldName), ("X\r\nA: b", .badFieldName),
        ("X\0: y", .badFieldName), ("\0X: y", .badFieldName), ("\u{B}X: y", .badFieldName),
        ("X\u{7F}: y", .badFieldName), ("\u{E9}: y", .badFieldName), ("X(a): y", .badFieldName),
        ("X/a: y", .badFieldName), ("X@a: y", .badFieldName), ("X[a]: y", .badFieldName), ("X,a: y", .badFieldName),
        ("X;a: y", .badFieldName), ("X=a: y", .badFieldName), ("\"X\": y", .badFieldName), ("{X}: y", .badFieldName),
        ("X\\a: y", .badFieldName), ("X?: y", .badFieldName), ("<X>: y", .badFieldName),
        ("X\rA: b", .badFieldName),
        // Line ends.
        ("X: y\nA: b", .bareLineFeed), ("X\nA: b", .bareLineFeed), ("X:\nA: b", .bareLineFeed),
        ("X: y\n", .bareLineFeed), ("\nX: y", .bareLineFeed), ("X: y\n\r\nA: b", .bareLineFeed),
        ("X: y\rA: b", .bareCarriageReturn), ("X:\rA: b", .bareCarriageReturn), ("X: y\r", .bareCarriageReturn),
        ("X: y\r\r\nA: b", .bareCarriageReturn), ("\rX: y", .bareCarriageReturn), ("\r \nX: y", .bareCarriageReturn),
        // Values.
        ("X: \0", .badFieldValue), ("X: a\0b", .badFieldValue), ("X: \u{1}", .badFieldValue),
        ("X: a\u{8}", .badFieldValue), ("X: a\u{B}b", .badFieldValue), ("X: a\u{C}b", .badFieldValue),
        ("X: a\u{1B}[0m", .badFieldValue), ("X: \u{7F}", .badFieldValue), ("X:\0", .badFieldValue),
    ]

    /// Bytes that a scanner meets before the parser meets what is wrong in front of them.
    private static func endsLineBadly(_ text: String) -> Bool { text == "X\rA: b" }

    @Test(arguments: lines)
    func isRefusedInARequest(text: String, refusal: HeadRefusal) {
        for bytes in [request("Host: a", text), request(text, "Host: a"), hosted("A: b", text, "C: d")] {
            #expect(parseRequest(bytes).result == .refused(refusal), "\(readable(bytes))")
            if !Self.endsLineBadly(text) { expectSameInPieces(bytes) }
        }
    }

    @Test(arguments: lines)
    func isRefusedInAResponse(text: String, refusal: HeadRefusal) {
        for bytes in [response(text), response("A: b", text, "C: d")] {
            #expect(parseResponse(bytes).result == .refused(refusal), "\(readable(bytes))")
            expectSameInPieces(response: bytes)
        }
    }

    /// A control byte at any distance from the start of a value or name, as 16 bytes are looked at at a time.
    @Test func noControlByteHidesInAValue() {
        let controls = (UInt8(0)..<0x20).filter { ![0x09, 0x0A, 0x0D].contains($0) } + [0x7F]
        for offset in 0..<34 {
            let filler = Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [UInt8](repeating: 0x61, count: offset)
            for byte in controls {
                let bytes = filler + [byte] + Array("b\r\n\r\n".utf8)
                #expect(parseRequest(bytes).result == .refused(.badFieldValue), "\(readable(bytes))")
            }
            #expect(parseRequest(filler + Array("\n\r\n\r\n".utf8)).result == .refused(.bareLineFeed))
            #expect(parseRequest(filler + Array("\ra\r\n\r\n".utf8)).result == .refused(.bareCarriageReturn))
        }
    }

    @Test func noOtherByteThanATokensHidesInAName() {
        let token = Set("!#$%&'*+-.^_`|~0123456789".utf8)
            .union(UInt8(ascii: "a")...UInt8(ascii: "z")).union(UInt8(ascii: "A")...UInt8(ascii: "Z"))
        for offset in [1, 7, 8, 15, 16, 17, 31, 32, 33] {
            let filler = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8) + [UInt8](repeating: 0x61, count: offset)
            for byte in UInt8.min...UInt8.max where byte != 0x3A {
                let result = parseRequest(filler + [byte] + Array("b: c\r\n\r\n".utf8)).result
                switch byte {
                case 0x0A: #expect(result == .refused(.bareLineFeed))
                case 0x20, 0x09: #expect(result == .refused(.spaceBeforeColon))
                case _ where token.contains(byte): #expect(result == .complete)
                default: #expect(result == .refused(.badFieldName), "\(byte)")
                }
            }
        }
    }

    @Test func blanksAroundAValueAreNotOfIt() {
        let bytes = hosted("A:b", "C: \t d e \t ", "F:\t", "G:", "H: :", "I:\u{80}\u{FF}")
        let parsed = parseRequest(bytes)
        #expect(parsed.fields == ["Host: a", "A: b", "C: d e", "F: ", "G: ", "H: :", "I: \u{80}\u{FF}"])
        expectSameInPieces(bytes)
    }
}
