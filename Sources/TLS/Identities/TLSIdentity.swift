// A certificate with its key. One of the few files that hold `unsafe`: the library takes pointers.
import CNIOBoringSSL

/// A chain of certificates with its key, checked to belong together.
package final class TLSIdentity: Sendable {
    /// DNS names of the leaf (subjectAltName) in lower case, wildcards as they are, and IP addresses as text.
    package let names: [String]
    /// From when on the leaf is valid, in seconds since 1970.
    package let notBefore: Int64
    /// Until when the leaf is valid, in seconds since 1970.
    package let notAfter: Int64
    /// The kind of key: `ECDSA P-256`, `RSA 2048`, `Ed25519`.
    package let keyType: String
    /// The pin of the leaf's key.
    package let pin: TLSPin
    /// Who has issued the leaf, as RFC 4514 writes it.
    package let issuer: String
    /// Whether a response of OCSP goes with it.
    package let isStapled: Bool
    /// The certificates in DER form, the leaf first.
    package let chain: [[UInt8]]
    /// Where the leaf's issuer says whether it is revoked.
    package let ocspURL: String?
    private let key: Key
    /// Chain, key and response as the library takes them.
    let credential: LibraryObject

    /// A chain and its key in PEM form; both may be in one text, and the key is looked for in both.
    /// - Parameter ocsp: the issuer's word that the leaf is not revoked, in DER form, which is stapled as it is: whoever hands
    ///   it in has checked it.
    package init(certificates: [UInt8], key: [UInt8], ocsp: [UInt8]?) throws(TLSError) {
        var chain = try PEMBlock.certificates(in: certificates)
        let key = try PEMBlock.privateKey(in: key)
        // The leaf should come first; the key tells which it is.
        if let place = chain.firstIndex(where: { key.belongs(to: $0) }) {
            chain.insert(chain.remove(at: place), at: 0)
        } else {
            throw TLSError("the key does not belong to the certificate: it is another one's")
        }
        if key.type == "unknown" || key.type == "ECDSA" { throw PEMBlock.brokenKey }
        if key.type.hasPrefix("RSA") && key.bits < 2048 {
            throw TLSError("an RSA key of \(key.bits) bits is too short: take one of 2048, or an ECDSA key")
        }
        let names = chain[0].names.compactMap { name -> String? in
            switch name {
            case .dns(let text), .address(let text): text
            case .uri, .email: nil
            }
        }
        // Old certificates have their name in the subject alone.
        self.names = names.isEmpty ? [chain[0].commonName?.lowercased()].compactMap(\.self) : names
        notBefore = chain[0].notBefore
        notAfter = chain[0].notAfter
        keyType = key.type
        pin = chain[0].pin
        issuer = chain[0].issuer
        isStapled = ocsp != nil
        ocspURL = chain[0].ocspURL
        self.chain = chain.map(\.der)
        self.key = key
        credential = try Self.credential(self.chain, key, ocsp)
    }

    private init(_ other: TLSIdentity, _ credential: LibraryObject, isStapled: Bool) {
        self.isStapled = isStapled
        issuer = other.issuer
        names = other.names
        notBefore = other.notBefore
        notAfter = other.notAfter
        keyType = other.keyType
        pin = other.pin
        chain = other.chain
        ocspURL = other.ocspURL
        key = other.key
        self.credential = credential
    }

    /// The same with another response of the issuer, or none.
    package func stapling(_ response: [UInt8]?) -> TLSIdentity {
        guard let credential = try? Self.credential(chain, key, response) else { return self }
        return TLSIdentity(self, credential, isStapled: response != nil)
    }

    private static func credential(
        _ chain: [[UInt8]], _ key: Key, _ ocsp: [UInt8]?
    ) throws(TLSError) -> LibraryObject {
        guard let credential = unsafe LibraryObject(SSL_CREDENTIAL_new_x509(), SSL_CREDENTIAL_free) else {
            throw TLSError("there is no memory for a certificate")
        }
        let buffers = chain.compactMap { CertificateBuffer($0) }
        var pointers = unsafe buffers.map { unsafe Optional($0.object.pointer) }
        let isSet =
            unsafe SSL_CREDENTIAL_set1_cert_chain(credential.pointer, &pointers, pointers.count) == 1
            && SSL_CREDENTIAL_set1_private_key(credential.pointer, key.object.pointer) == 1
        if !isSet || buffers.count != chain.count {
            throw TLSError("the certificate cannot be used: " + (LibraryErrors.take()?.text ?? "it is not understood"))
        }
        if let ocsp, let response = CertificateBuffer(ocsp) {
            _ = unsafe SSL_CREDENTIAL_set1_ocsp_response(credential.pointer, response.object.pointer)
        }
        return credential
    }
}

/// Bytes as the library shares them.
struct CertificateBuffer {
    let object: LibraryObject

    init?(_ bytes: [UInt8]) {
        let buffer = unsafe CRYPTO_BUFFER_new(bytes, bytes.count, nil)
        guard let object = unsafe LibraryObject(buffer, CRYPTO_BUFFER_free) else { return nil }
        self.object = object
    }
}
