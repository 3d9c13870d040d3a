// Words for people, on the standard error output.
import Glibc

enum Terminal {
    /// Whether the standard error output is a terminal whose user has not asked for plain text (no-color.org).
    static var errorHasColour: Bool {
        // An empty value does not count.
        let asksForPlainText = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        return !asksForPlainText && isatty(STDERR_FILENO) == 1
    }

    /// Writes a message, which is a line unless it is `isWhole`: lines already.
    static func complain(_ message: String, isWhole: Bool = false) {
        if message.isEmpty { return }
        let text = Array((isWhole ? message : "martlet: \(message)\n").utf8)
        _ = unsafe text.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
