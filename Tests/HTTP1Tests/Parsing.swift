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

func parseRequest(_ bytes: [UInt8], limits: HeadLimits = HeadLimits()) -> ParsedRequest {
    var head = RequestHead(fieldCapacity: 128)
    let result = RequestParser.parse(bytes.span, into: &head, limits: limits)
    var parsed = ParsedRequest(result: result)
    guard result == .complete else { return parsed }
    parsed.method = head.method
    parsed.target = text(bytes, head.target)
    parsed.form = head.form
    parsed.path = text(bytes, head.path)
    parsed.query = head.hasQuery ? text(bytes, head.query) : nil
    parsed.authority = text(bytes, head.authority)
    parsed.version = head.version
    for index in 0..<head.fields.count {
        let line = head.fields[index]
        let string = text(bytes, line.name) + ": " + text(bytes, line.value)
        if line.isHopByHop { parsed.dropped.append(string) } else { parsed.fields.append(string) }
    }
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
