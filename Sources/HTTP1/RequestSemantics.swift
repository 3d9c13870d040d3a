// What a complete request head means: whom it is for, where its content ends, whether the connection stays.

import MartletHTTPCore

enum RequestSemantics {
    /// Judges the fields together and puts down in `head` what follows from them.
    @inline(__always)
    static func apply(_ facts: FieldFacts, to head: inout RequestHead) throws(HeadStop) {
        try applyHost(facts, to: &head)
        head.framing = try framing(facts, head.version)
        head.isPersistent = isPersistent(facts, head.version)
        head.acceptsTrailers = facts.acceptsTrailers
        // HTTP/1.0 knows no expectations, and without content there is nothing to wait with (RFC 9110 section 10.1.1).
        head.expectsContinue = facts.expectsContinue && head.version == .http11 && hasContent(head.framing)
    }

    /// HTTP/1.1 has a Host; the authority of the target goes before it (RFC 9112 sections 3.2 and 3.2.2).
    @inline(__always)
    private static func applyHost(_ facts: FieldFacts, to head: inout RequestHead) throws(HeadStop) {
        guard let host = facts.host else {
            guard head.version == .http10 else { throw .refused(.missingHost) }
            return
        }
        if head.authority.isEmpty { head.authority = host }
    }

    /// Where the content ends (RFC 9112 section 6.3).
    @inline(__always)
    private static func framing(_ facts: FieldFacts, _ version: HTTPVersion) throws(HeadStop) -> ContentFraming {
        guard facts.isChunked else { return facts.contentLength.map { .length($0) } ?? .none }
        guard version == .http11 else { throw .refused(.transferEncodingInHTTP10) }
        guard facts.contentLength == nil else { throw .refused(.lengthWithTransferEncoding) }
        return .chunked
    }

    /// Whether the connection stays open afterwards (RFC 9112 section 9.3).
    @inline(__always)
    static func isPersistent(_ facts: FieldFacts, _ version: HTTPVersion) -> Bool {
        !facts.saysClose && (version == .http11 || facts.saysKeepAlive)
    }

    @inline(__always)
    private static func hasContent(_ framing: ContentFraming) -> Bool {
        framing != .none && framing != .length(0)
    }
}
