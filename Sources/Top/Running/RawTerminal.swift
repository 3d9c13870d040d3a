// The terminal: how it is set, how large it is, what comes from it and goes to it. The only file here that holds `unsafe`: the
// kernel takes pointers.
import Glibc

/// The standard input and output, where both are a terminal.
struct RawTerminal {
    /// What is written to enter: a screen of one's own, no cursor, no lines that go on in the next one. And to leave.
    private static let entering = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J"
    private static let leaving = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// How it was set before; `nil` while it is so.
    private var before: termios?

    init() {}

    var isEntered: Bool { before != nil }

    /// Whether there is one that pictures can be drawn on.
    static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb" }

    /// Whether the standard output is one whose user has not asked for plain text (no-color.org).
    static var hasColour: Bool {
        isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb" && (variable("NO_COLOR") ?? "").isEmpty
    }

    /// How many columns and rows it has; `nil` where the standard output is none.
    static var size: (width: Int, height: Int)? {
        if isatty(STDOUT_FILENO) != 1 { return nil }
        var size = winsize()
        let code = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        if code != 0 || size.ws_col == 0 || size.ws_row == 0 { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// From now on keys come one by one, none of them is a signal, and what is drawn is drawn on a screen of its own.
    /// - Returns: whether that could be done.
    mutating func enter() -> Bool {
        if before == nil {
            var now = termios()
            if unsafe tcgetattr(STDIN_FILENO, &now) != 0 { return false }
            before = now
        }
        guard var raw = before else { return false }
        unsafe cfmakeraw(&raw)
        return unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 && put(Self.entering)
    }

    /// Everything is as it was before.
    mutating func leave() {
        guard var before else { return }
        self.before = nil
        _ = put(Self.leaving)
        unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
    }

    /// Writes all of it.
    /// - Returns: `false` when nobody is there any more.
    func put(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes[done...].withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wanted, 1, 1_000)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// What has been typed, for which the calling thread waits; `nil` when nothing will come any more.
    static func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 256)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count)
            }
            if count > 0 { return Array(bytes[..<count]) }
            if count == 0 || errno != EINTR && errno != EAGAIN { return nil }
            var wanted = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wanted, 1, -1)
        }
    }

    /// Stops the process, as a shell's Ctrl-Z does.
    static func stop() { kill(getpid(), SIGTSTP) }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
