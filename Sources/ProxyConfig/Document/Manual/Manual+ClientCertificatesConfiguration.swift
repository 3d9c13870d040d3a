// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let clientCertificatesConfiguration: [String: String] = [
        "ClientCertificatesConfiguration": #"""
        Certificates that clients show (mutual TLS). What is in them is told to servers in the fields `X-Client-Verified`,
        `X-Client-Subject`, `X-Client-Names` and `X-Client-Fingerprint`; what clients themselves send in these fields is
        dropped, here and on every other listener.
        """#,
        "ClientCertificatesConfiguration.ca": #"""
        The path of a PEM file with the certificates of those who issue them.
        """#,
        "ClientCertificatesConfiguration.crl": #"""
        The path of a file with lists of revoked certificates: CRLs in PEM form one after the other, or one in DER form.
        A certificate whose issuer has no list in it is refused.
        """#,
        "ClientCertificatesConfiguration.forwardCertificate": #"""
        Whether servers get the certificate itself too, in the field `Client-Cert` (RFC 9440).
        """#,
        "ClientCertificatesConfiguration.mode": #"""
        `require`: who has none is turned away. `request`: who has none is served too, without those fields. A
        certificate that is not valid is refused with either.
        """#,
        "ClientCertificatesConfiguration.names": #"""
        The names that are let in; a certificate must have one of them: a DNS name, an email address or the subject's
        common name as it is, `"*.example.com"` for any DNS name below it, or a SPIFFE id such as
        `spiffe://example.com/web`, which may end with `/*`. Without names, every certificate of `ca` will do.
        """#,
    ]
}
