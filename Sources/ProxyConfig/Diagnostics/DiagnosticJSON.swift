// Problems for editors.

/// Problems as JSON.
package enum DiagnosticJSON {
    /// An array with one object per problem: `file`, `line`, `column`, `length`, `severity`, `keyPath`, `message`,
    /// and where there is one `expected` and `hint`. Ends with a newline. `[]` when there is no problem.
    package static func render(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "[]\n" }
        return "[\n" + diagnostics.map { "  " + object($0).compact }.joined(separator: ",\n") + "\n]\n"
    }

    /// The same as a value.
    package static func array(_ diagnostics: [Diagnostic]) -> JSONText { .array(diagnostics.map { object($0) }) }

    private static func object(_ diagnostic: Diagnostic) -> JSONText {
        var members: [(String, JSONText)] = [
            ("file", .string(diagnostic.file)),
            ("line", .integer(diagnostic.line)),
            ("column", .integer(diagnostic.column)),
            ("length", .integer(diagnostic.length)),
            ("severity", .string(diagnostic.severity.rawValue)),
            ("keyPath", .string(diagnostic.keyPath)),
            ("message", .string(diagnostic.message)),
        ]
        if let expected = diagnostic.expected { members.append(("expected", .string(expected))) }
        if let hint = diagnostic.hint { members.append(("hint", .string(hint))) }
        return .object(members)
    }
}
