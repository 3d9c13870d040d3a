// What the values of sticky cookies are made with.
import Crypto
import Synchronization

/// A secret that makes values which tell nothing to whoever does not know it, and which nobody else can make.
package struct StickySecret: Sendable {
    /// Bytes of a value: 128 bits cannot be guessed.
    private static let length = 16

    /// The secret of this process, for configs that have none: it is the same for all of them, so that clients keep
    /// their servers as long as the process lives, and those that follow it.
    package static let ofProcess = StickySecret(
        inherited.withLock(\.self) ?? (0..<32).map { _ in UInt8.random(in: .min ... .max) })

    /// The secret of the process before this one.
    private static let inherited = Mutex<[UInt8]?>(nil)

    /// Takes the secret of the process before this one; before `ofProcess` is asked for.
    static func inherit(_ secret: [UInt8]) { if isOne(secret) { inherited.withLock { $0 = secret } } }

    /// Whether a secret of a process may look like this.
    static func isOne(_ secret: [UInt8]) -> Bool { (16...64).contains(secret.count) }

    private let key: SymmetricKey
    /// What it is, for a process that follows.
    let bytes: [UInt8]

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        key = SymmetricKey(data: bytes)
    }

    /// The secret in `text`.
    package init(_ text: String) { self.init(Array(text.utf8)) }

    /// The value for a server: always the same for the same secret and names.
    package func value(upstream: String, server: String) -> String {
        // Neither name has a NUL in it, so no two servers have the same message.
        code(Array(upstream.utf8) + [0] + Array(server.utf8))
    }

    /// What only those can make of a message who know the secret.
    func code(_ message: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: message, using: key)
        return Base64URL.encode(Array(code.prefix(Self.length)))
    }
}

/// Base64 with an alphabet that is safe in URLs and cookies (RFC 4648 section 5), without padding.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The bytes that a text stands for; `nil` for one that is not as `encode` would have written it.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for character in text {
            guard let digit = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        // One digit too many, or bits that nothing stands for: two texts would be the same.
        if count >= 6 || bits & (1 << UInt32(count) - 1) != 0 { return nil }
        return bytes
    }

    /// `bytes` as text.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for digit in 0...group.count { text.append(alphabet[Int(bits >> UInt32(18 - 6 * digit) & 63)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
