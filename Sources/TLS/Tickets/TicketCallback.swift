// How the library comes to the keys of tickets. One of the few files that hold `unsafe`: it is called with pointers.
import CNIOBoringSSL

extension TLSTicketKeys {
    private static let nameCount = Int(SSL_TICKET_KEY_NAME_LEN)
    private static let blockCount = 16

    /// Readies the contexts for a ticket; as `SSL_CTX_set_tlsext_ticket_key_cb` wants it, 1 for yes, 2 for yes but renew, 0
    /// for a key that is not known, and -1 for an error.
    @unsafe
    func ready(
        _ name: UnsafeMutablePointer<UInt8>, _ start: UnsafeMutablePointer<UInt8>,
        _ cipher: UnsafeMutablePointer<EVP_CIPHER_CTX>, _ hash: UnsafeMutablePointer<HMAC_CTX>, isNew: Bool
    ) -> Int32 {
        if isNew {
            guard let key = encrypting() else { return 0 }
            for (place, byte) in key.name.enumerated() { unsafe name[place] = byte }
            if unsafe RAND_bytes(start, Self.blockCount) != 1 { return -1 }
            let isReady =
                unsafe EVP_EncryptInit_ex(cipher, Self.cipher(key), nil, key.encryption, start) == 1
                && Self.ready(hash, key)
            return isReady ? 1 : -1
        }
        let wanted = unsafe Array(UnsafeBufferPointer(start: name, count: Self.nameCount))
        guard let (key, isOld) = decrypting(wanted) else { return 0 }
        let isReady =
            unsafe EVP_DecryptInit_ex(cipher, Self.cipher(key), nil, key.encryption, start) == 1
            && Self.ready(hash, key)
        return !isReady ? -1 : isOld ? 2 : 1
    }

    private static func cipher(_ key: Key) -> OpaquePointer? {
        key.encryption.count == 16 ? unsafe EVP_aes_128_cbc() : unsafe EVP_aes_256_cbc()
    }

    private static func ready(_ hash: UnsafeMutablePointer<HMAC_CTX>, _ key: Key) -> Bool {
        unsafe HMAC_Init_ex(hash, key.authentication, key.authentication.count, EVP_sha256(), nil) == 1
    }
}
