// A request's head, as positions in the bytes it was parsed from.

/// A request's start line and fields, or what HTTP/2 has in their place. All ranges are slices of the bytes that were
/// parsed, the head's arena.
@usableFromInline
package struct RequestHead: ~Copyable {
    /// The method.
    @usableFromInline package var method = HTTPMethod.get
    /// The method's name as it was sent.
    @usableFromInline package var methodName = ByteRange()
    /// The request target as it was sent.
    @usableFromInline package var target = ByteRange()
    /// The target's shape.
    @usableFromInline package var form = TargetForm.origin
    /// The target's path, beginning with "/". Empty in the forms that have none, and for an absolute-form target without
    /// one, where it means "/".
    @usableFromInline package var path = ByteRange()
    /// The path has been brought in one form and still has percent-encoded characters; and among them a slash or backslash.
    @usableFromInline package var isPathEncoded = false
    @usableFromInline package var hasEncodedSlash = false
    /// What stands behind "?" in the target.
    @usableFromInline package var query = ByteRange()
    /// Whether there was a "?", be the query empty or not.
    @usableFromInline package var hasQuery = false
    /// The scheme of an absolute-form target, or of `:scheme`: "http" or "https" in any case; otherwise empty.
    @usableFromInline package var scheme = ByteRange()
    /// "host[:port]" of the target if it has one (RFC 9112 section 3.2.2), otherwise Host's value; empty if that is
    /// missing too, as HTTP/1.0 allows. Its bytes are those of a valid host.
    @usableFromInline package var authority = ByteRange()
    /// The protocol that an extended CONNECT asks for with `:protocol` (RFC 8441 section 4), a token; otherwise empty.
    @usableFromInline package var protocolName = ByteRange()
    /// The version.
    @usableFromInline package var version = HTTPVersion.http11
    /// The field lines.
    @usableFromInline package var fields: FieldTable
    /// Where the content ends: `none`, `length` or `chunked`; in HTTP/2 also `untilClose`, which is until the stream ends.
    @usableFromInline package var framing = ContentFraming.none
    /// Whether the connection may serve another request afterwards.
    @usableFromInline package var isPersistent = true
    /// The client waits for 100 (Continue) before it sends content (RFC 9110 section 10.1.1).
    @usableFromInline package var expectsContinue = false
    /// The client understands trailer fields (TE: trailers, RFC 9110 section 6.5.1).
    @usableFromInline package var acceptsTrailers = false
    /// Bytes of the head: empty lines before it, start line, fields, and the blank line. In HTTP/2, bytes of the arena.
    @usableFromInline package var length = 0

    /// An empty head with room for `fieldCapacity` field lines.
    package init(fieldCapacity: Int) {
        fields = FieldTable(capacity: fieldCapacity)
    }

    /// Makes it as it was when new. The memory for field lines is kept.
    package mutating func reset() {
        method = .get
        methodName = ByteRange()
        target = ByteRange()
        form = .origin
        path = ByteRange()
        isPathEncoded = false
        hasEncodedSlash = false
        query = ByteRange()
        hasQuery = false
        scheme = ByteRange()
        authority = ByteRange()
        protocolName = ByteRange()
        version = .http11
        fields.removeAll()
        framing = .none
        isPersistent = true
        expectsContinue = false
        acceptsTrailers = false
        length = 0
    }
}
