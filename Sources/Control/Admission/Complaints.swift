// What the log is told of when something fails for each request: soon, but not each time.
import Logging
import Synchronization

/// Tells the log of failures, each kind of them once in a while.
final class Complaints: Sendable {
    private static let interval = Duration.seconds(10)
    /// The most kinds of failures that are told apart.
    private static let limit = 100

    private struct State {
        var log: Logger?
        var last: [String: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// From now on it is told.
    func start(_ log: Logger) { state.withLock { $0.log = log } }

    /// Says what is wrong, unless the same was said a moment ago.
    /// - Parameter details: by their names; all of them together are what makes two complaints the same.
    func say(_ message: String, _ details: [String: String], now: ContinuousClock.Instant = .now) {
        let key = message + details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let log: Logger? = state.withLock { state in
            if let last = state.last[key], now - last < Self.interval { return nil }
            if state.last.count >= Self.limit { state.last.removeAll() }
            state.last[key] = now
            return state.log
        }
        log?.warning("\(message)", metadata: details.mapValues { "\($0)" })
    }
}
