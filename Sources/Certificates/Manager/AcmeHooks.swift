// What the manager asks of the proxy: it knows nothing else of it.

/// A certificate with its chain, leaf first, and the key, both PEM.
package struct PEMIdentity: Equatable, Sendable {
    package let certificates: [UInt8]
    package let key: [UInt8]

    package init(certificates: [UInt8], key: [UInt8]) {
        self.certificates = certificates
        self.key = key
    }
}

/// What the manager asks of the proxy. A function returns when all loops have what it hands over.
package protocol AcmeHooks: Sendable {
    /// Presents `identity` for the request's names from now on. `origin` says where it is from.
    /// - Throws: when it cannot be used; it is logged, and the one in force stays.
    func install(_ request: AcmeRequest.ID, _ identity: PEMIdentity, from origin: AcmeOrigin) async throws

    /// Answers `GET /.well-known/acme-challenge/TOKEN` with `answer`; with `nil` no longer.
    func setHTTPChallenge(token: String, answer: String?) async

    /// Presents `identity` for `name` to those who offer ALPN `acme-tls/1` alone; with `nil` no longer.
    func setTLSChallenge(name: String, identity: PEMIdentity?) async

    /// What is to be known of a request has changed; for metrics and the admin API.
    func report(_ request: AcmeRequest.ID, _ status: AcmeStatus) async
}

/// Where a certificate that is installed comes from.
package enum AcmeOrigin: String, Sendable {
    /// Made here, until the authority's is there.
    case selfMade = "self-made"
    /// Of the authority, kept from before.
    case stored
    /// Of the authority, just now.
    case issued
}

/// What is known of a request. Times are in seconds since 1970.
package struct AcmeStatus: Equatable, Sendable {
    /// Where the certificate in force comes from; `nil`: there is none.
    package var origin: AcmeOrigin?
    /// When the certificate in force ends.
    package var notAfter: Int64?
    /// When the next order begins, be it a renewal or another try.
    package var nextTry: Int64?
    /// When the last order failed; `nil` after one that succeeded.
    package var lastFailure: Int64?
    /// Why it failed.
    package var lastError: String?
    /// How many certificates have been issued since the start.
    package var issued = 0
    /// How many orders have failed since the start.
    package var failed = 0

    package init() {}
}
