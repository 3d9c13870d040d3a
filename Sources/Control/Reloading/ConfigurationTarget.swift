// Who takes a new config while it serves.
import MartletProxyConfig

/// Something that serves as a config says, and can take another one without being stopped.
package protocol ConfigurationTarget: Sendable {
    /// Takes a config that was checked. On failure everything is as it was before.
    func reload(_ configuration: Configuration) async -> Result<ReloadNote, StartError>
}
