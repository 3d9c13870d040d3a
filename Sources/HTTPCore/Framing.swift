// How a message says where its content ends (RFC 9112 section 6.3).

/// Where the content of a message ends.
@usableFromInline
package enum ContentFraming: Equatable, BitwiseCopyable, Sendable {
    /// There is no content.
    case none
    /// This many bytes, at most 2^63 - 1.
    case length(UInt64)
    /// The chunked transfer coding.
    case chunked
    /// All that comes until the peer closes: responses only. In HTTP/2, until the stream ends, in either direction.
    case untilClose
}
