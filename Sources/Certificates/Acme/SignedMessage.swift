// Messages to an authority: JSON Web Signatures in the flattened form (RFC 7515, RFC 8555 section 6.2).
import Crypto
import Foundation

/// A message that is signed: what is sent to an authority.
struct SignedMessage: Codable, Equatable, Sendable {
    let protected: String
    let payload: String
    let signature: String

    /// Who signs.
    enum Signer {
        /// An account that the authority does not know yet.
        case newAccount
        /// The account with this URL.
        case account(String)
    }

    /// - Parameters:
    ///   - payload: JSON; empty for a request that only reads (POST-as-GET).
    ///   - nonce: from the authority, used once.
    init(_ payload: [UInt8], to url: String, by signer: Signer, key: AccountKey, nonce: String) throws {
        var header = Header(alg: "ES256", nonce: nonce, url: url)
        switch signer {
        case .newAccount: header.jwk = key.publicKey
        case .account(let account): header.kid = account
        }
        try self.init(header, payload) { try key.sign($0) }
    }

    /// The authority's own account, which `binding` names, vouches for a new one (RFC 8555 section 7.3.4).
    init(binding: AcmeAccountBinding, to url: String, key: AccountKey) throws {
        guard let secret = Base64URL.decode(binding.key), !secret.isEmpty else {
            throw AcmeError("the key of the account binding is not base64url")
        }
        let header = Header(alg: "HS256", kid: binding.id, url: url)
        try self.init(header, try JSON.encode(key.publicKey)) {
            Array(HMAC<SHA256>.authenticationCode(for: Data($0.utf8), using: SymmetricKey(data: secret)))
        }
    }

    private init(_ header: Header, _ payload: [UInt8], sign: (String) throws -> [UInt8]) throws {
        protected = Base64URL.encode(try JSON.encode(header))
        self.payload = Base64URL.encode(payload)
        signature = Base64URL.encode(try sign(protected + "." + self.payload))
    }

    private struct Header: Encodable {
        var alg: String
        var jwk: AccountKey.PublicKey?
        var kid: String?
        var nonce: String?
        var url: String
    }
}

/// JSON, as it is written here everywhere.
enum JSON {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
