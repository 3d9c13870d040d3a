// What an authority has to see in order to believe that a name is ours.
import Crypto
import Foundation

/// The proof of a name. Pure: `AcmeProver` shows it.
enum AcmeProof: Equatable, Sendable {
    /// Under `/.well-known/acme-challenge/TOKEN` (RFC 8555 section 8.3).
    case http(token: String, answer: String)
    /// In a certificate for `name` (RFC 8737): the SHA-256 of the key authorization.
    case tls(name: String, digest: [UInt8])
    /// In a TXT record (RFC 8555 section 8.4).
    case dns(record: String, value: String)

    init(_ kind: AcmeChallengeKind, _ challenge: AcmeChallenge, name: String, thumbprint: String) throws(AcmeError) {
        guard let token = challenge.token, Self.isToken(token) else {
            throw AcmeError("the authority's challenge for \(name) has no token, or not one of base64url")
        }
        let authorization = token + "." + thumbprint
        let digest = SHA256.hash(data: Data(authorization.utf8))
        switch kind {
        case .http: self = .http(token: token, answer: authorization)
        case .tlsALPN: self = .tls(name: name, digest: Array(digest))
        case .dns: self = .dns(record: "_acme-challenge." + name, value: Base64URL.encode(digest))
        }
    }

    /// A token becomes part of a path, so only what the RFC allows is let in.
    private static func isToken(_ text: String) -> Bool {
        (1...512).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
