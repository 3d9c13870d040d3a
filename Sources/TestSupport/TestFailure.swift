// Why a helper could not do what a test asked of it.

/// What went wrong, in words; a test that does not catch it fails with them.
package struct TestFailure: Error, Equatable, CustomStringConvertible {
    package let description: String
    /// The errno of the system call that failed; 0 if none did.
    package let code: Int32

    package init(_ description: String) {
        self.description = description
        code = 0
    }

    /// A system call that failed, with the system's words for `code`, an errno.
    package init(_ call: String, _ code: Int32) {
        description = "\(call): \(SystemCalls.text(of: code))"
        self.code = code
    }
}

/// How long helpers wait when a test does not say: long enough for a busy machine, and no test hangs.
package let defaultLimit = Duration.seconds(10)

extension Duration {
    /// Whole milliseconds, rounded up, as poll(2) takes them; not less than zero.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(clamping: max(0, seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
