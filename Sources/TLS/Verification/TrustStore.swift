// Verifying chains of certificates. One of the few files that hold `unsafe`: the library takes and gives pointers.
import CNIOBoringSSL

/// Certificates that are trusted, and what is revoked.
final class TrustStore: Sendable {
    /// What a chain is verified for.
    enum Purpose: Sendable {
        /// A server of this name or address.
        case server(String)
        /// A client.
        case client
    }

    private let object: LibraryObject
    private let hasRevocations: Bool
    /// The subjects of the certificates, in DER form: what clients are told.
    let subjects: [CertificateBuffer]

    /// - Parameter revocations: lists in PEM form, or one in DER form.
    init(_ authorities: [Certificate], revocations: [UInt8]? = nil) throws(TLSError) {
        guard let object = unsafe LibraryObject(X509_STORE_new(), X509_STORE_free) else {
            throw TLSError("there is no memory for certificates")
        }
        self.object = object
        hasRevocations = revocations != nil
        for certificate in authorities { _ = unsafe X509_STORE_add_cert(object.pointer, certificate.object.pointer) }
        subjects = authorities.compactMap { certificate in
            CertificateBuffer(
                unsafe LibraryBytes.encoded { out in
                    unsafe i2d_X509_NAME(X509_get_subject_name(certificate.object.pointer), out)
                })
        }
        ERR_clear_error()
        if let revocations { try add(revocations: revocations) }
    }

    private func add(revocations: [UInt8]) throws(TLSError) {
        let blocks = PEMBlock.all(in: revocations).filter { $0.label == "X509 CRL" }.map(\.bytes)
        for bytes in blocks.isEmpty ? [revocations] : blocks {
            let parsed = unsafe LibraryBytes.decode(bytes) { position, count in
                unsafe d2i_X509_CRL(nil, &position, count)
            }
            guard let list = unsafe LibraryObject(parsed, X509_CRL_free) else {
                ERR_clear_error()
                throw TLSError(
                    "the list of revoked certificates (CRL) cannot be read: it is neither in PEM nor DER form")
            }
            _ = unsafe X509_STORE_add_crl(object.pointer, list.pointer)
        }
    }

    /// Verifies that a chain, the leaf first, leads to a certificate that is trusted; that chain, or why not.
    func verify(_ chain: [Certificate], for purpose: Purpose) -> Result<[Certificate], Refusal> {
        let outOfMemory = Refusal(SSL_AD_INTERNAL_ERROR, "there is no memory to verify a certificate")
        guard let leaf = chain.first else {
            return .failure(Refusal(SSL_AD_BAD_CERTIFICATE, "there is no certificate"))
        }
        guard let context = unsafe LibraryObject(X509_STORE_CTX_new(), X509_STORE_CTX_free),
            let others = unsafe LibraryObject(sk_X509_new_null(), sk_X509_free)
        else { return .failure(outOfMemory) }
        defer { ERR_clear_error() }
        for certificate in chain.dropFirst() {
            if unsafe sk_X509_push(others.pointer, certificate.object.pointer) == 0 { return .failure(outOfMemory) }
        }
        // The context keeps pointers into all of these.
        return withExtendedLifetime((leaf, chain, others)) {
            let isReady = unsafe X509_STORE_CTX_init(
                context.pointer, object.pointer, leaf.object.pointer, others.pointer)
            if isReady != 1 || !ready(context, for: purpose) { return .failure(outOfMemory) }
            if unsafe X509_verify_cert(context.pointer) == 1 { return .success(Self.verified(context)) }
            return .failure(Self.refusal(context, leaf, purpose))
        }
    }

    private func ready(_ context: LibraryObject, for purpose: Purpose) -> Bool {
        let parameters = unsafe X509_STORE_CTX_get0_param(context.pointer)
        var flags = UInt(X509_V_FLAG_PARTIAL_CHAIN)
        var isReady = true
        switch purpose {
        case .client: isReady = unsafe X509_STORE_CTX_set_default(context.pointer, "ssl_client") == 1
        case .server(let host):
            isReady = unsafe X509_STORE_CTX_set_default(context.pointer, "ssl_server") == 1
            unsafe X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
            if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 {
                ERR_clear_error()
                isReady = unsafe isReady && X509_VERIFY_PARAM_set1_host(parameters, host, host.utf8.count) == 1
            }
        }
        if hasRevocations {
            flags |= UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
            unsafe X509_STORE_CTX_set_verify_cb(context.pointer) { isFine, context in
                // An intermediate authority whose issuer publishes no list passes; the leaf does not.
                let isMissing = unsafe X509_STORE_CTX_get_error(context) == X509_V_ERR_UNABLE_TO_GET_CRL
                return unsafe isMissing && X509_STORE_CTX_get_error_depth(context) > 0 ? 1 : isFine
            }
        }
        return unsafe isReady && X509_VERIFY_PARAM_set_flags(parameters, flags) == 1
    }

    private static func verified(_ context: LibraryObject) -> [Certificate] {
        guard let chain = unsafe X509_STORE_CTX_get0_chain(context.pointer) else { return [] }
        return unsafe (0..<sk_X509_num(chain)).compactMap { index in
            unsafe Certificate(sharing: sk_X509_value(chain, index))
        }
    }

    private static func refusal(_ context: LibraryObject, _ leaf: Certificate, _ purpose: Purpose) -> Refusal {
        let error = unsafe X509_STORE_CTX_get_error(context.pointer)
        var text = unsafe String(cString: X509_verify_cert_error_string(Int(error)))
        if case .server(let host) = purpose,
            [X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH].contains(error)
        {
            let names = leaf.names.map(\.text).prefix(8).joined(separator: ", ")
            text = "the certificate is not for \(host)" + (names.isEmpty ? ": it has no name" : " but for \(names)")
        } else if error == X509_V_ERR_UNABLE_TO_GET_CRL {
            text = "no list of revoked certificates (CRL) of the certificate's issuer"
        }
        let depth = unsafe X509_STORE_CTX_get_error_depth(context.pointer)
        if depth > 0, let culprit = unsafe Certificate(sharing: X509_STORE_CTX_get_current_cert(context.pointer)) {
            text += " (\(culprit.subject))"
        }
        return Refusal(Refusal.alert(error), text)
    }
}

extension Certificate.Name {
    /// As it is written in a certificate's text: `DNS:…`.
    var labeled: String {
        switch self {
        case .dns(let text): "DNS:" + text
        case .address(let text): "IP:" + text
        case .uri(let text): "URI:" + text
        case .email(let text): "email:" + text
        }
    }

    var text: String {
        switch self {
        case .dns(let text), .address(let text), .uri(let text), .email(let text): text
        }
    }
}
