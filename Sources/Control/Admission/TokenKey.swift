// Keys by which tokens are signed, and what they are for.
import FoundationEssentials
import JWTKit
import MartletProxyConfig

/// A key. Which algorithms it is for is a matter of its kind: a public key is never taken for a secret, whatever a token says.
enum TokenKey: Sendable {
    case secret([UInt8])
    case rsa(Insecure.RSA.PublicKey)
    case p256(ES256PublicKey)
    case p384(ES384PublicKey)
    case p521(ES512PublicKey)
    case ed25519(EdDSA.PublicKey)

    /// Whether it is for tokens that are signed in this way.
    func isFor(_ algorithm: TokenAlgorithm) -> Bool {
        switch (self, algorithm) {
        // Keys that are shorter than the digest are easier to guess than it (RFC 7518 section 3.2).
        case (.secret(let bytes), .hs256): bytes.count >= 32
        case (.secret(let bytes), .hs384): bytes.count >= 48
        case (.secret(let bytes), .hs512): bytes.count >= 64
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.rsa, .ps256), (.rsa, .ps384), (.rsa, .ps512): true
        case (.p256, .es256), (.p384, .es384), (.p521, .es512), (.ed25519, .eddsa): true
        default: false
        }
    }

    /// Whether `signature` is of this key over `message`.
    func hasSigned(_ message: [UInt8], _ signature: [UInt8], by algorithm: TokenAlgorithm) async -> Bool {
        if !isFor(algorithm) { return false }
        let keys = JWTKeyCollection()
        switch self {
        case .secret(let bytes): await keys.add(hmac: HMACKey(from: bytes), digestAlgorithm: algorithm.digest)
        case .rsa(let key):
            if algorithm.isPSS {
                await keys.add(pss: key, digestAlgorithm: algorithm.digest)
            } else {
                await keys.add(rsa: key, digestAlgorithm: algorithm.digest)
            }
        case .p256(let key): await keys.add(ecdsa: key)
        case .p384(let key): await keys.add(ecdsa: key)
        case .p521(let key): await keys.add(ecdsa: key)
        case .ed25519(let key): await keys.add(eddsa: key)
        }
        guard let checker = try? await keys.getKey() else { return false }
        return (try? checker.verify(signature, signs: message)) ?? false
    }
}

extension TokenAlgorithm {
    fileprivate var digest: DigestAlgorithm {
        switch self {
        case .hs256, .rs256, .ps256, .es256, .eddsa: .sha256
        case .hs384, .rs384, .ps384, .es384: .sha384
        case .hs512, .rs512, .ps512, .es512: .sha512
        }
    }

    fileprivate var isPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }
}
