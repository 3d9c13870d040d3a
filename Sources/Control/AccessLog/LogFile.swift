// Where the access log goes. One of the few files that hold `unsafe`: the kernel takes pointers.
import Glibc
import MartletEventLoop
import MartletProxyConfig

/// The standard output, or a file that is appended to.
struct LogFile: ~Copyable, Sendable {
    private var descriptor: Int32
    /// `nil` is the standard output.
    private let path: String?
    /// A write ended in the middle of a line, because the disk was full for example.
    private var isInsideLine = false

    /// - Throws: what open(2) answers.
    init(_ destination: AccessLogDestination) throws(SystemError) {
        switch destination {
        case .stdout:
            path = nil
            descriptor = STDOUT_FILENO
        case .path(let path):
            self.path = path
            descriptor = try Self.open(path)
        }
    }

    deinit { if path != nil { close(descriptor) } }

    /// Opens the path anew: the old file has been moved away. Keeps the old one if that fails.
    mutating func reopen() throws(SystemError) {
        guard let path else { return }
        let new = try Self.open(path)
        close(descriptor)
        descriptor = new
        isInsideLine = false
    }

    /// Writes a batch, waiting as long as it takes unless `isAbandoned` says that nobody wants it any more.
    /// - Returns: how many bytes of it were written, and what ended it early.
    mutating func write(_ batch: [UInt8], isAbandoned: () -> Bool) -> (bytes: Int, error: SystemError?) {
        // What was cut off must not run into the next line.
        if isInsideLine {
            let (bytes, error) = writeAll([0x0A], isAbandoned)
            if bytes == 0 { return (0, error) }
            isInsideLine = false
        }
        let result = writeAll(batch, isAbandoned)
        if result.bytes > 0 { isInsideLine = batch[result.bytes - 1] != 0x0A }
        return result
    }

    private func writeAll(_ bytes: [UInt8], _ isAbandoned: () -> Bool) -> (bytes: Int, error: SystemError?) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]).baseAddress, buffer.count - done)
            }
            let code = errno
            if count >= 0 {
                done += count
            } else if code == EAGAIN {
                waitForRoom()
                if isAbandoned() { return (done, SystemError(code)) }
            } else if code != EINTR {
                return (done, SystemError(code))
            }
        }
        return (done, nil)
    }

    /// Returns now and then without room, so that its caller can give up.
    private func waitForRoom() {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&entry, 1, 100)
    }

    /// Non-blocking makes no difference to a file, and keeps a named pipe without a reader from blocking the start.
    private static func open(_ path: String) throws(SystemError) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let descriptor = unsafe Glibc.open(path, flags, 0o640)
        if descriptor < 0 { throw SystemError(errno) }
        return descriptor
    }
}
