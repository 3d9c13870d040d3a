// A response's head, as positions in the bytes it was parsed from.

/// A response's status line and fields. All ranges are slices of the bytes that were parsed, the head's arena.
@usableFromInline
package struct ResponseHead: ~Copyable {
    /// The status code, 100...599.
    @usableFromInline package var status = 200
    /// The reason phrase; may be empty.
    @usableFromInline package var reason = ByteRange()
    /// The version.
    @usableFromInline package var version = HTTPVersion.http11
    /// The field lines.
    @usableFromInline package var fields: FieldTable
    /// Where the content ends, with regard to the request's method and the status (RFC 9112 section 6.3).
    @usableFromInline package var framing = ContentFraming.none
    /// The Content-Length as sent. In answers to HEAD and in 304 it is the length the content would have had, and is
    /// passed on although `framing` is `none`. Nil in 1xx and 204, which must not have one (RFC 9110 section 8.6).
    @usableFromInline package var declaredLength: UInt64?
    /// Whether the connection may carry another request afterwards. False when content ends with the connection, and
    /// when a response that has none announces some.
    @usableFromInline package var isPersistent = true
    /// Bytes of the head: status line, fields, and the blank line. In HTTP/2, bytes of the arena.
    @usableFromInline package var length = 0

    /// An empty head with room for `fieldCapacity` field lines.
    package init(fieldCapacity: Int) {
        fields = FieldTable(capacity: fieldCapacity)
    }

    /// It is an interim response, after which another head comes (RFC 9110 section 15.2).
    @inlinable @inline(__always)
    package var isInformational: Bool { status < 200 }

    /// Makes it as it was when new. The memory for field lines is kept.
    package mutating func reset() {
        status = 200
        reason = ByteRange()
        version = .http11
        fields.removeAll()
        framing = .none
        declaredLength = nil
        isPersistent = true
        length = 0
    }
}
