// Fields that mean nothing behind the content.

extension KnownFieldSet {
    /// What must not stand in trailers (RFC 9110 section 6.5.1): what frames, routes, authenticates or modifies a message,
    /// describes its content, or is for this hop only.
    package static var forbiddenInTrailers: KnownFieldSet {
        [
            .host, .connection, .contentLength, .transferEncoding, .te, .expect, .upgrade, .keepAlive,
            .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .trailer, .via, .forwarded, .xForwardedFor,
            .xForwardedProto, .xForwardedHost, .xForwardedPort, .xRealIP, .xRequestID, .authorization, .cookie,
            .setCookie, .wwwAuthenticate, .cacheControl, .pragma, .maxForwards, .range, .ifMatch, .ifNoneMatch,
            .ifModifiedSince, .ifUnmodifiedSince, .ifRange, .contentType, .contentEncoding, .contentRange, .location,
            .age, .date, .expires, .vary, .retryAfter,
        ]
    }
}
