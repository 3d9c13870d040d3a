// What to tell of a reload that has come into force.
import MartletEventLoop
import MartletProxy
import MartletProxyConfig

/// What of another config is not yet so.
package struct ReloadNote: Sendable, Equatable {
    /// Settings that have changed and take effect at the next start, by their paths.
    package var atNextStart: [String] = []
    /// What is not in the config any more and finishes what it has begun: `server api/127.0.0.1:9001`, `upstream api`,
    /// `listener :8080`.
    package var draining: [String] = []
    /// What came to nothing all the same, in words for the log.
    package var failures: [String] = []

    package init(atNextStart: [String] = []) { self.atNextStart = atNextStart }

    /// Compares what was in force with what is.
    init(from old: Configuration, to new: Configuration, listeners: [String], _ model: Model, after before: Model) {
        let changes: [(path: String, hasChanged: Bool)] = [
            ("workers", old.workers != new.workers),
            ("engine", old.engine != new.engine),
            ("limits.connections", old.limits.connections != new.limits.connections),
            ("limits.bufferMemory", old.limits.bufferMemory != new.limits.bufferMemory),
            ("limits.fileThreads", old.limits.fileThreads != new.limits.fileThreads),
            ("limits.servers", old.limits.servers != new.limits.servers),
            ("limits.upstreams", old.limits.upstreams != new.limits.upstreams),
            ("metrics", old.metrics != new.metrics),
            ("log.format", old.log.format != new.log.format),
            ("user", old.user != new.user),
            ("group", old.group != new.group),
            ("admin.stateFile", old.admin?.stateFile != new.admin?.stateFile),
        ]
        atNextStart = changes.filter(\.hasChanged).map(\.path)
        draining = listeners.map { "listener \($0)" }
        draining += model.slots.upstreams.leaving(after: before.slots.upstreams).map { "upstream \($0)" }
        draining += model.slots.servers.leaving(after: before.slots.servers).map {
            "server \($0.upstream)/\($0.address)"
        }
    }
}

extension Slots {
    /// What is not in the config any more, and was before.
    fileprivate func leaving(after before: Slots) -> [Name] {
        retired.compactMap { place in
            place < before.count && before.isCurrent(place) && before.names[place] == names[place] ? names[place] : nil
        }
    }
}
