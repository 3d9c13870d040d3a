// Reading files that may change at any time. One of the few files that hold `unsafe`: the kernel takes pointers.
import Glibc
import MartletEventLoop

/// Small files as a whole.
enum FileBytes {
    /// The largest file that is read: lists of revoked certificates are the largest there are.
    static let limit = 64 << 20

    /// What is in the file at `path`.
    /// - Throws: what the system answers; `EFBIG` for one that is too large.
    static func read(_ path: String) throws(SystemError) -> [UInt8] {
        // Non-blocking makes no difference to a file, and keeps a named pipe without a writer from blocking the start.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        if descriptor < 0 { throw SystemError(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            let code = errno
            if count == 0 { return bytes }
            if count < 0 {
                if code == EINTR { continue }
                throw SystemError(code)
            }
            bytes += piece[..<count]
            if bytes.count > limit { throw SystemError(EFBIG) }
        }
    }
}

/// The time of day.
enum WallClock {
    /// Seconds since 1970.
    static var seconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}

/// What the process was started with.
enum ProcessEnvironment {
    /// The value of a variable; `nil` for one that is not set, or empty.
    static func value(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe String(cString: value)
    }
}
