// Responses parsed from text, and what they hold as text.

import MartletHTTP1
import MartletHTTPCore

/// A parsed response as plain values.
struct ParsedResponse: Equatable {
    var result: HeadResult
    var status = 0
    var reason = ""
    var version = HTTPVersion.http11
    var fields: [String] = []
    var dropped: [String] = []
    var framing = ContentFraming.none
    var declaredLength: UInt64?
    var isPersistent = true
    var length = 0
}

func parseResponse(
    _ bytes: [UInt8], to method: HTTPMethod = .get, limits: HeadLimits = HeadLimits()
) -> ParsedResponse {
    var head = ResponseHead(fieldCapacity: 128)
    let result = ResponseParser.parse(bytes.span, into: &head, requestMethod: method, limits: limits)
    var parsed = ParsedResponse(result: result)
    guard result == .complete else { return parsed }
    parsed.status = head.status
    parsed.reason = text(bytes, head.reason)
    parsed.version = head.version
    (parsed.fields, parsed.dropped) = lines(of: head.fields, in: bytes)
    parsed.framing = head.framing
    parsed.declaredLength = head.declaredLength
    parsed.isPersistent = head.isPersistent
    parsed.length = head.length
    return parsed
}

func parseResponse(_ string: String, to method: HTTPMethod = .get) -> ParsedResponse {
    parseResponse(Array(string.utf8), to: method)
}
