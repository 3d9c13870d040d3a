// The reasons for which a parser refuses a message. One case per rule.

/// Why a message was refused. `status` is what a client is told; a response that is refused is answered with 502.
@usableFromInline
package enum HeadRefusal: UInt8, Error, BitwiseCopyable, Equatable, Sendable, CaseIterable {
    // Lines (RFC 9112 section 2.2).
    /// A CR that no LF follows.
    case bareCarriageReturn
    /// A LF that stands without CR.
    case bareLineFeed
    /// More than two empty lines before a request line.
    case emptyLines

    // The request line (RFC 9112 section 3).
    /// It is not "METHOD SP target SP HTTP/x.y"; a version in lower case, or none, as in HTTP/0.9, is among this.
    case badRequestLine
    /// The method is not a token.
    case badMethod
    /// The target has none of the four shapes, not the one its method needs, or forbidden bytes.
    case badTarget
    /// The path has "%" without two hexadecimal digits, NUL, or a character encoded in more bytes than it needs (RFC 3986
    /// section 2.1, RFC 3629 section 3).
    case badPathEncoding
    /// Servers understand the path in different ways: it has a backslash, an encoded slash where the route does not take it,
    /// leads out of the root with "..", or has parameters behind a segment of dots.
    case ambiguousPath
    /// The target, or what stands in its place, is longer than the limit (RFC 9110 section 15.5.15).
    case targetTooLong
    /// A version other than HTTP/1.0 and HTTP/1.1 (RFC 9110 section 15.6.6).
    case versionNotSupported

    // The status line (RFC 9112 section 4).
    /// It is not "HTTP/1.x SP 3DIGIT [SP reason]" with a status of 100 to 599.
    case badStatusLine

    // Field lines (RFC 9112 section 5).
    /// The name is empty or not a token.
    case badFieldName
    /// White space between name and colon.
    case spaceBeforeColon
    /// A line that begins with white space, once a continuation of the line before.
    case obsoleteFolding
    /// A control byte other than HTAB in a value.
    case badFieldValue
    /// More field lines than the limit.
    case tooManyFields
    /// More bytes in the head than the limit.
    case headTooLarge

    // What fields say.
    /// HTTP/1.1 without Host (RFC 9112 section 3.2).
    case missingHost
    /// More than one Host.
    case repeatedHost
    /// A Host, or the authority of a target, that is not "host[:port]".
    case badHost
    /// A Content-Length that is not one decimal number below 2^63 (RFC 9112 section 6.3).
    case badContentLength
    /// More than one Content-Length, even when equal.
    case repeatedContentLength
    /// Both Content-Length and Transfer-Encoding (RFC 9112 section 6.1).
    case lengthWithTransferEncoding
    /// A transfer coding other than a single "chunked".
    case badTransferEncoding
    /// Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1).
    case transferEncodingInHTTP10
    /// A Connection field that is not a list of tokens, or of more than 32 (RFC 9110 section 7.6.1).
    case badConnection
    /// An expectation other than 100-continue (RFC 9110 section 10.1.1).
    case unknownExpectation

    // Content (RFC 9112 section 7.1).
    /// A chunk size that is not 1 to 16 hexadecimal digits, or is above 2^63 - 1.
    case badChunkSize
    /// A control byte in a chunk extension.
    case badChunkExtension
    /// Chunk extensions longer than 256 bytes, or more of them than the content they come with is worth.
    case chunkExtensionsTooLong
    /// A chunk's data is not followed by CR LF.
    case badChunkEnd
    /// A trailer section above its limit.
    case trailersTooLarge
}

extension HeadRefusal {
    /// The status code of the answer to a client.
    package var status: Int {
        switch self {
        case .targetTooLong: 414
        case .unknownExpectation: 417
        case .headTooLarge, .tooManyFields, .trailersTooLarge: 431
        case .versionNotSupported: 505
        default: 400
        }
    }

    /// What was wrong in a few words, for logs; never shown to a peer.
    package var reason: String {
        switch self {
        case .bareCarriageReturn: "bare CR"
        case .bareLineFeed: "bare LF"
        case .emptyLines: "too many empty lines before the request"
        case .badRequestLine: "malformed request line"
        case .badMethod: "malformed method"
        case .badTarget: "malformed request target"
        case .badPathEncoding: "malformed percent-encoding in the path"
        case .ambiguousPath: "path that servers understand in different ways"
        case .targetTooLong: "request target too long"
        case .versionNotSupported: "HTTP version not supported"
        case .badStatusLine: "malformed status line"
        case .badFieldName: "malformed field name"
        case .spaceBeforeColon: "white space before the colon of a field"
        case .obsoleteFolding: "folded field line"
        case .badFieldValue: "control byte in a field value"
        case .tooManyFields: "too many fields"
        case .headTooLarge: "head too large"
        case .missingHost: "no Host"
        case .repeatedHost: "more than one Host"
        case .badHost: "malformed host"
        case .badContentLength: "malformed Content-Length"
        case .repeatedContentLength: "more than one Content-Length"
        case .lengthWithTransferEncoding: "Content-Length with Transfer-Encoding"
        case .badTransferEncoding: "transfer coding other than chunked"
        case .transferEncodingInHTTP10: "Transfer-Encoding in HTTP/1.0"
        case .badConnection: "malformed Connection"
        case .unknownExpectation: "unknown expectation"
        case .badChunkSize: "malformed chunk size"
        case .badChunkExtension: "control byte in a chunk extension"
        case .chunkExtensionsTooLong: "chunk extensions too long"
        case .badChunkEnd: "chunk data without CR LF"
        case .trailersTooLarge: "trailer section too large"
        }
    }
}

/// What became of an attempt to parse a head.
@usableFromInline
package enum HeadResult: Equatable, BitwiseCopyable, Sendable {
    /// The head is all there and in order.
    case complete
    /// More bytes are needed; what is there is in order so far.
    case incomplete
    /// It is not HTTP as this proxy accepts it. The connection is to be closed: its framing is in doubt.
    case refused(HeadRefusal)
}
