// What a complete response head means: where its content ends and whether the connection stays.

import MartletHTTPCore

enum ResponseSemantics {
    /// Judges the fields together and puts down in `head` what follows from them.
    @inline(__always)
    static func apply(
        _ facts: FieldFacts, to head: inout ResponseHead, requestMethod: HTTPMethod
    ) throws(HeadStop) {
        if facts.isChunked {
            guard head.version == .http11 else { throw .refused(.transferEncodingInHTTP10) }
            guard facts.contentLength == nil else { throw .refused(.lengthWithTransferEncoding) }
        }
        head.declaredLength = mayDeclareLength(head.status) ? facts.contentLength : nil
        head.framing = framing(facts, status: head.status, requestMethod: requestMethod)
        head.isPersistent =
            RequestSemantics.isPersistent(facts, head.version) && head.framing != .untilClose
            && !announcesImpossibleContent(facts, status: head.status)
    }

    /// Where the content ends (RFC 9112 section 6.3).
    @inline(__always)
    private static func framing(_ facts: FieldFacts, status: Int, requestMethod: HTTPMethod) -> ContentFraming {
        if requestMethod == .head || status < 200 || status == 204 || status == 304 { return .none }
        if facts.isChunked { return .chunked }
        return facts.contentLength.map { .length($0) } ?? .untilClose
    }

    /// A 1xx or 204 has no Content-Length, so one that a server sends all the same ends here (RFC 9110 section 8.6).
    @inline(__always)
    private static func mayDeclareLength(_ status: Int) -> Bool { status >= 200 && status != 204 }

    /// A 1xx or 204 that says it has content, which it cannot have (RFC 9112 section 6.1, RFC 9110 section 8.6): the
    /// server may send it all the same, and then what follows is not the next head.
    @inline(__always)
    private static func announcesImpossibleContent(_ facts: FieldFacts, status: Int) -> Bool {
        guard !mayDeclareLength(status) else { return false }
        return facts.isChunked || (facts.contentLength ?? 0) > 0
    }
}
