// Where a response ends (RFC 9112 section 6.3), and whether its connection can be used again.

import MartletHTTP1
import MartletHTTPCore
import Testing

/// A row of the table of response framings.
struct ResponseRow: CustomTestStringConvertible, Sendable {
    var method = HTTPMethod.get
    var line = "HTTP/1.1 200 OK"
    var fields: [String] = []
    let framing: ContentFraming
    var declared: UInt64?
    var isPersistent = true

    var bytes: [UInt8] { head([line] + fields) }
    var testDescription: String { "\(method) \(readable(bytes))" }
}

struct ResponseFramingTests {
    private static let length = ["Content-Length: 5"]
    private static let chunked = ["Transfer-Encoding: chunked"]

    static let final: [ResponseRow] = [
        ResponseRow(fields: length, framing: .length(5), declared: 5),
        ResponseRow(fields: ["Content-Length: 0"], framing: .length(0), declared: 0),
        ResponseRow(fields: chunked, framing: .chunked),
        ResponseRow(fields: ["Transfer-Encoding: CHUNKED"], framing: .chunked),
        ResponseRow(framing: .untilClose, isPersistent: false),
        ResponseRow(fields: ["Connection: keep-alive"], framing: .untilClose, isPersistent: false),
        ResponseRow(method: .post, fields: length, framing: .length(5), declared: 5),
        ResponseRow(line: "HTTP/1.1 205 Reset", framing: .untilClose, isPersistent: false),
        ResponseRow(
            line: "HTTP/1.1 500 no", fields: length + ["Connection: close"], framing: .length(5), declared: 5,
            isPersistent: false),
        ResponseRow(line: "HTTP/1.0 200 OK", fields: length, framing: .length(5), declared: 5, isPersistent: false),
        ResponseRow(
            line: "HTTP/1.0 200 OK", fields: length + ["Connection: keep-alive"], framing: .length(5),
            declared: 5),
        ResponseRow(line: "HTTP/1.0 200 OK", framing: .untilClose, isPersistent: false),
    ]

    /// HEAD and 304 have no content, and may say how long it would be.
    static let withoutContent: [ResponseRow] = [
        ResponseRow(method: .head, framing: .none),
        ResponseRow(method: .head, fields: length, framing: .none, declared: 5),
        ResponseRow(method: .head, fields: chunked, framing: .none),
        ResponseRow(method: .head, line: "HTTP/1.0 200 OK", framing: .none, isPersistent: false),
        ResponseRow(method: .head, line: "HTTP/1.1 404 no", fields: length, framing: .none, declared: 5),
        ResponseRow(line: "HTTP/1.1 304 Not Modified", framing: .none),
        ResponseRow(line: "HTTP/1.1 304 Not Modified", fields: length, framing: .none, declared: 5),
        ResponseRow(line: "HTTP/1.1 304 Not Modified", fields: chunked, framing: .none),
    ]

    /// 1xx and 204 have no content and no length; one that announces content may send it, and is not trusted further.
    static let never: [ResponseRow] = [
        ResponseRow(line: "HTTP/1.1 204 No Content", framing: .none),
        ResponseRow(line: "HTTP/1.1 204 No Content", fields: ["Content-Length: 0"], framing: .none),
        ResponseRow(line: "HTTP/1.1 204 No Content", fields: length, framing: .none, isPersistent: false),
        ResponseRow(line: "HTTP/1.1 204 No Content", fields: chunked, framing: .none, isPersistent: false),
        ResponseRow(method: .head, line: "HTTP/1.1 204 No", fields: length, framing: .none, isPersistent: false),
        ResponseRow(line: "HTTP/1.1 100 Continue", framing: .none),
        ResponseRow(line: "HTTP/1.1 101 Switching", framing: .none),
        ResponseRow(line: "HTTP/1.1 103 Early Hints", fields: ["Link: </a>"], framing: .none),
        ResponseRow(line: "HTTP/1.1 103 Early Hints", fields: length, framing: .none, isPersistent: false),
        ResponseRow(line: "HTTP/1.1 199 x", fields: chunked, framing: .none, isPersistent: false),
        ResponseRow(line: "HTTP/1.1 100 Continue", fields: ["Connection: close"], framing: .none, isPersistent: false),
    ]

    @Test(arguments: final + withoutContent + never)
    func isUnderstood(row: ResponseRow) {
        let parsed = parseResponse(row.bytes, to: row.method)
        #expect(parsed.result == .complete && parsed.framing == row.framing)
        #expect(parsed.declaredLength == row.declared)
        #expect(parsed.isPersistent == row.isPersistent)
        expectSameInPieces(response: row.bytes, to: row.method)
    }

    static let refused: [Refused] = [
        Refused(response("Content-Length: 5", "Transfer-Encoding: chunked"), .lengthWithTransferEncoding),
        Refused(response("Transfer-Encoding: chunked", "Content-Length: 5"), .lengthWithTransferEncoding),
        Refused(response("Transfer-Encoding: chunked", "X: y", "content-length: 0"), .lengthWithTransferEncoding),
        Refused(response("Content-Length: 5", "Content-Length: 5"), .repeatedContentLength),
        Refused(response("Content-Length: 5", "Content-Length: 6"), .repeatedContentLength),
        Refused(response("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .badTransferEncoding),
        Refused(response("Transfer-Encoding: gzip", "Transfer-Encoding: chunked"), .badTransferEncoding),
        Refused(response("Transfer-Encoding: chunked", line: "HTTP/1.0 200 OK"), .transferEncodingInHTTP10),
        Refused(response("Transfer-Encoding : chunked"), .spaceBeforeColon),
        Refused(response("Content-Length: 5\r\n 6"), .obsoleteFolding),
    ]

    /// Even where there is no content: what a server means by it is not known.
    @Test(arguments: refused, [HTTPMethod.get, .head])
    func isRefused(row: Refused, method: HTTPMethod) {
        #expect(parseResponse(row.bytes, to: method).result == .refused(row.refusal))
        expectSameInPieces(response: row.bytes, to: method)
    }

    @Test(arguments: ["204 No Content", "304 Not Modified", "100 Continue"])
    func isRefusedWithAnyStatus(status: String) {
        let bytes = response("Content-Length: 5", "Transfer-Encoding: chunked", line: "HTTP/1.1 \(status)")
        #expect(parseResponse(bytes).result == .refused(.lengthWithTransferEncoding))
    }

    @Test func informationalOnesAreThoseBelow200() {
        var head = ResponseHead(fieldCapacity: 1)
        for (status, isInformational) in [(100, true), (103, true), (199, true), (200, false), (500, false)] {
            head.status = status
            let result = head.isInformational
            #expect(result == isInformational)
        }
    }
}
