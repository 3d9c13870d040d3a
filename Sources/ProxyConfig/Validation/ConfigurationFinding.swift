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
    /// Whether it is of no interest unless the setting stands in the file: what is so by default was not asked for.
    package var isAboutWritten = false

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
    /// - Parameter isWritten: whether the file has a setting, by its key path.
    func inspected(
        _ configuration: Configuration, _ inspect: ConfigurationInspection, isWritten: (String) -> Bool
    ) -> Self {
        if contains(where: { $0.severity == .error }) { return [] }
        return inspect(configuration).filter { !$0.isAboutWritten || isWritten($0.keyPath) }
    }
}
