// When files are loaded anew.
import MartletEventLoop

/// Watches the files of one thing, such as a certificate and its key, by their stamps. A machine: it looks at no file itself,
/// and time comes in as milliseconds of any clock.
struct FileWatch: Sendable {
    /// How long what is wrong may be only half of a change: of two files that belong together, one is written first.
    static let patience: UInt64 = 5_000

    /// What is to be done.
    enum Action: Equatable {
        case none
        /// Load them, and tell `loaded` or `failed`.
        case load
        /// Say what is wrong: the files before stay in force.
        case complain(FileProblem)
    }

    private var seen: [FileStamp]
    private var failure: Failure?

    private struct Failure {
        let problem: FileProblem
        let since: UInt64
        var isTold = false
    }

    /// - Parameter stamps: as they were before the files were loaded.
    init(_ stamps: [FileStamp]) { seen = stamps }

    /// The files look like this now.
    mutating func look(_ stamps: [FileStamp], now: UInt64) -> Action {
        if stamps != seen {
            seen = stamps
            return .load
        }
        guard var current = failure, !current.isTold, now >= current.since + Self.patience else { return .none }
        current.isTold = true
        failure = current
        return .complain(current.problem)
    }

    /// They could be loaded.
    mutating func loaded() { failure = nil }

    /// They could not. What goes on being wrong while files change counts from its beginning.
    mutating func failed(_ problem: FileProblem, now: UInt64) {
        let since = failure.flatMap { $0.isTold ? nil : $0.since } ?? now
        failure = Failure(problem: problem, since: since)
    }
}
