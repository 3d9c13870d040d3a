// What is wrong with a config, and where.

/// One problem of a config.
package struct Diagnostic: Sendable, Equatable {
    /// How bad a problem is.
    package enum Severity: String, Sendable {
        /// The config cannot be used.
        case error
        /// The config can be used, but probably does not do what was meant.
        case warning
    }

    /// The file as the user named it; for a config made in code, what made it (`the command line`).
    package var file: String
    /// The line, from 1; 0 when the problem has no place in a file.
    package var line: Int
    /// The column, from 1, counted in Unicode scalars; 0 when the problem is about a line or the file as a whole.
    package var column: Int
    /// How many Unicode scalars of the line are at fault; at least 1 where there is a column.
    package var length: Int
    /// Whether the config can be used all the same.
    package var severity: Severity
    /// The setting it is about, such as `upstreams.api.servers[1]`; empty for the file as a whole.
    package var keyPath: String
    /// What is wrong, without a full stop.
    package var message: String
    /// What would be right: `a port between 1 and 65535`.
    package var expected: String?
    /// What to do: `did you mean 'upstream'?`.
    package var hint: String?

    /// Everything in one sentence: message, expectation, hint.
    package var headline: String {
        var text = message
        if let expected { text += "; expected \(expected)" }
        if let hint { text += "; \(hint)" }
        return text
    }
}

extension Diagnostic {
    /// Whether it is to be shown before `other`: by position, errors before warnings.
    func precedes(_ other: Diagnostic) -> Bool {
        (line, column, severity == .error ? 0 : 1) < (other.line, other.column, other.severity == .error ? 0 : 1)
    }
}

/// Why a config was refused.
package struct ConfigurationErrors: Error, Sendable, Equatable {
    /// All problems found, warnings among them, in the order of the files. At least one is an error.
    package let diagnostics: [Diagnostic]
    /// What was read.
    package let sources: ConfigurationSources

    /// The text of the main file, for showing its lines; empty when there is none or it cannot be read.
    package var source: String { sources.main }

    /// The problems as compilers show them.
    package func text(colour: Bool) -> String {
        DiagnosticText.render(diagnostics, sources: sources, colour: colour)
    }
}
