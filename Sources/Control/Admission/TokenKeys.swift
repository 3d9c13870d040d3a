// Sets of keys, as files and services say them.
import FoundationEssentials
import JWTKit
import MartletProxyConfig

/// Keys with their names.
struct TokenKeys: Sendable {
    /// The most keys of one file or service.
    static let limit = 100
    /// The most keys that are tried on one token.
    private static let tries = 16

    struct Entry: Sendable {
        /// What tokens call it; `nil` for a key that is tried whatever they say.
        var name: String?
        /// What it is for, if that is said.
        var algorithm: TokenAlgorithm?
        let key: TokenKey
    }

    private(set) var entries: [Entry] = []

    init() {}

    init(_ entries: [Entry]) { self.entries = entries }

    static func + (one: TokenKeys, other: TokenKeys) -> TokenKeys { TokenKeys(one.entries + other.entries) }

    /// Those that a token may be signed with.
    /// - Parameter name: what the token calls its key.
    func candidates(_ algorithm: TokenAlgorithm, name: String?) -> [TokenKey] {
        let found = entries.lazy.filter { entry in
            entry.key.isFor(algorithm) && (entry.algorithm ?? algorithm) == algorithm
                && (name == nil || entry.name == nil || entry.name == name)
        }
        return found.prefix(Self.tries).map(\.key)
    }

    // MARK: Files

    /// The secret in a file, without line ends behind it.
    /// - Parameter algorithms: that it is to be for.
    static func secret(_ bytes: [UInt8], for algorithms: [TokenAlgorithm]) throws(ServiceFailure) -> TokenKeys {
        var secret = bytes
        while secret.last == 0x0A || secret.last == 0x0D { secret.removeLast() }
        let key = TokenKey.secret(secret)
        for algorithm in algorithms where algorithm.isSymmetric && !key.isFor(algorithm) {
            throw ServiceFailure(reason: "\(secret.count) bytes are too short a secret for \(algorithm.rawValue)")
        }
        return TokenKeys([Entry(key: key)])
    }

    /// Public keys in PEM.
    static func pem(_ bytes: [UInt8]) throws(ServiceFailure) -> TokenKeys {
        var entries: [Entry] = []
        var block: [Substring] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN ") { block = [] }
            block.append(line)
            if !line.hasPrefix("-----END ") { continue }
            let text = block.joined(separator: "\n") + "\n"
            if text.contains("PRIVATE KEY") { throw ServiceFailure(reason: "a private key is in it") }
            guard let key = publicKey(text) else {
                throw ServiceFailure(reason: "key \(entries.count + 1) is no public key of a kind that is known")
            }
            entries.append(Entry(key: key))
            if entries.count > limit { throw ServiceFailure(reason: "more than \(limit) keys") }
        }
        if entries.isEmpty { throw ServiceFailure(reason: "no public key in the form of PEM") }
        return TokenKeys(entries)
    }

    private static func publicKey(_ pem: String) -> TokenKey? {
        if let key = try? ES256PublicKey(pem: pem) { return .p256(key) }
        if let key = try? ES384PublicKey(pem: pem) { return .p384(key) }
        if let key = try? ES512PublicKey(pem: pem) { return .p521(key) }
        if let key = try? EdDSA.PublicKey(pem: pem) { return .ed25519(key) }
        if let key = try? Insecure.RSA.PublicKey(pem: pem) { return .rsa(key) }
        return nil
    }

    // MARK: Sets

    /// A set of keys in JSON (RFC 7517 section 5). Keys that cannot be used are passed over.
    static func set(_ bytes: [UInt8]) throws(ServiceFailure) -> TokenKeys {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw ServiceFailure(reason: "no set of keys in JSON")
        }
        let entries = document.keys.compactMap { $0.key?.entry }
        if entries.isEmpty { throw ServiceFailure(reason: "no key of a kind that is known") }
        if entries.count > limit { throw ServiceFailure(reason: "more than \(limit) keys") }
        return TokenKeys(entries)
    }

    private struct Document: Decodable {
        let keys: [Passable]
    }

    /// A key, or whatever else stands in its place.
    private struct Passable: Decodable {
        let key: KeyText?

        init(from decoder: any Decoder) throws { key = try? KeyText(from: decoder) }
    }

    private struct KeyText: Decodable {
        let kty: String
        let kid: String?
        let use: String?
        let alg: String?
        let crv: String?
        let n: String?
        let e: String?
        let x: String?
        let y: String?

        var entry: Entry? {
            if let use, use != "sig" { return nil }
            var algorithm: TokenAlgorithm?
            if let alg {
                guard let known = TokenAlgorithm(rawValue: alg) else { return nil }
                algorithm = known
            }
            guard let key else { return nil }
            return Entry(name: kid, algorithm: algorithm, key: key)
        }

        private var key: TokenKey? {
            switch (kty, crv) {
            case ("RSA", _):
                guard let n, let e else { return nil }
                return (try? Insecure.RSA.PublicKey(modulus: n, exponent: e)).map { .rsa($0) }
            case ("EC", "P-256"?): return point.flatMap { try? ES256PublicKey(parameters: $0) }.map { .p256($0) }
            case ("EC", "P-384"?): return point.flatMap { try? ES384PublicKey(parameters: $0) }.map { .p384($0) }
            case ("EC", "P-521"?): return point.flatMap { try? ES512PublicKey(parameters: $0) }.map { .p521($0) }
            case ("OKP", "Ed25519"?):
                return x.flatMap { try? EdDSA.PublicKey(x: $0, curve: .ed25519) }.map { .ed25519($0) }
            default: return nil
            }
        }

        private var point: (x: String, y: String)? {
            guard let x, let y else { return nil }
            return (x, y)
        }
    }
}
