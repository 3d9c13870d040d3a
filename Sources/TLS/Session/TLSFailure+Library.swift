// The library's errors in words that help.
import CNIOBoringSSL

extension TLSFailure {
    /// What the library says.
    static func of(_ code: LibraryErrors.Code, _ text: String, isServer: Bool) -> TLSFailure {
        if let alert = code.alert {
            let isOfCertificate = !isServer && certificateAlerts.contains(Int32(alert))
            return TLSFailure(
                isOfCertificate ? .clientCertificate : .handshake,
                "peer sent alert: \(LibraryErrors.text(ofAlert: alert))")
        }
        for (reason, kind, words) in known where code.isTLS(reason) { return TLSFailure(kind, words) }
        return TLSFailure(.protocolError, text)
    }

    /// Alerts with which a server refuses a client's certificate.
    private static let certificateAlerts: Set<Int32> = [
        SSL_AD_BAD_CERTIFICATE, SSL_AD_UNSUPPORTED_CERTIFICATE, SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED,
        SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA, SSL_AD_ACCESS_DENIED, SSL_AD_CERTIFICATE_REQUIRED,
    ]

    private static let known: [(reason: Int32, kind: Kind, words: String)] = [
        (SSL_R_UNSUPPORTED_PROTOCOL, .handshake, "peer offers no version that is allowed"),
        (SSL_R_WRONG_VERSION_NUMBER, .protocolError, "what came is not TLS"),
        (SSL_R_UNKNOWN_PROTOCOL, .protocolError, "what came is not TLS"),
        (SSL_R_HTTP_REQUEST, .plainHTTP, "a request of HTTP in clear came to a port of TLS"),
        (SSL_R_HTTPS_PROXY_REQUEST, .plainHTTP, "a request of HTTP in clear came to a port of TLS"),
        (
            SSL_R_NO_SHARED_CIPHER, .handshake,
            "peer offers no cipher suite that is allowed and that the certificate is for"
        ),
        (SSL_R_NO_SHARED_GROUP, .handshake, "peer offers no group that is allowed"),
        (SSL_R_WRONG_CURVE, .handshake, "peer has chosen a group that is not allowed"),
        (SSL_R_NO_COMMON_SIGNATURE_ALGORITHMS, .handshake, "peer knows no kind of signature of the certificate's key"),
        (SSL_R_NO_APPLICATION_PROTOCOL, .handshake, "peer offers no protocol (ALPN) that is spoken"),
        (SSL_R_INVALID_ALPN_PROTOCOL, .handshake, "peer has chosen a protocol (ALPN) that was not offered"),
        (SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, .clientCertificate, "the client has sent no certificate"),
        (SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, .protocolError, "a record was tampered with, or is damaged"),
        (SSL_R_NO_RENEGOTIATION, .protocolError, "peer wants to renegotiate, which is not allowed"),
        (SSL_R_TLSV1_ALERT_NO_RENEGOTIATION, .protocolError, "peer does not renegotiate"),
    ]
}
