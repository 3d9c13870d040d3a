// The key that an account signs with: ECDSA on P-256, ES256 in JOSE's words.
import Crypto
import Foundation

struct AccountKey: Sendable {
    /// The public key as JOSE has it (RFC 7518 section 6.2).
    struct PublicKey: Encodable, Equatable, Sendable {
        let crv = "P-256"
        let kty = "EC"
        let x: String
        let y: String

        private enum CodingKeys: CodingKey { case crv, kty, x, y }
    }

    private let key: P256.Signing.PrivateKey

    /// A new key.
    init() { key = P256.Signing.PrivateKey() }

    /// A key that was stored.
    init(pem: String) throws { key = try P256.Signing.PrivateKey(pemRepresentation: pem) }

    var pem: String { key.pemRepresentation }

    var publicKey: PublicKey {
        let point = key.publicKey.rawRepresentation
        return PublicKey(x: Base64URL.encode(point.prefix(32)), y: Base64URL.encode(point.suffix(32)))
    }

    /// What a challenge is answered with besides its token (RFC 7638).
    var thumbprint: String {
        let publicKey = publicKey
        // The members in this order and without blanks: the RFC hashes exactly this text.
        let text = #"{"crv":"P-256","kty":"EC","x":"\#(publicKey.x)","y":"\#(publicKey.y)"}"#
        return Base64URL.encode(SHA256.hash(data: Data(text.utf8)))
    }

    /// R and S, 32 bytes each.
    func sign(_ text: String) throws -> [UInt8] {
        Array(try key.signature(for: Data(text.utf8)).rawRepresentation)
    }
}
