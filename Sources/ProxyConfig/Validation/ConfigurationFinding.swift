// What is found in a config that could be read.

/// Looks at what a config refers to, such as files, once it is whole.
package typealias ConfigurationInspection = (Configuration) -> [ConfigurationFinding]

/// A problem that is not yet placed.
package struct ConfigurationFinding: Sendable, Equatable {
    /// The setting it is about, such as `listeners[0].tls.acme`.
    package let keyPath: String
    /// Whether the key is at fault, rather than the value.
    package var isAboutKey = false
    /// Whether the config can be used all the same.
    package let severity: Diagnostic.Severity
    /// What is wrong, without a full stop.
    package let message: String
    /// What to do.
    package var hint: String?

    /// What is wrong with the setting `keyPath`.
    package init(
        keyPath: String, isAboutKey: Bool = false, severity: Diagnostic.Severity = .error, message: String,
        hint: String? = nil
    ) {
        self.keyPath = keyPath
        self.isAboutKey = isAboutKey
        self.severity = severity
        self.message = message
        self.hint = hint
    }
}

extension [ConfigurationFinding] {
    /// What an inspection finds in a config that is good by itself.
    func inspected(_ configuration: Configuration, _ inspect: ConfigurationInspection) -> Self {
        contains { $0.severity == .error } ? [] : inspect(configuration)
    }
}
