// Heads put together for tests.
import MartletHTTPCore
import Testing

/// A request with these field lines behind a plain request line.
func request(_ lines: String..., line: String = "GET / HTTP/1.1") -> [UInt8] {
    head([line] + lines)
}

/// A request with a Host and these field lines.
func hosted(_ lines: String..., line: String = "POST / HTTP/1.1") -> [UInt8] {
    head([line, "Host: a"] + lines)
}

/// A response with these field lines behind a plain status line.
func response(_ lines: String..., line: String = "HTTP/1.1 200 OK") -> [UInt8] {
    head([line] + lines)
}

/// Lines with their CR LF, and the blank one.
func head(_ lines: [String]) -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
}

/// Bytes as they can be read in a failure: controls escaped.
func readable(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        switch byte {
        case 0x0D: "\\r"
        case 0x0A: "\\n"
        case 0x20...0x7E: String(UnicodeScalar(byte))
        default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }.joined()
}

/// A row of a table of heads that are refused.
struct Refused: CustomTestStringConvertible, Sendable {
    let bytes: [UInt8]
    let refusal: HeadRefusal

    init(_ bytes: [UInt8], _ refusal: HeadRefusal) {
        self.bytes = bytes
        self.refusal = refusal
    }

    init(_ text: String, _ refusal: HeadRefusal) { self.init(Array(text.utf8), refusal) }

    var testDescription: String { readable(bytes) }
}
