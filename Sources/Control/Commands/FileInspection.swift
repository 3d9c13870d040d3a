// What is wrong with the files that a config names.
import MartletProxyConfig

/// Looks into all files that a config names.
enum FileInspection {
    /// All that is wrong with them, and what they are asked for in vain.
    static func inspect(_ configuration: Configuration) -> [ConfigurationFinding] {
        SecureParts.inspect(configuration) + GuardParts.inspect(configuration)
    }
}
