// Why a certificate is not accepted.
import CNIOBoringSSL

/// Why a chain of certificates is not accepted: for us in words, for the peer as an alert.
struct Refusal: Error, Equatable {
    let alert: UInt8
    let text: String

    init(_ alert: Int32, _ text: String) {
        self.alert = UInt8(truncatingIfNeeded: alert)
        self.text = text
    }

    /// For an error of the library's verification (`X509_V_ERR_…`).
    static func alert(_ error: Int32) -> Int32 {
        switch error {
        case X509_V_ERR_CERT_HAS_EXPIRED: SSL_AD_CERTIFICATE_EXPIRED
        case X509_V_ERR_CERT_REVOKED: SSL_AD_CERTIFICATE_REVOKED
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_INVALID_CA:
            SSL_AD_UNKNOWN_CA
        case X509_V_ERR_INVALID_PURPOSE: SSL_AD_UNSUPPORTED_CERTIFICATE
        case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID:
            SSL_AD_CERTIFICATE_UNKNOWN
        case X509_V_ERR_OUT_OF_MEM: SSL_AD_INTERNAL_ERROR
        default: SSL_AD_BAD_CERTIFICATE
        }
    }
}
