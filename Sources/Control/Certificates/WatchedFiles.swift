// Files that are loaded again whenever they change.
import MartletEventLoop
import MartletTLS

/// Files that belong together, and what to do with them.
struct WatchedFiles: Sendable {
    /// What they are, for the log: `certificate`.
    let what: String
    let paths: [String]
    /// Reads them and puts what they hold into force.
    let load: @Sendable () throws(FileProblem) -> Void
    private(set) var watch: FileWatch

    /// Watches from now on: make it before the files are read for the first time.
    init(_ what: String, _ paths: [String], load: @escaping @Sendable () throws(FileProblem) -> Void) {
        self.what = what
        self.paths = paths
        self.load = load
        watch = FileWatch(paths.map { FileStamp($0) })
    }

    /// The same files, watched since the same time, with something else to do when they change.
    func loading(_ load: @escaping @Sendable () throws(FileProblem) -> Void) -> WatchedFiles {
        WatchedFiles(what: what, paths: paths, load: load, watch: watch)
    }

    private init(
        what: String, paths: [String], load: @escaping @Sendable () throws(FileProblem) -> Void, watch: FileWatch
    ) {
        (self.what, self.paths, self.load, self.watch) = (what, paths, load, watch)
    }

    /// What became of a look at them.
    enum Outcome: Equatable {
        case unchanged
        case loaded
        /// They cannot be used. What was there before stays in force.
        case refused(FileProblem)
    }

    /// Looks at them, and loads them if they have changed.
    mutating func look(now: UInt64) -> Outcome {
        switch watch.look(paths.map { FileStamp($0) }, now: now) {
        case .none: return .unchanged
        case .complain(let problem): return .refused(problem)
        case .load:
            do throws(FileProblem) {
                try load()
                watch.loaded()
                return .loaded
            } catch {
                watch.failed(error, now: now)
                return .unchanged
            }
        }
    }
}
