// Where a request ends (RFC 9112 section 6): what two readers could understand differently is refused.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct RequestFramingTests {
    static let accepted: [([UInt8], ContentFraming)] = [
        (hosted(), .none),
        (hosted("Content-Length: 0"), .length(0)),
        (hosted("Content-Length: 5"), .length(5)),
        (hosted("Content-Length:5"), .length(5)),
        (hosted("content-length: \t5\t "), .length(5)),
        (hosted("Content-Length: 007"), .length(7)),
        (hosted("Content-Length: 0000000000000000005"), .length(5)),
        (hosted("Content-Length: 9223372036854775807"), .length(UInt64(Int64.max))),
        (hosted("Content-Length: 5", line: "GET / HTTP/1.1"), .length(5)),
        (hosted("Content-Length: 5", line: "POST / HTTP/1.0"), .length(5)),
        (hosted("Transfer-Encoding: chunked"), .chunked),
        (hosted("Transfer-Encoding:chunked"), .chunked),
        (hosted("TRANSFER-ENCODING: \tChunked "), .chunked),
        (hosted("transfer-encoding: CHUNKED", line: "GET / HTTP/1.1"), .chunked),
        // Other names, whatever they look like.
        (hosted("Content-Lengths: 5", "Content_Length: 6", "Content-Lengt: 7", "XContent-Length: 8"), .none),
        (hosted("Transfer-Encodings: chunked", "Transfer_Encoding: chunked"), .none),
    ]

    @Test(arguments: accepted)
    func isUnderstood(bytes: [UInt8], framing: ContentFraming) {
        let parsed = parseRequest(bytes)
        #expect(parsed.result == .complete && parsed.framing == framing, "\(readable(bytes))")
        expectSameInPieces(bytes)
    }

    static let refusedLengths = [
        "", "+5", "-5", "-0", "0x5", "5a", "a", "5 5", "5,5", "5, 5", "5,", ",5", "5;", "5.0", "5e1", "\"5\"", "'5'",
        "5 6", "5\t5", "\u{665}", "9223372036854775808", "9999999999999999999", "18446744073709551615",
        "18446744073709551616", "18446744073709551621", "00000000000000000005",
        "340282366920938463463374607431768211461", "4294967301x", "1_000", "chunked",
    ]

    @Test(arguments: refusedLengths)
    func isNoLength(value: String) {
        let bytes = hosted("Content-Length: \(value)")
        #expect(parseRequest(bytes).result == .refused(.badContentLength))
        expectSameInPieces(bytes)
        #expect(parseResponse(response("Content-Length: \(value)")).result == .refused(.badContentLength))
        // Whatever stands beside it.
        let beside = hosted("Transfer-Encoding: chunked", "Content-Length: \(value)")
        #expect(parseRequest(beside).result == .refused(.badContentLength))
    }

    static let refusedCodings = [
        "", "identity", "gzip", "chunked, identity", "identity, chunked", "gzip, chunked", "chunked, gzip",
        "chunked, chunked", "chunked,chunked", "chunked,", ",chunked", ", chunked", "chunked, ", "xchunked", "chunkedx",
        "x chunked", "chunked x", "chun ked", "chunke", "\"chunked\"", "'chunked'", "chunked;q=1", "chunked;",
        "chunked; foo=bar", "chunk\u{212A}ed", "\u{212A}", "chunked\u{A0}", "\u{2003}chunked", "5", "trailers",
    ]

    @Test(arguments: refusedCodings)
    func isNoCodingToTake(value: String) {
        let bytes = hosted("Transfer-Encoding: \(value)")
        #expect(parseRequest(bytes).result == .refused(.badTransferEncoding))
        expectSameInPieces(bytes)
        #expect(parseResponse(response("Transfer-Encoding: \(value)")).result == .refused(.badTransferEncoding))
        let old = hosted("Transfer-Encoding: \(value)", line: "POST / HTTP/1.0")
        #expect(parseRequest(old).result == .refused(.badTransferEncoding))
    }

    static let refused: [Refused] = [
        // Both.
        Refused(hosted("Content-Length: 5", "Transfer-Encoding: chunked"), .lengthWithTransferEncoding),
        Refused(hosted("Transfer-Encoding: chunked", "Content-Length: 5"), .lengthWithTransferEncoding),
        Refused(hosted("Transfer-Encoding: chunked", "Content-Length: 0"), .lengthWithTransferEncoding),
        Refused(hosted("Content-Length: 5", "X: y", "tRANSFER-eNCODING: chunked"), .lengthWithTransferEncoding),
        Refused(
            hosted("Content-Length: 5", "Transfer-Encoding: chunked", "Connection: Transfer-Encoding"),
            .lengthWithTransferEncoding),
        Refused(
            hosted("Content-Length: 5", "Transfer-Encoding: chunked", "Connection: Content-Length"),
            .lengthWithTransferEncoding),
        Refused(
            hosted("Content-Length: 5", "Transfer-Encoding: chunked", line: "GET / HTTP/1.1"),
            .lengthWithTransferEncoding),
        // Twice.
        Refused(hosted("Content-Length: 5", "Content-Length: 5"), .repeatedContentLength),
        Refused(hosted("Content-Length: 5", "Content-Length: 6"), .repeatedContentLength),
        Refused(hosted("Content-Length: 5", "X: y", "CONTENT-LENGTH: 0"), .repeatedContentLength),
        Refused(hosted("Content-Length: 5", "Content-Length: +5"), .badContentLength),
        Refused(hosted("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .badTransferEncoding),
        Refused(hosted("Transfer-Encoding: chunked", "Transfer-Encoding: identity"), .badTransferEncoding),
        Refused(hosted("Transfer-Encoding: identity", "Transfer-Encoding: chunked"), .badTransferEncoding),
        Refused(hosted("Transfer-Encoding: chunked", "Transfer-Encoding:"), .badTransferEncoding),
        // HTTP/1.0 knows no transfer codings (RFC 9112 section 6.1).
        Refused(hosted("Transfer-Encoding: chunked", line: "POST / HTTP/1.0"), .transferEncodingInHTTP10),
        Refused(
            hosted("Transfer-Encoding: chunked", "Content-Length: 5", line: "POST / HTTP/1.0"),
            .transferEncodingInHTTP10),
        // Hidden from some readers.
        Refused(hosted("Transfer-Encoding : chunked"), .spaceBeforeColon),
        Refused(hosted("Transfer-Encoding\t: chunked"), .spaceBeforeColon),
        Refused(hosted("Content-Length : 5"), .spaceBeforeColon),
        Refused(hosted(" Transfer-Encoding: chunked"), .obsoleteFolding),
        Refused(hosted("X: y\r\n Transfer-Encoding: chunked"), .obsoleteFolding),
        Refused(hosted("Transfer-Encoding:\r\n chunked"), .badTransferEncoding),
        Refused(hosted("Content-Length:\r\n 5"), .badContentLength),
        Refused(hosted("X: y\nTransfer-Encoding: chunked"), .bareLineFeed),
        Refused(hosted("X: y\rTransfer-Encoding: chunked"), .bareCarriageReturn),
        Refused(hosted("Transfer-Encoding: chunked\r\r\n"), .bareCarriageReturn),
        Refused(hosted("Transfer-Encoding: \u{B}chunked"), .badFieldValue),
        Refused(hosted("Transfer-Encoding: chunked\u{B}"), .badFieldValue),
        Refused(hosted("Transfer-Encoding: chunked\0"), .badFieldValue),
        Refused(hosted("Transfer-Encoding\0: chunked"), .badFieldName),
        Refused(hosted("\u{B}Transfer-Encoding: chunked"), .badFieldName),
        Refused(hosted("Transfer-Encoding\u{FF}: chunked"), .badFieldName),
        Refused(hosted("Content-Length: 5\0"), .badFieldValue),
        Refused(hosted("Content\rLength: 5"), .badFieldName),
    ]

    @Test(arguments: refused)
    func isRefused(row: Refused) {
        #expect(parseRequest(row.bytes).result == .refused(row.refusal))
        guard row.refusal != .badFieldName else { return }
        expectSameInPieces(row.bytes)
    }

    @Test func whatIsSentSaysItInOneWay() {
        let chunked = hosted("TRANSFER-ENCODING: \tChunked ", "X: y")
        #expect(sentRequest(chunked) == "POST / HTTP/1.1\r\nHost: a\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n")
        let length = hosted("content-length: \t007\t ", "X: y", line: "POST / HTTP/1.0")
        #expect(sentRequest(length) == "POST / HTTP/1.1\r\nHost: a\r\nX: y\r\nContent-Length: 7\r\n\r\n")
    }
}
