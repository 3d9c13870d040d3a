// Objects of BoringSSL, and what it says of its errors. One of the few files that hold `unsafe`.
import CNIOBoringSSL

/// An object of the library that is freed with its holder. The library counts references itself, and what is made here
/// is not changed any more once others have it: so several threads may use it.
@safe
final class LibraryObject: @unchecked Sendable {
    let pointer: OpaquePointer
    private let free: @convention(c) (OpaquePointer?) -> Void

    /// Takes over an object; `nil` where the library has not made one.
    init?(_ pointer: OpaquePointer?, _ free: @escaping @convention(c) (OpaquePointer?) -> Void) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = pointer
        unsafe self.free = free
    }

    deinit { unsafe free(pointer) }
}

/// Bytes that the library has allocated.
enum LibraryBytes {
    /// What a function of the kind `i2d_…` writes, in DER form; empty when it fails.
    static func encoded(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        var memory: UnsafeMutablePointer<UInt8>?
        let count = unsafe encode(&memory)
        defer { unsafe OPENSSL_free(memory) }
        guard let memory = unsafe memory, count > 0 else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: memory, count: Int(count)))
    }

    /// Calls `decode`, a function of the kind `d2i_…`, with the bytes.
    static func decode<Result>(_ bytes: [UInt8], _ decode: (inout UnsafePointer<UInt8>?, Int) -> Result) -> Result {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var position = bytes.baseAddress
            return unsafe decode(&position, bytes.count)
        }
    }

    /// The SHA-256 of bytes.
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = unsafe SHA256(bytes, bytes.count, &digest)
        return digest
    }

    /// Bytes that nobody can foresee.
    static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        _ = unsafe RAND_bytes(&bytes, count)
        return bytes
    }
}

/// The errors of the library's last call, on this thread.
enum LibraryErrors {
    /// An error: which part of the library, and which of its reasons.
    struct Code: Equatable {
        let library: Int32
        let reason: Int32

        /// The alert that the peer has sent, if that is the error.
        var alert: UInt8? {
            library == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET
                ? UInt8(truncatingIfNeeded: reason - SSL_AD_REASON_OFFSET) : nil
        }

        func isTLS(_ reason: Int32) -> Bool { library == ERR_LIB_SSL && self.reason == reason }
    }

    /// The first error of the queue, and in words; the queue is empty then.
    static func take() -> (code: Code, text: String)? {
        let code = ERR_get_error()
        defer { ERR_clear_error() }
        if code == 0 { return nil }
        let text = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "unknown error \(code)"
        let words = text.lowercased().split(separator: "_").joined(separator: " ")
        return (Code(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code)), words)
    }

    /// The words for an alert.
    static func text(ofAlert alert: UInt8) -> String {
        unsafe SSL_alert_desc_string_long(Int32(alert)).map { unsafe String(cString: $0) } ?? "alert \(alert)"
    }
}
