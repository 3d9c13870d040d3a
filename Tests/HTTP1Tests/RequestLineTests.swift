// The request line and the empty lines before it (RFC 9112 sections 2.2 and 3).

import MartletHTTP1
import MartletHTTPCore
import Testing

struct RequestLineTests {
    private static func line(_ text: String, _ refusal: HeadRefusal) -> Refused {
        Refused(request("Host: a", line: text), refusal)
    }

    static let refused: [Refused] = [
        // Empty lines.
        Refused("\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .emptyLines),
        Refused("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        Refused("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        Refused("\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        // The method.
        line(" GET / HTTP/1.1", .badMethod),
        line("\tGET / HTTP/1.1", .badMethod),
        line("\0GET / HTTP/1.1", .badMethod),
        line("\u{B}GET / HTTP/1.1", .badMethod),
        line("G\0T / HTTP/1.1", .badMethod),
        line("GET\t/ HTTP/1.1", .badMethod),
        line("GE(T / HTTP/1.1", .badMethod),
        line("GET:/ HTTP/1.1", .badMethod),
        line("G\u{E9}T / HTTP/1.1", .badMethod),
        line("\u{16}\u{3}\u{1}", .badMethod),
        line("GET", .badRequestLine),
        Refused("GET\n/ HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        Refused("Get\n\r\n\r\n", .bareLineFeed),
        // The target.
        line("GET  / HTTP/1.1", .badTarget),
        line("GET \t/ HTTP/1.1", .badTarget),
        line("GET /a\tb HTTP/1.1", .badTarget),
        line("GET /a\0b HTTP/1.1", .badTarget),
        line("GET /a\u{7F}b HTTP/1.1", .badTarget),
        line("GET /a#b HTTP/1.1", .badTarget),
        line("GET /?a#b HTTP/1.1", .badTarget),
        line("GET /\u{E9} HTTP/1.1", .badTarget),
        line("GET /?\u{E9} HTTP/1.1", .badTarget),
        line("GET a HTTP/1.1", .badTarget),
        line("GET ?a HTTP/1.1", .badTarget),
        line("GET a:1 HTTP/1.1", .badTarget),
        line("GET * HTTP/1.1", .badTarget),
        line("OPTIONS ** HTTP/1.1", .badTarget),
        line("OPTIONS *?a HTTP/1.1", .badTarget),
        line("GET /", .badRequestLine),
        line("GET /?a", .badRequestLine),
        Refused("GET /\nHost: a\r\n\r\n", .bareLineFeed),
        // The version.
        line("GET / ", .badRequestLine),
        line("GET /  HTTP/1.1", .badRequestLine),
        line("GET / HTTP/1.1 ", .badRequestLine),
        line("GET / HTTP/1.1\t", .badRequestLine),
        line("GET / HTTP/1.1\0", .badRequestLine),
        line("GET / b HTTP/1.1", .badRequestLine),
        line("GET / http/1.1", .badRequestLine),
        line("GET / Http/1.1", .badRequestLine),
        line("GET / HTTP 1.1", .badRequestLine),
        line("GET / HTTP/1", .badRequestLine),
        line("GET / HTTP/1.", .badRequestLine),
        line("GET / HTTP/11", .badRequestLine),
        line("GET / HTTP/1.10", .badRequestLine),
        line("GET / HTTP/01.1", .badRequestLine),
        line("GET / HTTP/1.x", .badRequestLine),
        line("GET / HTTP/+1.1", .badRequestLine),
        line("GET / HTTPS/1.1", .badRequestLine),
        line("GET / ICY/1.1", .badRequestLine),
        line("GET / HTTP/2.0", .versionNotSupported),
        line("GET / HTTP/0.9", .versionNotSupported),
        line("GET / HTTP/1.2", .versionNotSupported),
        line("GET / HTTP/1.9", .versionNotSupported),
        line("GET / HTTP/3.1", .versionNotSupported),
        Refused("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        Refused("GET / HTTP/1.1\rHost: a\r\n\r\n", .bareCarriageReturn),
        Refused("GET / HTTP/1.1\r\rHost: a\r\n\r\n", .bareCarriageReturn),
    ]

    @Test(arguments: refused)
    func isRefused(row: Refused) {
        #expect(parseRequest(row.bytes).result == .refused(row.refusal))
        expectSameInPieces(row.bytes)
    }

    /// Every byte that may not stand in a target is found wherever it is, as 16 are looked at at a time.
    @Test func noForbiddenByteHidesInATarget() {
        let forbidden = (UInt8(0)...255).filter { $0 <= 0x20 || $0 >= 0x7F || $0 == 0x23 }
        for prefix in ["GET /", "GET /?"] {
            for offset in 0..<34 {
                for byte in forbidden where ![0x0A, 0x0D, 0x20].contains(byte) {
                    let filler = [UInt8](repeating: 0x61, count: offset)
                    let bytes = Array(prefix.utf8) + filler + [byte] + Array("b HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
                    #expect(parseRequest(bytes).result == .refused(.badTarget), "\(readable(bytes))")
                }
            }
        }
    }

    @Test func everyOtherByteMayStandInATarget() {
        let allowed = (UInt8(0x21)...0x7E).filter { $0 != 0x23 }
        let bytes = Array("GET /".utf8) + allowed + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let parsed = parseRequest(bytes)
        #expect(parsed.result == .complete)
        #expect(parsed.target.utf8.count == allowed.count + 1)
    }
}
