// Files. One of the few files that hold `unsafe`: the kernel takes pointers.
import Glibc

enum FileBytes {
    /// What is in a file; `nil` if it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return nil }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &part, part.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    /// A variable of the environment.
    static func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

    /// Seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }
}

/// A file with the secrets of connections in NSS's format, for tools that look into what was recorded.
package final class TLSKeyLog: Sendable {
    private let descriptor: Int32

    /// Opens the file, or makes it for its owner's eyes only; lines are appended.
    package init(path: String) throws(TLSError) {
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if descriptor < 0 {
            let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
            throw TLSError("the file for keys, \(path), cannot be opened: \(reason)")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// Appends a line in one piece: others may write to the file, too.
    func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        while unsafe Glibc.write(descriptor, bytes, bytes.count) < 0 && errno == EINTR {}
    }
}
