// A config looked at by the command line: what is wrong with it, in the form that was asked for.
import MartletProxyConfig

/// What came of reading a config.
package struct ConfigurationCheck: Sendable {
    /// The config; `nil` when it cannot be used.
    package var configuration: Configuration? { checked?.configuration }
    /// The same with where its parts stand.
    package let checked: CheckedConfiguration?
    /// All that is wrong with it or odd about it.
    private let diagnostics: [Diagnostic]
    private let sources: ConfigurationSources

    /// Reads the file at `path`, with all that it includes.
    package init(path: String) {
        self.init { () throws(ConfigurationErrors) in try Self.result(path).get() }
    }

    /// The file at `path` for whoever does not show what is wrong with it at once.
    /// - Parameter before: what was read from it before.
    static func result(
        _ path: String, after before: CheckedConfiguration? = nil
    ) -> Result<CheckedConfiguration, ConfigurationErrors> {
        do throws(ConfigurationErrors) {
            return .success(
                try ConfigurationLoader.check(path: path, after: before, inspect: FileInspection.inspect))
        } catch {
            return .failure(error)
        }
    }

    /// Checks the text of a config, which messages call `file`.
    package init(text: String, file: String) {
        self.init { () throws(ConfigurationErrors) in
            try ConfigurationLoader.check(text, file: file, inspect: FileInspection.inspect)
        }
    }

    /// Checks a config that the command line made.
    package init(_ configuration: Configuration) {
        self.init { () throws(ConfigurationErrors) in
            try ConfigurationLoader.validate(
                configuration, origin: "the command line", inspect: FileInspection.inspect)
        }
    }

    private init(_ check: () throws(ConfigurationErrors) -> CheckedConfiguration) {
        do throws(ConfigurationErrors) {
            let checked = try check()
            self.checked = checked
            diagnostics = checked.warnings
            sources = checked.sources
        } catch {
            checked = nil
            diagnostics = error.diagnostics
            sources = error.sources
        }
    }

    /// The problems as compilers show them; empty when there is none.
    package func text(colour: Bool) -> String { DiagnosticText.render(diagnostics, sources: sources, colour: colour) }

    /// The problems as a JSON array, for editors.
    package var json: String { DiagnosticJSON.render(diagnostics) }

    /// The same as a value.
    var document: JSONText { DiagnosticJSON.array(diagnostics) }

    /// How many there are of each kind: "2 errors and 1 warning"; `nil` when there is none.
    package var summary: String? {
        let errors = diagnostics.count { $0.severity == .error }
        let parts = [Self.count(errors, "error"), Self.count(diagnostics.count - errors, "warning")].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " and ")
    }

    private static func count(_ number: Int, _ noun: String) -> String? {
        number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
