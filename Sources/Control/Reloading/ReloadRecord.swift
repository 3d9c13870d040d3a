// What has become of reloads, for metrics.
import Crypto
import MartletProxyConfig
import Synchronization

/// Counts of reloads, and which config is in force.
package struct ReloadCounts: Sendable, Equatable {
    /// Reloads whose config is, or was, in force.
    package var applied: UInt64 = 0
    /// Reloads whose config was refused.
    package var refused: UInt64 = 0
    /// Whether the last one was applied; the start counts as one.
    package var lastSucceeded = true
    /// When the config in force came into force, in seconds since 1970.
    package var lastSuccess: Int64 = 0
    /// What tells the files of the config in force from others; empty for a config without a file.
    package var hash = ""
}

/// Keeps the counts.
package final class ReloadRecord: Sendable {
    private let state: Mutex<ReloadCounts>

    /// The start counts as the first time that a config came into force.
    package init() {
        state = Mutex(ReloadCounts(lastSuccess: WallClock.seconds))
    }

    package var counts: ReloadCounts { state.withLock { $0 } }

    /// The proxy has started with what these files say.
    func started(with sources: ConfigurationSources) {
        let hash = Self.hash(sources)
        state.withLock { $0.hash = hash }
    }

    /// A config came into force.
    func applied(_ sources: ConfigurationSources, now: Int64 = WallClock.seconds) {
        let hash = Self.hash(sources)
        state.withLock { counts in
            counts.applied += 1
            (counts.lastSucceeded, counts.lastSuccess, counts.hash) = (true, now, hash)
        }
    }

    /// A config was refused.
    func refused() {
        state.withLock { counts in
            counts.refused += 1
            counts.lastSucceeded = false
        }
    }

    /// The first half of the SHA-256 of all files; secrets are no part of it.
    static func hash(_ sources: ConfigurationSources) -> String {
        if sources.files.isEmpty { return "" }
        var function = SHA256()
        for file in sources.files {
            // With the length in front, so that no two lists of files have the same bytes.
            function.update(data: Array("\(file.text.utf8.count):".utf8))
            function.update(data: Array(file.text.utf8))
        }
        return function.finalize().prefix(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
