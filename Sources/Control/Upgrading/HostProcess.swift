// What a process asks of Linux to be followed by another one. One of the few files that hold `unsafe`: C takes pointers.
import CProcess
import Glibc
import MartletEventLoop

/// How a child process has ended.
enum ProcessEnd: Equatable, Sendable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)

    var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let number): "signal \(number)"
        }
    }
}

/// Starting programs and speaking with them.
enum HostProcess {
    /// Starts a program; its id.
    /// - Parameters:
    ///   - descriptors: that it has as 3, 4, …, besides its standard ones.
    ///   - errors: its standard error.
    static func start(
        _ path: String, _ arguments: [String], environment: [String], descriptors: [Int32], errors: Int32
    ) throws(SystemError) -> pid_t {
        var id: pid_t = 0
        let result = unsafe withTexts(arguments) { arguments in
            unsafe withTexts(environment) { environment in
                unsafe martlet_spawn(
                    path, arguments, environment, descriptors, Int32(descriptors.count), errors, &id)
            }
        }
        _ = try check(result)
        return id
    }

    private static func withTexts<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
        return unsafe body(&pointers)
    }

    /// How a child has ended; `nil` when it has not.
    /// - Parameter waits: for its end.
    static func reap(_ id: pid_t, waits: Bool = false) -> ProcessEnd? {
        var (code, signal): (Int32, Int32) = (0, 0)
        guard unsafe martlet_reap(id, waits ? 1 : 0, &code, &signal) == 1 else { return nil }
        return signal != 0 ? .signal(signal) : .code(code)
    }

    /// A file in memory with these bytes, read from its beginning.
    static func memoryFile(_ name: String, _ bytes: [UInt8]) throws(SystemError) -> OwnedDescriptor {
        let file = OwnedDescriptor(try check(unsafe martlet_memory_file(name)))
        try file.write(bytes)
        if lseek(file.number, 0, SEEK_SET) < 0 { throw SystemError(errno) }
        return file
    }

    /// Two ends of a connection that keeps messages apart.
    static func channel() throws(SystemError) -> (OwnedDescriptor, OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        _ = try check(unsafe martlet_channel(&ends))
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }

    static func pipe() throws(SystemError) -> (reading: OwnedDescriptor, writing: OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        _ = try check(unsafe martlet_pipe(&ends))
        return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
    }

    /// Waits until something can be read, at most so long; which of the two it is, or both.
    static func wait(
        _ first: OwnedDescriptor?, _ second: OwnedDescriptor?, milliseconds: Int
    ) -> (first: Bool, second: Bool) {
        let bits = martlet_wait_for(first?.number ?? -1, second?.number ?? -1, Int32(clamping: milliseconds))
        return bits < 0 ? (false, false) : (bits & 1 != 0, bits & 2 != 0)
    }

    /// Sends a datagram to a Unix socket, whose path may begin with @ for an abstract name.
    static func send(_ text: String, to path: String) throws(SystemError) {
        let bytes = Array(text.utf8)
        _ = try check(unsafe martlet_send_datagram(path, bytes, bytes.count))
    }

    /// All variables that this process has now, as `NAME=value`.
    static var environment: [String] {
        var result: [String] = []
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            result.append(unsafe String(cString: text))
            unsafe entry += 1
        }
        return result
    }

    /// Takes a variable away, so that programs that this one starts do not see it.
    static func forget(_ variable: String) { unsafe unsetenv(variable) }

    static func check(_ result: Int32) throws(SystemError) -> Int32 {
        if result < 0 { throw SystemError(-result) }
        return result
    }
}

/// A descriptor that is closed with its last owner.
final class OwnedDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }
    deinit { close(number) }

    /// Reads once; nothing at the end.
    func read(atMost count: Int = 16 << 10) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        while true {
            let got = unsafe Glibc.read(number, &bytes, count)
            if got >= 0 { return Array(bytes.prefix(got)) }
            if errno != EINTR { throw SystemError(errno) }
        }
    }

    /// Reads to the end.
    func readAll(atMost limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < limit {
            let piece = try read()
            if piece.isEmpty { return all }
            all += piece
        }
        throw SystemError(EFBIG)
    }

    /// Writes everything.
    func write(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let done = unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            if done < 0 && errno != EINTR { throw SystemError(errno) }
            rest = rest.dropFirst(max(done, 0))
        }
    }
}

extension HostProcess {
    /// What this process runs; " (deleted)" behind it when the file has been replaced.
    static var runningProgram: String? {
        var room = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe room.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe readlink("/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return count > 0 ? String(decoding: room.prefix(count), as: UTF8.self) : nil
    }

    /// Whether a path leads to something that can be started.
    static func isProgram(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }
}

extension HostProcess {
    /// Writes to the standard error, as far as it takes it.
    static func complain(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension HostProcess {
    /// Writes a small file that everybody may read, at once.
    static func overwrite(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW
        let number = unsafe Glibc.open(path, flags, 0o644)
        if number < 0 { throw SystemError(errno) }
        try OwnedDescriptor(number).write(bytes)
    }

    /// Gives a file to an account.
    static func give(_ path: String, user: uid_t, group: gid_t) throws(SystemError) {
        if unsafe chown(path, user, group) < 0 { throw SystemError(errno) }
    }
}
