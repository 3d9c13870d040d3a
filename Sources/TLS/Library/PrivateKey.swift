// Reading keys. One of the few files that hold `unsafe`: the library takes and gives pointers.
import CNIOBoringSSL

/// A private key, or a public one.
struct Key: Sendable {
    let object: LibraryObject

    /// A private key in one of its DER forms (PKCS #8, RFC 5958, or those of RSA and EC keys alone).
    init?(private der: [UInt8]) {
        let parsed = unsafe LibraryBytes.decode(der) { position, count in
            unsafe d2i_AutoPrivateKey(nil, &position, count)
        }
        self.init(unsafe LibraryObject(parsed, EVP_PKEY_free))
    }

    /// A public key as SubjectPublicKeyInfo.
    init?(public der: [UInt8]) {
        let parsed = unsafe LibraryBytes.decode(der) { position, count in unsafe d2i_PUBKEY(nil, &position, count) }
        self.init(unsafe LibraryObject(parsed, EVP_PKEY_free))
    }

    private init?(_ object: LibraryObject?) {
        guard let object else {
            ERR_clear_error()
            return nil
        }
        self.object = object
    }

    var type: String { unsafe Certificate.keyType(object.pointer) }

    /// The number of bits, of an RSA key those of the modulus.
    var bits: Int { unsafe Int(EVP_PKEY_bits(object.pointer)) }

    var pin: TLSPin {
        TLSPin(digest: LibraryBytes.sha256(unsafe LibraryBytes.encoded { unsafe i2d_PUBKEY(object.pointer, $0) }))
    }

    func belongs(to certificate: Certificate) -> Bool {
        guard let key = unsafe X509_get0_pubkey(certificate.object.pointer) else { return false }
        defer { ERR_clear_error() }
        return unsafe EVP_PKEY_cmp(key, object.pointer) == 1
    }
}
