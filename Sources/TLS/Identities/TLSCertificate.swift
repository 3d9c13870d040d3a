// What is to be read from a certificate by people.

/// A certificate's facts.
package struct TLSCertificate: Equatable, Sendable {
    /// The subject, as RFC 4514 writes it.
    package let subject: String
    /// The alternative names: `DNS:…`, `IP:…`, `URI:…`, `email:…`.
    package let names: [String]
    /// From when on it is valid, in seconds since 1970.
    package let notBefore: Int64
    /// Until when it is valid, in seconds since 1970.
    package let notAfter: Int64
    /// The pin of its key.
    package let pin: TLSPin

    /// `nil` for what is not a certificate in DER form.
    package init?(der: [UInt8]) {
        guard let certificate = Certificate(der: der) else { return nil }
        self.init(certificate)
    }

    private init(_ certificate: Certificate) {
        subject = certificate.subject
        names = certificate.names.map(\.labeled)
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
        pin = certificate.pin
    }

    /// The certificates in a text in PEM form, in their order.
    package static func all(inPEM text: [UInt8]) throws(TLSError) -> [TLSCertificate] {
        try PEMBlock.certificates(in: text).map { TLSCertificate($0) }
    }
}
