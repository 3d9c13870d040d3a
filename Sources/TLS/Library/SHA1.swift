// SHA-1, for protocols in which nothing rests on it. One of the few files that hold `unsafe`.
import CNIOBoringSSL

package enum SHA1 {
    /// The digest of bytes, 20 of them.
    package static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        _ = unsafe CNIOBoringSSL.SHA1(bytes, bytes.count, &digest)
        return digest
    }
}
