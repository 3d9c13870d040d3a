// Response heads: the status line (RFC 9112 section 4) and what it and the fields are as values.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct ResponseParserTests {
    @Test func aPlainResponse() {
        let string = "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nServer:  s \r\nX-Empty:\r\n\r\nabc"
        let parsed = parseResponse(string)
        #expect(parsed.result == .complete && parsed.status == 404 && parsed.reason == "Not Found")
        #expect(parsed.fields == ["Content-Length: 3", "Server: s", "X-Empty: "] && parsed.dropped.isEmpty)
        #expect(parsed.framing == .length(3) && parsed.declaredLength == 3)
        #expect(parsed.isPersistent && parsed.version == .http11 && parsed.length == string.utf8.count - 3)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK", 200, "OK"), ("HTTP/1.1 200 ", 200, ""), ("HTTP/1.1 200", 200, ""),
        ("HTTP/1.1 200  two blanks", 200, " two blanks"), ("HTTP/1.1 200 a\tb", 200, "a\tb"),
        ("HTTP/1.1 200 caf\u{E9}", 200, "caf\u{E9}"), ("HTTP/1.1 299 200 OK", 299, "200 OK"),
        ("HTTP/1.0 599 x", 599, "x"), ("HTTP/1.1 100 Continue", 100, "Continue"), ("HTTP/1.1 418 ", 418, ""),
    ])
    func aStatusLine(line: String, status: Int, reason: String) {
        let bytes = response(line: line)
        let parsed = parseResponse(bytes)
        #expect(parsed.result == .complete && parsed.status == status && parsed.reason == reason)
        #expect(parsed.version == (line.hasPrefix("HTTP/1.0") ? .http10 : .http11))
        expectSameInPieces(response: bytes)
    }

    private static func line(_ text: String, _ refusal: HeadRefusal) -> Refused {
        Refused(response(line: text), refusal)
    }

    static let refused: [Refused] = [
        line("", .badStatusLine), line(" HTTP/1.1 200 OK", .badStatusLine), line("\0HTTP/1.1 200 OK", .badStatusLine),
        line("HTTP/1.1", .badStatusLine), line("HTTP/1.1 ", .badStatusLine), line("HTTP/1.1 20", .badStatusLine),
        line("HTTP/1.1 2000 OK", .badStatusLine), line("HTTP/1.1 200OK", .badStatusLine),
        line("HTTP/1.1 200\tOK", .badStatusLine), line("HTTP/1.1  200 OK", .badStatusLine),
        line("HTTP/1.1\t200 OK", .badStatusLine), line("HTTP/1.1 +20 OK", .badStatusLine),
        line("HTTP/1.1 -20 OK", .badStatusLine), line("HTTP/1.1 0x2 OK", .badStatusLine),
        line("HTTP/1.1 2x0 OK", .badStatusLine), line("HTTP/1.1 OK", .badStatusLine),
        line("HTTP/1.1 000 OK", .badStatusLine), line("HTTP/1.1 099 OK", .badStatusLine),
        line("HTTP/1.1 600 OK", .badStatusLine), line("HTTP/1.1 999 OK", .badStatusLine),
        line("HTTP/1.1 200 a\0b", .badStatusLine), line("HTTP/1.1 200 a\u{7F}", .badStatusLine),
        line("HTTP/1.1 200 a\u{1B}", .badStatusLine), line("HTTP/1 200 OK", .badStatusLine),
        line("HTTP/2 200 OK", .badStatusLine), line("http/1.1 200 OK", .badStatusLine),
        line("ICY 200 OK", .badStatusLine), line("HTTP/11 200 OK", .badStatusLine),
        line("HTTP/1.10 200 OK", .badStatusLine), line("<html>", .badStatusLine),
        line("GET / HTTP/1.1", .badStatusLine), line("HTTP/1.x 200 OK", .badStatusLine),
        line("HTTP/2.0 200 OK", .versionNotSupported), line("HTTP/1.2 200 OK", .versionNotSupported),
        line("HTTP/0.9 200 OK", .versionNotSupported),
        Refused("\r\nHTTP/1.1 200 OK\r\n\r\n", .badStatusLine), Refused("\nHTTP/1.1 200 OK\r\n\r\n", .badStatusLine),
        Refused("HTTP/1.1 200 OK\nA: b\r\n\r\n", .bareLineFeed), Refused("HTTP/1.1 200\nA: b\r\n\r\n", .bareLineFeed),
        Refused("HTTP/1.1 200 OK\rA: b\r\n\r\n", .bareCarriageReturn),
        Refused("HTTP/1.1 200\r\r\n\r\n", .bareCarriageReturn),
        Refused("HTTP/1.1 200 OK\r\n A: b\r\n\r\n", .obsoleteFolding),
    ]

    @Test(arguments: refused)
    func isRefused(row: Refused) {
        #expect(parseResponse(row.bytes).result == .refused(row.refusal))
        expectSameInPieces(response: row.bytes)
    }

    @Test(arguments: 100...599)
    func everyStatus(status: Int) {
        #expect(parseResponse(response(line: "HTTP/1.1 \(status) x")).status == status)
        let phrase = StatusText.reason(for: status).description
        let line = written { $0.statusLine(status) }
        #expect(line == "HTTP/1.1 \(status) \(phrase)\r\n")
        #expect(parseResponse(line + "\r\n").reason == phrase)
        #expect(phrase.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    }

    @Test func someReasonPhrases() {
        for (status, phrase) in [
            (100, "Continue"), (200, "OK"), (404, "Not Found"), (431, "Request Header Fields Too Large"),
        ] {
            #expect(StatusText.reason(for: status).description == phrase)
        }
        #expect(StatusText.reason(for: 299).description.isEmpty && StatusText.reason(for: 0).description.isEmpty)
    }

    @Test func aHeadIsParsedAnewIntoTheSameStorage() {
        var head = ResponseHead(fieldCapacity: 8)
        let first = response("Content-Length: 3", "Connection: close", line: "HTTP/1.0 500 no")
        _ = ResponseParser.parse(first.span, into: &head, requestMethod: .get, limits: HeadLimits())
        let second = response(line: "HTTP/1.1 204")
        _ = ResponseParser.parse(second.span, into: &head, requestMethod: .get, limits: HeadLimits())
        let isClean = head.status == 204 && head.reason.isEmpty && head.fields.count == 0 && head.isPersistent
        #expect(isClean)
        let length = head.declaredLength
        #expect(length == nil)
    }
}
