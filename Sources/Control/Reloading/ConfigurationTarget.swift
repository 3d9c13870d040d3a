// Who takes a new config while it serves.
import MartletProxyConfig

/// Something that serves as a config says, and can take another one without being stopped.
package protocol ConfigurationTarget: Sendable {
    /// Takes a config that was checked. On failure everything is as it was before.
    func reload(_ configuration: Configuration) async -> Result<ReloadNote, StartError>
}

/// What there is to be said of a config that was taken.
package struct ReloadNote: Sendable, Equatable {
    /// The settings that have changed but take effect at the next start only, by key path: `workers`.
    package var atNextStart: [String] = []

    package init(atNextStart: [String] = []) {
        self.atNextStart = atNextStart
    }
}
