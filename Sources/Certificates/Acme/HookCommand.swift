// The user's command for DNS records. One of the few files that hold `unsafe`: sets of signals are passed to C.
import Foundation
import Glibc
import Synchronization

/// Runs a command to its end. It has nothing to read, and the environment of this process.
struct HookCommand: Sendable {
    /// How long a run may take.
    static let defaultLimit = Duration.seconds(120)
    private static let mostErrors = 2_000

    let command: [String]
    let limit: Duration

    init(_ command: [String], limit: Duration = defaultLimit) {
        self.command = command
        self.limit = limit
    }

    /// - Parameter arguments: come after the command's own.
    /// - Throws: when it cannot be started, fails, or takes too long, with what it wrote to its standard error.
    func run(_ arguments: [String]) async throws {
        guard let program = command.first else {
            throw AcmeError("dns-01 needs a hook: a command that sets TXT records")
        }
        let errors = try Self.errorFile()
        let process = Process()
        process.executableURL = try Self.find(program)
        process.arguments = Array(command.dropFirst()) + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        let ended = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ended.continuation.finish() }
        do { try Self.start(process) } catch { throw AcmeError("the hook \(program) cannot be started: \(error)") }
        let inTime = await Self.wait(for: ended.stream, of: process, limit)
        let said = Self.end(of: errors)
        try Task.checkCancellation()
        if !inTime { throw AcmeError("the hook \(program) had not ended after \(limit) and was killed" + said) }
        if process.terminationReason != .exit || process.terminationStatus != 0 {
            let how = process.terminationReason == .exit ? "ended with" : "was ended by signal"
            throw AcmeError("the hook \(program) \(how) \(process.terminationStatus)" + said)
        }
    }

    /// Starts a process that is told of the end of those that it starts. It inherits what the calling thread blocks, and a shell that
    /// waits with that signal blocked waits for ever.
    private static func start(_ process: Process) throws {
        var (child, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&child)
        unsafe sigaddset(&child, SIGCHLD)
        unsafe pthread_sigmask(SIG_UNBLOCK, &child, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// Waits for the end, and brings it about after `limit` or when the task is cancelled; whether it came by itself.
    private static func wait(for ended: AsyncStream<Void>, of process: Process, _ limit: Duration) async -> Bool {
        let id = process.processIdentifier
        let killed = Atomic(false)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in ended {} }
            group.addTask {
                try? await Task.sleep(for: limit)
            }
            await group.next()
            if process.isRunning {
                killed.store(true, ordering: .relaxed)
                // With those that it has started, which are in its group.
                if kill(-id, SIGKILL) != 0 { kill(id, SIGKILL) }
            }
            group.cancelAll()
        }
        process.waitUntilExit()
        return !killed.load(ordering: .relaxed)
    }

    /// Where the command writes its errors to: a file without a name, since a pipe would be kept open by its children.
    private static func errorFile() throws -> FileHandle {
        let url = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("martlet-hook-\(UUID())")
        let options: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: options) else {
            throw AcmeError("cannot write to \(NSTemporaryDirectory())")
        }
        let file = try FileHandle(forUpdating: url)
        try FileManager.default.removeItem(at: url)
        return file
    }

    private static func end(of file: FileHandle) -> String {
        guard let size = try? file.seekToEnd(), size > 0 else { return "" }
        try? file.seek(toOffset: size > mostErrors ? size - UInt64(mostErrors) : 0)
        let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        return "; it said: " + text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A path as it is; a name is looked for in PATH.
    private static func find(_ program: String) throws -> URL {
        if program.contains("/") { return URL(fileURLWithPath: program) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for folder in path.split(separator: ":") {
            let candidate = "\(folder)/\(program)"
            if FileManager.default.isExecutableFile(atPath: candidate) { return URL(fileURLWithPath: candidate) }
        }
        throw AcmeError("the hook \(program) is not in PATH")
    }
}
