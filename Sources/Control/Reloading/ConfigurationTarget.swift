// Who takes a new config while it serves.
import MartletProxyConfig

/// Something that serves as a config says, and can take another one without being stopped.
package protocol ConfigurationTarget: Sendable {
    /// Takes a config that was checked. On failure everything is as it was before.
    func reload(_ configuration: Configuration) async -> Result<ReloadNote, StartError>
}

/// What of another config is not yet so.
package struct ReloadNote: Sendable, Equatable {
    /// Settings that have changed and take effect at the next start, by their paths.
    package var atNextStart: [String] = []
    /// What is not in the config any more and finishes what it has begun.
    package var draining: [String] = []
    /// What came to nothing all the same, in words for the log.
    package var failures: [String] = []

    package init() {}
}
