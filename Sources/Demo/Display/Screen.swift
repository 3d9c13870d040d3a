// The standard output: a terminal on which a part is drawn again and again, or a pipe. The demo's only file that holds
// `unsafe`: the kernel takes pointers.
import Glibc

/// Where the demo shows itself.
struct Screen {
    /// Whether what was written can be drawn over.
    let isTerminal: Bool
    let style: Style
    /// Lines at the end of the screen that are drawn over next time.
    private var height = 0

    /// The standard output as it is. Colours are for terminals whose user has not asked for plain text (no-color.org).
    init() {
        isTerminal = isatty(STDOUT_FILENO) == 1 && Self.variable("TERM") != "dumb"
        style = Style(isColoured: isTerminal && (Self.variable("NO_COLOR") ?? "").isEmpty)
    }

    /// Writes lines that stay.
    mutating func write(_ lines: [String]) {
        height = 0
        Self.put(lines.map { $0 + "\n" }.joined())
    }

    /// Draws lines over those that were drawn last, in one write, so that nothing flickers. Lines that are too long for
    /// the terminal are cut, because a line that took two rows would shift the picture.
    mutating func draw(_ lines: [String]) {
        let up = height > 0 ? "\r\u{1B}[\(height)A" : "\r"
        let body = lines.map { $0 + "\u{1B}[K\n" }.joined()
        Self.put("\u{1B}[?7l" + up + body + "\u{1B}[J\u{1B}[?7h")
        height = lines.count
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Writes all of it, or as much as somebody reads.
    private static func put(_ text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes[done...].withUnsafeBytes {
                unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                done += count
            } else if errno != EINTR && errno != EAGAIN {
                return
            } else {
                usleep(1_000)
            }
        }
    }
}
