/// A chain of certificates with its key, checked to belong together.
package final class TLSIdentity: Sendable {
    /// DNS names of the leaf (subjectAltName) in lower case, wildcards as they are, and IP addresses as text.
    package let names: [String] = []
    /// From when on the leaf is valid, in seconds since 1970.
    package let notBefore: Int64 = 0
    /// Until when the leaf is valid, in seconds since 1970.
    package let notAfter: Int64 = 0
    /// The kind of key: `ECDSA P-256`, `RSA 2048`, `Ed25519`.
    package let keyType: String = ""
    /// The pin of the leaf's key.
    package let pin = TLSPin(digest: [])
    /// The certificates in DER form, the leaf first.
    package let chain: [[UInt8]] = []
    /// Where the leaf's issuer says whether it is revoked.
    package let ocspURL: String? = nil

    /// A chain and its key in PEM form, both may be in one text.
    /// - Parameter ocsp: the issuer's word that the leaf is not revoked, in DER form, which is stapled.
    package init(certificates: [UInt8], key: [UInt8], ocsp: [UInt8]?) throws(TLSError) {}

    /// The same with another response of the issuer, or none.
    package func stapling(_ response: [UInt8]?) -> TLSIdentity { self }
}

/// What a listener can present, by name.
package struct TLSIdentityTable: Sendable {
    /// The first is presented to clients that name none of the others. Several for a name, of different kinds of keys,
    /// are all kept; a name goes before a wildcard.
    package init(_ identities: [TLSIdentity]) {}
}

/// What a listener presents now. It may be replaced while connections are open: they go on with what they have.
package final class TLSIdentities: Sendable {
    /// Presents what the table has.
    package init(_ table: TLSIdentityTable) {}

    /// Presents what another table has, from now on.
    package func replace(_ table: TLSIdentityTable) {}

    /// What is presented to a client that offers the protocol `acme-tls/1` alone and asks for `name` (RFC 8737); `nil`: no
    /// longer anything.
    package func setChallenge(_ name: String, _ identity: TLSIdentity?) {}
}
