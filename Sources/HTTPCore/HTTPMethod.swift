// The request methods (RFC 9110 section 9) and what is known of each.

/// A request method. Names are case-sensitive; one that is not listed is `other`, its name stands in the head.
@usableFromInline
package enum HTTPMethod: UInt8, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    case get, head, post, put, delete, options, trace, patch, connect, other

    /// Sending it twice means the same as sending it once, so it may be sent again (RFC 9110 section 9.2.2). Nothing is
    /// known of `other`, so it is not.
    @inlinable
    package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .patch, .connect, .other: false
        }
    }

    /// It asks for nothing but information (RFC 9110 section 9.2.1).
    @inlinable
    package var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        case .post, .put, .delete, .patch, .connect, .other: false
        }
    }

    /// The method of this name, `other` if it is not among the listed.
    package init(name: Span<UInt8>) {
        self = HTTPMethod.allCases.first { $0 != .other && ByteScan.equals(name, $0.name.bytes) } ?? .other
    }

    /// The name as it stands in a request line; "OTHER" for `other`.
    package var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .connect: "CONNECT"
        case .other: "OTHER"
        }
    }
}

/// The versions of HTTP that this parser understands.
@usableFromInline
package enum HTTPVersion: UInt8, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    case http10, http11
}

/// The four shapes of a request target (RFC 9112 section 3.2).
@usableFromInline
package enum TargetForm: UInt8, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    /// "/path?query", the usual one.
    case origin
    /// "http://host/path?query", as sent to a proxy.
    case absolute
    /// "host:port", of CONNECT only.
    case authority
    /// "*", of OPTIONS only.
    case asterisk
}
