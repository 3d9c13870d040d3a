// Lists that are loaded again when their files change, while the proxy runs.
import Logging
import MartletEventLoop
import Synchronization

/// Watches files of networks, users and keys on a thread of its own.
final class FileKeeper: Sendable {
    private static let interval = Duration.seconds(1)

    private let state: Mutex<State>
    private let wakeUp = Semaphore()
    private let isStopped = Atomic(false)
    private let log: Logger
    private let began = ContinuousClock.now

    private struct State {
        var files: [WatchedFiles]
        var reloads: UInt64 = 0
        var failures: UInt64 = 0
    }

    init(_ files: [WatchedFiles], log: Logger) {
        state = Mutex(State(files: files))
        self.log = log
    }

    /// Times that files were loaded anew, and that they were refused.
    var counts: (reloads: UInt64, failures: UInt64) { state.withLock { ($0.reloads, $0.failures) } }

    /// Starts to watch, if there is anything to watch.
    func start() throws(SystemError) {
        if state.withLock(\.files.isEmpty) { return }
        try BackgroundThread.start { self.work() }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        wakeUp.signal()
    }

    private func work() {
        while !isStopped.load(ordering: .relaxed) {
            look(now: began.duration(to: .now).milliseconds)
            _ = wakeUp.wait(for: Self.interval)
        }
    }

    /// Looks at all files once.
    /// - Parameter now: milliseconds of a clock that is never set.
    func look(now: UInt64) {
        state.withLock { state in
            for index in state.files.indices {
                let what = state.files[index].what
                switch state.files[index].look(now: now) {
                case .unchanged: continue
                case .loaded:
                    state.reloads += 1
                    let paths = state.files[index].paths.joined(separator: ", ")
                    log.notice("\(what) loaded anew", metadata: ["files": "\(paths)"])
                case .refused(let problem):
                    state.failures += 1
                    log.error(
                        "\(what) not loaded: the one before stays in force",
                        metadata: ["setting": "\(problem.keyPath)", "error": "\(problem.message)"])
                }
            }
        }
    }
}
