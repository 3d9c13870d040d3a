// What contexts of both sides have in common. One of the few files that hold `unsafe`: the library takes pointers.
import CNIOBoringSSL

/// Which versions, suites, groups and protocols are spoken.
struct ContextSettings {
    let minimum: TLSVersion
    let maximum: TLSVersion
    let ciphers: [String]
    let groups: [String]
}

enum ContextObject {
    /// Chains that several sessions have are in memory once.
    private static let buffers = unsafe LibraryObject(CRYPTO_BUFFER_POOL_new(), CRYPTO_BUFFER_POOL_free)

    /// Kinds of signatures that peers may make; SHA-1 is not among them.
    private static let signatures: [UInt16] = [
        UInt16(SSL_SIGN_ECDSA_SECP256R1_SHA256), UInt16(SSL_SIGN_RSA_PSS_RSAE_SHA256), UInt16(SSL_SIGN_ED25519),
        UInt16(SSL_SIGN_ECDSA_SECP384R1_SHA384), UInt16(SSL_SIGN_ECDSA_SECP521R1_SHA512),
        UInt16(SSL_SIGN_RSA_PSS_RSAE_SHA384), UInt16(SSL_SIGN_RSA_PSS_RSAE_SHA512),
        UInt16(SSL_SIGN_RSA_PKCS1_SHA256), UInt16(SSL_SIGN_RSA_PKCS1_SHA384), UInt16(SSL_SIGN_RSA_PKCS1_SHA512),
    ]

    /// A context of the library's.
    /// - Parameter defaultCiphers: suites as the library takes them, where the settings name none.
    static func make(
        _ settings: ContextSettings, defaultCiphers: String? = nil, keyLog: Bool
    ) throws(TLSError) -> LibraryObject {
        if settings.minimum > settings.maximum {
            throw TLSError("the oldest version of TLS that is spoken is newer than the newest")
        }
        var ciphers = try TLSNames.cipherList(settings.ciphers)
        if settings.ciphers.isEmpty, let defaultCiphers { ciphers = defaultCiphers }
        let groups = try TLSNames.groupList(settings.groups)
        guard let object = unsafe LibraryObject(SSL_CTX_new(TLS_with_buffers_method()), SSL_CTX_free) else {
            throw TLSError("there is no memory for TLS")
        }
        let context = unsafe object.pointer
        let isSet =
            unsafe SSL_CTX_set_min_proto_version(context, UInt16(settings.minimum.rawValue)) == 1
            && SSL_CTX_set_max_proto_version(context, UInt16(settings.maximum.rawValue)) == 1
            && SSL_CTX_set_strict_cipher_list(context, ciphers) == 1
            && SSL_CTX_set1_group_ids(context, groups, groups.count) == 1
            && SSL_CTX_set_verify_algorithm_prefs(context, signatures, signatures.count) == 1
        if !isSet { throw TLSError("TLS cannot be set up: " + (LibraryErrors.take()?.text ?? "unknown error")) }
        unsafe SSL_CTX_set_mode(
            context, UInt32(SSL_MODE_ENABLE_PARTIAL_WRITE) | UInt32(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        if let buffers { unsafe SSL_CTX_set0_buffer_pool(context, buffers.pointer) }
        if keyLog {
            unsafe SSL_CTX_set_keylog_callback(context) { ssl, line in
                guard let line = unsafe line, let session = unsafe PipeMethod.session(ssl) else { return }
                session.keyLog?.write(unsafe String(cString: line))
            }
        }
        return object
    }
}
