// The field names this proxy knows: those it acts on, and those that settings and later capabilities ask for often.

/// A field name by number, so that it is compared as one byte. At most 63 besides `other`, to fit in a `KnownFieldSet`.
@usableFromInline
package enum KnownField: UInt8, BitwiseCopyable, Equatable, Hashable, Sendable, CaseIterable {
    /// Any name that is not listed.
    case other = 0

    // Those that a parser looks at, or that never pass a proxy.
    case host
    case connection
    case contentLength
    case transferEncoding
    case te
    case expect
    case upgrade
    case keepAlive
    case proxyConnection
    case http2Settings
    case proxyAuthenticate
    case proxyAuthorization

    // About the way a message took.
    case trailer
    case via
    case forwarded
    case xForwardedFor
    case xForwardedProto
    case xForwardedHost
    case xForwardedPort
    case xRealIP
    case xRequestID
    case traceparent

    // About the client's certificate.
    case xClientVerified
    case xClientSubject
    case xClientNames
    case xClientFingerprint
    case clientCert
    case clientCertChain

    // Of requests.
    case accept
    case acceptEncoding
    case acceptLanguage
    case userAgent
    case referer
    case origin
    case cookie
    case authorization
    case range
    case ifMatch
    case ifNoneMatch
    case ifModifiedSince
    case ifUnmodifiedSince
    case ifRange
    case maxForwards

    // Of responses, or of both.
    case cacheControl
    case pragma
    case date
    case age
    case server
    case contentType
    case contentEncoding
    case contentRange
    case location
    case setCookie
    case wwwAuthenticate
    case etag
    case lastModified
    case expires
    case vary
    case allow
    case retryAfter
    case endpointLoadMetrics

    /// Whether a parser has to look at the field for framing, persistence or hop-by-hop meaning.
    @inlinable @inline(__always)
    package var concernsTheHop: Bool {
        self != .other && rawValue <= KnownField.proxyAuthorization.rawValue
    }

    /// The name as it is written, "" for `other`.
    package var name: StaticString {
        switch self {
        case .other: ""
        case .host: "Host"
        case .connection: "Connection"
        case .contentLength: "Content-Length"
        case .transferEncoding: "Transfer-Encoding"
        case .te: "TE"
        case .expect: "Expect"
        case .upgrade: "Upgrade"
        case .keepAlive: "Keep-Alive"
        case .proxyConnection: "Proxy-Connection"
        case .http2Settings: "HTTP2-Settings"
        case .proxyAuthenticate: "Proxy-Authenticate"
        case .proxyAuthorization: "Proxy-Authorization"
        case .trailer: "Trailer"
        case .via: "Via"
        case .forwarded: "Forwarded"
        case .xForwardedFor: "X-Forwarded-For"
        case .xForwardedProto: "X-Forwarded-Proto"
        case .xForwardedHost: "X-Forwarded-Host"
        case .xForwardedPort: "X-Forwarded-Port"
        case .xRealIP: "X-Real-IP"
        case .xRequestID: "X-Request-ID"
        case .traceparent: "traceparent"
        case .xClientVerified: "X-Client-Verified"
        case .xClientSubject: "X-Client-Subject"
        case .xClientNames: "X-Client-Names"
        case .xClientFingerprint: "X-Client-Fingerprint"
        case .clientCert: "Client-Cert"
        case .clientCertChain: "Client-Cert-Chain"
        case .accept: "Accept"
        case .acceptEncoding: "Accept-Encoding"
        case .acceptLanguage: "Accept-Language"
        case .userAgent: "User-Agent"
        case .referer: "Referer"
        case .origin: "Origin"
        case .cookie: "Cookie"
        case .authorization: "Authorization"
        case .range: "Range"
        case .ifMatch: "If-Match"
        case .ifNoneMatch: "If-None-Match"
        case .ifModifiedSince: "If-Modified-Since"
        case .ifUnmodifiedSince: "If-Unmodified-Since"
        case .ifRange: "If-Range"
        case .maxForwards: "Max-Forwards"
        case .cacheControl: "Cache-Control"
        case .pragma: "Pragma"
        case .date: "Date"
        case .age: "Age"
        case .server: "Server"
        case .contentType: "Content-Type"
        case .contentEncoding: "Content-Encoding"
        case .contentRange: "Content-Range"
        case .location: "Location"
        case .setCookie: "Set-Cookie"
        case .wwwAuthenticate: "WWW-Authenticate"
        case .etag: "ETag"
        case .lastModified: "Last-Modified"
        case .expires: "Expires"
        case .vary: "Vary"
        case .allow: "Allow"
        case .retryAfter: "Retry-After"
        case .endpointLoadMetrics: "endpoint-load-metrics"
        }
    }
}
