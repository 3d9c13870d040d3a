// What is told of discovery in metrics.
import MartletProxyConfig
import Synchronization

/// How looking for servers goes.
struct DiscoveryCounts: Sendable, Equatable {
    /// A source.
    struct Source: Sendable, Equatable {
        let upstream: String
        let kind: String
        var servers = 0
        /// Since the last answer; `nil` before the first.
        var age: Duration?
        var failures: UInt64 = 0
    }

    /// Questions, by what the resolvers had to say.
    var found: UInt64 = 0
    var nothing: UInt64 = 0
    var failed: UInt64 = 0
    var sources: [Source] = []
}

extension Discovery {
    /// How it goes; `nil` while nothing is looked for.
    var facts: DiscoveryCounts? {
        let time = now
        return state.withLock { state in
            if state.book.entries.isEmpty { return nil }
            var counts = state.counts
            counts.sources = state.book.entries.map { entry in
                DiscoveryCounts.Source(
                    upstream: entry.source.upstream, kind: entry.source.settings.dns == nil ? "folder" : "dns",
                    servers: entry.servers.count, age: entry.answered.map { time - $0 }, failures: entry.failures)
            }
            return counts
        }
    }
}
