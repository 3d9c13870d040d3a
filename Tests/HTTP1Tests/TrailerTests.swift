// The trailer section (RFC 9112 section 7.1.2): found by the decoder, parsed like field lines, and purged.

import MartletHTTP1
import MartletHTTPCore
import Testing

struct TrailerTests {
    @Test(arguments: ["A: b\r\n\r\n", "A: b\r\nC: d\r\n\r\n", "A:\r\n\r\n", "Not even a field\r\n\r\n"])
    func isFound(section: String) {
        for content in ["0\r\n", "3\r\nabc\r\n0\r\n", "3\r\nabc\r\n000;x\r\n"] {
            let message = decode(.chunked, content + section + "GET")
            #expect(message.isComplete && message.trailers == section && message.rest == "GET")
            #expect(message.content == (content == "0\r\n" ? "" : "abc"))
            expectSameInPieces(.chunked, content + section + "GET")
        }
    }

    @Test(arguments: [
        ("A: b\n\n", HeadRefusal.bareLineFeed), ("\n", .bareLineFeed), ("A: b\r\n\n", .bareLineFeed),
        ("\r\r\n", .bareCarriageReturn), ("A: b\rC: d\r\n\r\n", .bareCarriageReturn),
        ("A: b\r\n\rx", .bareCarriageReturn),
    ])
    func hasNoEnd(section: String, refusal: HeadRefusal) {
        let message = decode(.chunked, "0\r\n" + section + "abc")
        #expect(message.refusal == refusal && !message.isComplete && message.trailers == nil)
        expectSameInPieces(.chunked, "0\r\n" + section + "abc")
    }

    @Test(arguments: [0, 1, 2, 3, 8, 9])
    func itsLimit(limit: Int) {
        let empty = "3\r\nabc\r\n0\r\n\r\nGET"
        #expect(decode(.chunked, empty, trailerLimit: limit).isComplete)
        expectSameInPieces(.chunked, empty, trailerLimit: limit)
        // Eight bytes with the blank line.
        let section = "0\r\nA: b\r\n\r\nGET"
        let message = decode(.chunked, section, trailerLimit: limit)
        #expect(message.isComplete == (limit >= 8))
        #expect(message.refusal == (limit >= 8 ? nil : .trailersTooLarge))
        expectSameInPieces(.chunked, section, trailerLimit: limit)
        // What is wrong behind the limit is not seen, however it arrives.
        let wrong = "0\r\nABCDEFGH: \n\r\n\r\nGET"
        #expect(decode(.chunked, wrong, trailerLimit: limit).refusal == .trailersTooLarge)
        expectSameInPieces(.chunked, wrong, trailerLimit: limit)
    }

    private func parse(_ text: String, limits: HeadLimits = HeadLimits()) -> (HeadRefusal?, [String], [String]) {
        let bytes = Array(text.utf8)
        var fields = FieldTable(capacity: 16)
        let refusal = TrailerParser.parse(bytes.span, into: &fields, limits: limits)
        let (passing, dropped) = lines(of: fields, in: bytes)
        return (refusal, passing, dropped)
    }

    @Test(arguments: [
        ("A: b\r\n\r\n", ["A: b"]), ("A:b\r\nC: \td \r\nE:\r\n\r\n", ["A: b", "C: d", "E: "]), ("\r\n", []),
        ("Server-Timing: x\r\nETag: \"a\"\r\n\r\n", ["Server-Timing: x", "ETag: \"a\""]),
    ])
    func isParsed(text: String, passing: [String]) {
        let (refusal, passes, dropped) = parse(text)
        #expect(refusal == nil && passes == passing && dropped.isEmpty)
    }

    /// Framing, routing, authentication, what changes how the message is understood, and what tells its way
    /// (RFC 9110 section 6.5.1).
    @Test(arguments: [
        "Host", "Connection", "Content-Length", "Transfer-Encoding", "TE", "Expect", "Upgrade", "Keep-Alive",
        "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Trailer", "Via", "Forwarded",
        "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "X-Request-ID",
        "Authorization", "Cookie", "Set-Cookie", "WWW-Authenticate", "Cache-Control", "Pragma", "Max-Forwards", "Range",
        "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Content-Type",
        "Content-Encoding", "Content-Range", "Location", "Age", "Date", "Expires", "Vary", "Retry-After",
    ])
    func doesNotPass(name: String) {
        for spelling in [name, name.lowercased(), name.uppercased()] {
            let (refusal, passing, dropped) = parse("A: b\r\n\(spelling): 1\r\nC: d\r\n\r\n")
            #expect(refusal == nil && passing == ["A: b", "C: d"] && dropped == ["\(spelling): 1"])
        }
    }

    @Test(arguments: FieldLineTests.lines)
    func isRefusedAsInAHead(text: String, refusal: HeadRefusal) {
        #expect(parse("A: b\r\n\(text)\r\n\r\n").0 == refusal)
        #expect(parse("\(text)\r\n\r\n").0 == refusal)
    }

    @Test(arguments: ["", "A: b", "A: b\r", "A: b\r\n", "A: b\r\n\r", "A"])
    func oneThatWasCutIsRefused(text: String) {
        #expect(parse(text).0 == .badFieldName)
    }

    @Test func asManyFieldsAsAHead() {
        let limits = HeadLimits(fields: 2)
        #expect(parse("A: b\r\nC: d\r\n\r\n", limits: limits).0 == nil)
        #expect(parse("A: b\r\nC: d\r\nE: f\r\n\r\n", limits: limits).0 == .tooManyFields)
        #expect(parse(String(repeating: "A: b\r\n", count: 17) + "\r\n").0 == .tooManyFields)
    }

    @Test func areWrittenAnew() {
        let bytes = Array("A:b\r\nContent-Length: 5\r\nC: \td \r\nHost: x\r\n\r\n".utf8)
        var fields = FieldTable(capacity: 16)
        #expect(TrailerParser.parse(bytes.span, into: &fields, limits: HeadLimits()) == nil)
        var writer = HeadWriter(capacity: 256)
        writer.trailers(fields, in: bytes.span)
        #expect(string(writer) == "0\r\nA: b\r\nC: d\r\n\r\n")
    }
}
