// Which fields get an index: those that come again, and that nobody may guess.

import MartletHTTPCore

/// How a field is encoded (RFC 7541 section 6, and section 7.1 on what an index may tell).
enum FieldRule: BitwiseCopyable {
    /// Not at all: it is about a connection of HTTP/1 (RFC 9113 section 8.2.2).
    case dropped
    /// With an index, whatever the value is.
    case frequent
    /// With an index, unless the name has got one with another value: what changes would only push others out.
    case steady
    /// With an index when the same line comes a second time in a row.
    case repeated
    /// Without an index, as the value is of one message only.
    case plain
    /// Without an index, and nobody on the way may give it one.
    case secret

    /// The most bytes of a value that gets an index.
    static let longestValue = 256
    /// A cookie shorter than this could be guessed piece by piece (RFC 7541 section 7.1.3).
    static let shortCookie = 20

    /// The rule for a field and its value.
    init(_ field: KnownField, _ value: Span<UInt8>) {
        switch field {
        case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade: self = .dropped
        case .te: self = ByteScan.equals(value, lowercase: "trailers") ? .frequent : .dropped
        case .authorization, .proxyAuthorization, .setCookie: self = .secret
        case .cookie: self = value.count < Self.shortCookie ? .secret : .plain
        case .contentLength, .etag, .lastModified: self = .repeated
        case .host, .location, .age, .range, .contentRange, .ifMatch, .ifNoneMatch, .ifModifiedSince,
            .ifUnmodifiedSince, .ifRange, .referer:
            self = .plain
        case .server, .contentType, .via, .cacheControl, .vary, .date, .contentEncoding, .accept, .acceptEncoding,
            .acceptLanguage, .userAgent, .origin, .xForwardedProto, .xForwardedHost:
            self = value.count <= Self.longestValue ? .frequent : .plain
        default: self = value.count <= Self.longestValue ? .steady : .plain
        }
    }
}
