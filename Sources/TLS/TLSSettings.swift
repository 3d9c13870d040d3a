// What contexts are made from: settings that are not checked yet.

/// How clients are asked for certificates.
package struct TLSClientVerification: Sendable {
    /// Whether a client without a certificate is refused.
    package var isRequired: Bool
    /// Certificates in PEM form: clients' certificates must have been issued by one of these.
    package var authorities: [UInt8]
    /// Lists of revoked certificates (CRL), in PEM form one after the other, or one in DER form.
    package var revocations: [UInt8]?
    /// Names, one of which a certificate must have: a DNS name, an email address or the subject's common name as it is,
    /// `*.suffix` for DNS names, or `spiffe://domain/path`, which may end with `/*`. Empty: any.
    package var allowedNames: [String]

    /// Certificates of these authorities, with one of these names.
    package init(
        isRequired: Bool = true, authorities: [UInt8], revocations: [UInt8]? = nil, allowedNames: [String] = []
    ) {
        self.isRequired = isRequired
        self.authorities = authorities
        self.revocations = revocations
        self.allowedNames = allowedNames
    }
}

/// How a listener speaks TLS.
package struct TLSServerSettings: Sendable {
    /// The oldest version that is spoken.
    package var minimum = TLSVersion.v12
    /// The newest version that is spoken.
    package var maximum = TLSVersion.v13
    /// Cipher suites of TLS 1.2, by OpenSSL's or IANA's names, the best first: this order counts, not the client's. Empty:
    /// those with ECDHE and AEAD, of which AES-128 and ChaCha20, whichever the client prefers, go before AES-256.
    package var ciphers: [String] = []
    /// Groups for the exchange of keys, the best first. Empty: X25519MLKEM768, X25519, P-256, P-384.
    package var groups: [String] = []
    /// Protocols (ALPN, RFC 7301), the best first.
    package var protocols = ["http/1.1"]
    /// Whether, and how, clients are asked for certificates.
    package var clients: TLSClientVerification?
    /// Keys of the tickets with which clients come back without a full handshake; none: they cannot.
    package var tickets: TLSTicketKeys?

    package init() {}
}

/// How an upstream's servers are spoken to.
package struct TLSClientSettings: Sendable {
    /// Whose certificates are trusted.
    package enum Authorities: Sendable {
        /// Those that the system trusts.
        case system
        /// These certificates, in PEM form.
        case pem([UInt8])
    }

    /// Whose certificates are trusted.
    package var authorities = Authorities.system
    /// Whether servers' certificates are not looked at.
    package var isInsecure = false
    /// The oldest version that is spoken.
    package var minimum = TLSVersion.v12
    /// The newest version that is spoken.
    package var maximum = TLSVersion.v13
    /// Cipher suites of TLS 1.2, by OpenSSL's or IANA's names, the best first. Empty: those with ECDHE and AEAD.
    package var ciphers: [String] = []
    /// Groups for the exchange of keys, the best first. Empty: X25519MLKEM768, X25519, P-256, P-384.
    package var groups: [String] = []
    /// Protocols that are offered (ALPN), the best first; none: ALPN is not used.
    package var protocols: [String] = []
    /// The certificate that is shown to servers that ask for one.
    package var identity: TLSIdentity?
    /// Keys, one of which must be in the server's chain. Empty: any.
    package var pins: Set<TLSPin> = []
    /// Whether a pinned key is enough: the chain is not verified, and one of the certificates that were sent must match.
    package var pinsReplaceChain = false
    /// Whether a mismatch is only reported (`TLSSession.pinMismatch`).
    package var pinsReportOnly = false
    /// Whether servers are come back to without a full handshake.
    package var reusesSessions = true

    package init() {}
}
