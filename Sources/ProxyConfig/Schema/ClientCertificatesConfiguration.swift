// Certificates that clients show.

/// Certificates that clients show (mutual TLS). What is in them is told to servers in the fields `X-Client-Verified`,
/// `X-Client-Subject`, `X-Client-Names` and `X-Client-Fingerprint`; what clients themselves send in these fields is
/// dropped, here and on every other listener.
package struct ClientCertificatesConfiguration: Sendable, Equatable {
    /// `require`: who has none is turned away. `request`: who has none is served too, without those fields. A
    /// certificate that is not valid is refused with either.
    package var mode: ClientCertificateMode = .require

    /// The path of a PEM file with the certificates of those who issue them.
    package var ca: String

    /// The path of a file with lists of revoked certificates: CRLs in PEM form one after the other, or one in DER form.
    /// A certificate whose issuer has no list in it is refused.
    package var crl: String?

    /// The names that are let in; a certificate must have one of them: a DNS name, an email address or the subject's
    /// common name as it is, `"*.example.com"` for any DNS name below it, or a SPIFFE id such as
    /// `spiffe://example.com/web`, which may end with `/*`. Without names, every certificate of `ca` will do.
    package var names: [String] = []

    /// Whether servers get the certificate itself too, in the field `Client-Cert` (RFC 9440).
    package var forwardCertificate: Bool = false

    /// Certificates issued by those in the file `ca`.
    package init(ca: String) {
        self.ca = ca
    }
}

/// What becomes of clients without a certificate.
package enum ClientCertificateMode: String, Sendable, CaseIterable {
    /// They are turned away.
    case require
    /// They are served.
    case request

    /// What other programs call the same.
    static let otherWords: [String: ClientCertificateMode] = [
        "on": .require, "required": .require, "verify": .require, "require_and_verify": .require, "optional": .request,
        "verify_if_given": .request,
    ]
}

extension ClientCertificatesConfiguration: Section {
    static let noun = "clientCertificates"
    static var blank: ClientCertificatesConfiguration { ClientCertificatesConfiguration(ca: "") }

    static var keys: [Key<ClientCertificatesConfiguration>] {
        [
            Key("mode", \.mode, .choice(otherWords: ClientCertificateMode.otherWords)),
            Key("ca", \.ca, .filePath, required: true),
            Key("crl", \.crl, .optional(.filePath)),
            Key("names", \.names, .list(of: .clientName)),
            Key("forwardCertificate", \.forwardCertificate, .boolean),
        ]
    }
}
