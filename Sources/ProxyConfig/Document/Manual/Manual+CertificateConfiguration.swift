// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let certificateConfiguration: [String: String] = [
        "CertificateConfiguration": #"""
        A certificate and its key.
        """#,
        "CertificateConfiguration.certificate": #"""
        The path of a PEM file with the certificate and those of the authorities between it and the root, in this order.
        """#,
        "CertificateConfiguration.key": #"""
        The path of a PEM file with the private key: RSA, ECDSA (P-256, P-384) or Ed25519, without a passphrase. Without
        it the key is in the same file as the certificate.
        """#,
        "CertificateConfiguration.ocsp": #"""
        Where the authority's word comes from that the certificate is not revoked, which is sent along with it (OCSP
        stapling): `off`, `fetch` to ask the authority again and again, or the path of a file with a response in DER
        form. Many authorities, Let's Encrypt among them, have no such service any more.
        """#,
    ]
}
