// The certificates that the system trusts.

enum SystemRoots {
    /// Where distributions keep them.
    static let paths = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// Read once, when they are needed first.
    static let store: Result<TrustStore, TLSError> = Result { () throws(TLSError) in
        for path in [FileBytes.environment("SSL_CERT_FILE")].compactMap(\.self) + paths {
            guard let text = FileBytes.read(path) else { continue }
            // One that is not understood must not take the others away.
            let certificates = PEMBlock.all(in: text).filter(\.isCertificate).compactMap { Certificate(der: $0.bytes) }
            if !certificates.isEmpty { return try TrustStore(certificates) }
        }
        throw TLSError(
            "the system's trusted certificates are not found: install the package ca-certificates, or name a file of your own with `ca`"
        )
    }
}
