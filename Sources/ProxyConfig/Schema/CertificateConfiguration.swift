// A certificate in files, and what stands beside it.

/// A certificate and its key.
package struct CertificateConfiguration: Sendable, Equatable {
    /// The path of a PEM file with the certificate and those of the authorities between it and the root, in this order.
    package var certificate: String

    /// The path of a PEM file with the private key: RSA, ECDSA (P-256, P-384) or Ed25519, without a passphrase. Without
    /// it the key is in the same file as the certificate.
    package var key: String?

    /// Where the authority's word comes from that the certificate is not revoked, which is sent along with it (OCSP
    /// stapling): `off`, `fetch` to ask the authority again and again, or the path of a file with a response in DER
    /// form. Many authorities, Let's Encrypt among them, have no such service any more.
    package var ocsp: OCSPSource = .off

    /// The certificate in a file.
    package init(certificate: String, key: String? = nil) {
        self.certificate = certificate
        self.key = key
    }
}

/// Where the word comes from that a certificate is not revoked.
package enum OCSPSource: Sendable, Equatable {
    /// There is none.
    case off
    /// The authority is asked.
    case fetch
    /// A file.
    case path(String)
}

extension CertificateConfiguration: Section {
    static let noun = "a certificate"
    static var blank: CertificateConfiguration { CertificateConfiguration(certificate: "") }

    static var keys: [Key<CertificateConfiguration>] {
        [
            Key("certificate", \.certificate, .filePath, required: true),
            Key("key", \.key, .optional(.filePath)),
            Key("ocsp", \.ocsp, .ocspSource),
        ]
    }
}
