// Pins: which keys a server may have.

/// The SHA-256 of a public key (SubjectPublicKeyInfo), as in RFC 7469.
package struct TLSPin: Hashable, Sendable {
    /// The 32 bytes.
    package let digest: [UInt8]

    init(digest: [UInt8]) { self.digest = digest }

    /// `sha256/BASE64`, bare Base64 of 32 bytes, or 64 hexadecimal digits; `nil` for anything else.
    package init?(_ text: String) {
        let bare = text.hasPrefix("sha256/") ? String(text.dropFirst(7)) : text
        let hexadecimal = bare.utf8.count == 64 && bare == text ? Hexadecimal.decode(bare) : nil
        guard let digest = hexadecimal ?? Base64.decode(Array(bare.utf8)), digest.count == 32 else { return nil }
        self.digest = digest
    }

    /// As `sha256/BASE64`.
    package var text: String { "sha256/" + Base64.encode(digest) }

    /// The pins of all certificates, private keys and public keys in a text in PEM form, in their order.
    package static func pins(inPEM text: [UInt8]) throws(TLSError) -> [TLSPin] {
        var pins: [TLSPin] = []
        for block in PEMBlock.all(in: text) {
            if block.isEncrypted { throw PEMBlock.encryptedKey }
            if block.isCertificate {
                guard let certificate = Certificate(der: block.bytes) else { throw PEMBlock.brokenCertificate }
                pins.append(certificate.pin)
            } else if block.isPrivateKey {
                guard let key = Key(private: block.bytes) else { throw PEMBlock.brokenKey }
                pins.append(key.pin)
            } else if block.label == "PUBLIC KEY" {
                guard let key = Key(public: block.bytes) else { throw PEMBlock.brokenKey }
                pins.append(key.pin)
            }
        }
        if pins.isEmpty { throw TLSError("no certificate and no key in PEM form found") }
        return pins
    }

    /// The pin of a certificate in DER form; `nil` when it is none.
    package static func pin(inDER certificate: [UInt8]) -> TLSPin? { Certificate(der: certificate)?.pin }
}

extension PEMBlock {
    static let encryptedKey = TLSError(
        "the key is encrypted: nobody is there to enter the passphrase; decrypt it with `openssl pkey -in KEY -out NEW`"
    )
    static let brokenCertificate = TLSError("a certificate cannot be read: it is not X.509, or it is damaged")
    static let brokenKey = TLSError(
        "the key cannot be read: it is damaged, or of a kind that is not supported (RSA, ECDSA and Ed25519 are)")

    /// The certificates of a text, in their order.
    static func certificates(in text: [UInt8]) throws(TLSError) -> [Certificate] {
        var certificates: [Certificate] = []
        for block in all(in: text) where block.isCertificate {
            guard let certificate = Certificate(der: block.bytes) else { throw brokenCertificate }
            certificates.append(certificate)
        }
        if certificates.isEmpty { throw TLSError("no certificate in PEM form found") }
        return certificates
    }

    /// The first private key of a text.
    static func privateKey(in text: [UInt8]) throws(TLSError) -> Key {
        guard let block = all(in: text).first(where: \.isPrivateKey) else {
            throw TLSError("no private key in PEM form found")
        }
        if block.isEncrypted { throw encryptedKey }
        guard let key = Key(private: block.bytes) else { throw brokenKey }
        return key
    }
}
