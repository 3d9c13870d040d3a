// What the tests of this target share: heads parsed from text, and what they hold as text.

import MartletHTTP1
import MartletHTTPCore

/// A parsed request as plain values.
struct ParsedRequest: Equatable {
    var result: HeadResult
    var method = HTTPMethod.get
    var target = ""
    var form = TargetForm.origin
    var path = ""
    var query: String?
    var authority = ""
    var version = HTTPVersion.http11
    var fields: [String] = []
    var dropped: [String] = []
    var framing = ContentFraming.none
    var isPersistent = true
    var expectsContinue = false
    var acceptsTrailers = false
    var length = 0
}

func text(_ bytes: [UInt8], _ slice: ByteRange) -> String {
    String(decoding: bytes[slice.range], as: UTF8.self)
}

/// The lines of `table` as text: those that pass, and those that end at this hop.
func lines(of table: borrowing FieldTable, in bytes: [UInt8]) -> (passing: [String], dropped: [String]) {
    var passing: [String] = []
    var dropped: [String] = []
    for index in 0..<table.count {
        let line = table[index]
        let string = text(bytes, line.name) + ": " + text(bytes, line.value)
        if line.isHopByHop { dropped.append(string) } else { passing.append(string) }
    }
    return (passing, dropped)
}

func parseRequest(_ bytes: [UInt8], limits: HeadLimits = HeadLimits()) -> ParsedRequest {
    var head = RequestHead(fieldCapacity: 128)
    let result = RequestParser.parse(bytes.span, into: &head, limits: limits)
    return values(of: head, in: bytes, result)
}

/// What `head` holds, which means something if the result is `complete`.
func values(of head: borrowing RequestHead, in bytes: [UInt8], _ result: HeadResult) -> ParsedRequest {
    var parsed = ParsedRequest(result: result)
    guard result == .complete else { return parsed }
    parsed.method = head.method
    parsed.target = text(bytes, head.target)
    parsed.form = head.form
    parsed.path = text(bytes, head.path)
    parsed.query = head.hasQuery ? text(bytes, head.query) : nil
    parsed.authority = text(bytes, head.authority)
    parsed.version = head.version
    (parsed.fields, parsed.dropped) = lines(of: head.fields, in: bytes)
    parsed.framing = head.framing
    parsed.isPersistent = head.isPersistent
    parsed.expectsContinue = head.expectsContinue
    parsed.acceptsTrailers = head.acceptsTrailers
    parsed.length = head.length
    return parsed
}

func parseRequest(_ string: String, limits: HeadLimits = HeadLimits()) -> ParsedRequest {
    parseRequest(Array(string.utf8), limits: limits)
}
