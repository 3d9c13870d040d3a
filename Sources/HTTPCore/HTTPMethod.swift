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
        guard name.count <= 7 else {
            self = .other
            return
        }
        var word: UInt64 = 0
        for index in name.indices { word = word &<< 8 | UInt64(name[index]) }
        self = HTTPMethod.named(word)
    }

    /// The method whose name is spelled by the bytes of `word`, the last in the low byte: the digits read as the text
    /// behind them.
    private static func named(_ word: UInt64) -> HTTPMethod {
        switch word {
        case 0x47_4554: .get  // GET
        case 0x50_5554: .put  // PUT
        case 0x4845_4144: .head  // HEAD
        case 0x504F_5354: .post  // POST
        case 0x50_4154_4348: .patch  // PATCH
        case 0x54_5241_4345: .trace  // TRACE
        case 0x4445_4C45_5445: .delete  // DELETE
        case 0x43_4F4E_4E45_4354: .connect  // CONNECT
        case 0x4F_5054_494F_4E53: .options  // OPTIONS
        default: .other
        }
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

/// The versions of HTTP in which messages come.
@usableFromInline
package enum HTTPVersion: UInt8, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    case http10, http11, http2

    /// The protocol as logs name it.
    package var name: StaticString {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2.0"
        }
    }
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
