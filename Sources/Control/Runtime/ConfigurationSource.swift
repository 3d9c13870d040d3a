// Who puts configs into force, as the admin API sees it.
import MartletProxyConfig

/// Reads configs and puts them into force, one after the other.
protocol ConfigurationSource: Sendable {
    /// The config as it was read last and is in force, without what was changed at run time.
    var loaded: Configuration { get }
    /// The file that it was read from; empty for none.
    var file: String { get }
    /// Reads the file anew. The old config stays in force when that fails.
    func reload() async -> ApplyOutcome
    /// Puts the config that was read last into force once more, with what was changed at run time since.
    func reapply() async -> ApplyOutcome
}

/// What has come of it.
struct ApplyOutcome: Sendable {
    /// Whether it is in force.
    var isInForce: Bool
    /// What has changed, a line each.
    var changes: [String] = []
    /// What is wrong with the config, or odd about it: as an array of JSON, and as compilers show it.
    var diagnostics = JSONText.array([])
    var text = ""
}
