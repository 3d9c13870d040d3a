// A program on a terminal of its own. One of the few files that hold `unsafe`: it makes a pseudo-terminal, and posix_spawn takes
// pointers.
import Glibc
import Synchronization

/// A process whose standard input, output and error are a terminal. It is killed when nobody holds it any longer.
package final class TestTerminal: Sendable {
    private struct Record: Sendable {
        var written: [UInt8] = []
        var screen: TestScreen
        var exit: ChildProcess.Exit?
    }

    package let id: pid_t
    private let control: Descriptor
    /// Held open, so that settings can be read when the process has ended.
    private let line: Descriptor
    private let record: Monitor<Record>

    package init(
        _ words: [String], environment: [String: String] = [:], columns: Int = 100, rows: Int = 24
    ) throws(TestFailure) {
        let (control, line, path) = try Self.open()
        self.control = control
        self.line = line
        record = Monitor(Record(screen: TestScreen(columns: columns, rows: rows)))
        Self.setSize(control, columns, rows)
        // Whoever runs the tests may have NO_COLOR in the environment.
        let own = SystemCalls.environment.filter { $0.key != "NO_COLOR" }
        let whole = own.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
        id = try Self.spawn(words, whole, on: path)
        let (child, record) = (id, record)
        _ = TestThread {
            while let bytes = try? control.read(), !bytes.isEmpty {
                record.change {
                    $0.written += bytes
                    $0.screen.write(bytes)
                }
            }
        }
        _ = TestThread {
            var info = unsafe siginfo_t()
            while unsafe waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
            record.change { record in
                var status: Int32 = 0
                unsafe waitpid(child, &status, 0)
                record.exit = status & 0x7f == 0 ? .code(status >> 8 & 0xff) : .signal(status & 0x7f)
            }
        }
    }

    deinit {
        signal(SIGKILL)
        _ = record.wait { $0.exit }
    }

    private static func open() throws(TestFailure) -> (control: Descriptor, line: Descriptor, path: String) {
        try Spawning.lock.withLock { _ throws(TestFailure) in
            var (control, line) = (Int32(0), Int32(0))
            var name = [CChar](repeating: 0, count: 128)
            if unsafe openpty(&control, &line, &name, nil, nil) != 0 { throw TestFailure("a terminal", errno) }
            for end in [control, line] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return (Descriptor(control), Descriptor(line), path)
        }
    }

    /// In a session of its own, whose terminal the first one is that it opens.
    private static func spawn(
        _ words: [String], _ environment: [String: String], on path: String
    ) throws(TestFailure) -> pid_t {
        var id: pid_t = 0
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        var (none, all) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80  // POSIX_SPAWN_SETSID
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        let code = unsafe SystemCalls.withArray(words) { list in
            unsafe SystemCalls.withArray(environment.map { "\($0)=\($1)" }) { environment in
                unsafe posix_spawnp(&id, words[0], &actions, &attributes, list, environment)
            }
        }
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        if code != 0 { throw TestFailure("cannot start \(words[0])", code) }
        return id
    }

    private static func setSize(_ control: Descriptor, _ columns: Int, _ rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        control.use { _ = unsafe ioctl($0, UInt(TIOCSWINSZ), &size) }
    }

    /// The terminal has another size now; the kernel tells the process.
    package func resize(columns: Int, rows: Int) {
        record.change { $0.screen = TestScreen(columns: columns, rows: rows) }
        Self.setSize(control, columns, rows)
    }

    /// Types it.
    package func type(_ text: String) {
        let bytes = Array(text.utf8)
        control.use { _ = unsafe write($0, bytes, bytes.count) }
    }

    package func signal(_ number: Int32) { record.change { if $0.exit == nil { kill(id, number) } } }

    /// All that it has written, with what moves the cursor.
    package var written: String { String(decoding: record.value.written, as: UTF8.self) }
    /// What is to be seen.
    package var screen: String { record.value.screen.text }

    /// Whether keys come one by one and are not shown, as a program has set it.
    package var isRaw: Bool {
        var settings = termios()
        line.use { _ = unsafe tcgetattr($0, &settings) }
        return settings.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0
    }

    /// Waits until what is to be seen is so.
    @discardableResult
    package func wait(
        for what: String, _ limit: Duration = defaultLimit, _ isSo: (String) -> Bool
    ) throws(TestFailure) -> String {
        let found = record.wait(limit) { record -> String? in
            let text = record.screen.text
            return isSo(text) ? text : nil
        }
        if let found { return found }
        throw TestFailure("\(what): not after \(limit); the screen is\n\(screen)")
    }

    /// Waits for its end.
    package func wait(_ limit: Duration = defaultLimit) throws(TestFailure) -> ChildProcess.Exit {
        if let exit = record.wait(limit, for: { $0.exit }) { return exit }
        throw TestFailure("the process has not ended after \(limit); the screen is\n\(screen)")
    }
}
