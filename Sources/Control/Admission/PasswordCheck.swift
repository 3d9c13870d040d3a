// Checking a password against its hash. One of the few files that hold `unsafe`: the C library takes pointers.
import CCrypt
import Glibc
import MartletGuarding

/// Passwords and their hashes, by crypt(3).
enum PasswordCheck {
    /// Whether `password` is the one that `hash` was made of. It takes as long as the hash wants it to, often a tenth of a second.
    static func matches(_ password: [UInt8], hash: String) -> Bool {
        let memory = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        let size = MemoryLayout<crypt_data>.size
        unsafe memset(memory, 0, size)
        var text = password.map { CChar(bitPattern: $0) } + [0]
        defer {
            // What is left of the password is of no use to anybody.
            unsafe explicit_bzero(memory, size)
            unsafe text.withUnsafeMutableBytes { bytes in
                if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
            }
            unsafe memory.deallocate()
        }
        guard let made = unsafe crypt_r(text, hash, memory) else { return false }
        let result = Array(unsafe String(cString: made).utf8)
        // A failure is told by a text that begins with "*" (crypt(3)), which no hash does.
        return result.first != 0x2A && ConstantTime.equals(result, Array(hash.utf8))
    }
}
