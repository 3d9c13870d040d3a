// From a file to a config, or to everything that is wrong with it.

/// Reads configs. Each way of doing so may be given an inspection; without one, nothing but the config is looked at.
package enum ConfigurationLoader {
    /// Reads the file at `path`. Throws all that is wrong with it; warnings alone are passed over.
    package static func load(
        path: String, inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> Configuration {
        try check(path: path, inspect: inspect).configuration
    }

    /// Reads the config in `text`; `file` is what messages call it. Throws as `load` does.
    package static func parse(
        _ text: String, file: String, inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> Configuration {
        try check(text, file: file, inspect: inspect).configuration
    }

    /// Reads the file at `path` and keeps the warnings.
    package static func check(
        path: String, inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        try check(try FileReader.read(path), file: path, inspect: inspect)
    }

    /// Reads the config in `text` and keeps the warnings.
    package static func check(
        _ text: String, file: String, inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        let source = SourceText(file: file, text: text)
        let tree: YAMLReader.Tree
        do {
            tree = try YAMLReader.read(source)
        } catch {
            throw ConfigurationErrors(diagnostics: [Diagnostic(error, file: file)], source: text)
        }
        var decoder = ConfigurationDecoder(source: source, duplicates: tree.duplicates)
        guard let configuration = decoder.decodeSection(tree.root, as: Configuration.self) else {
            throw ConfigurationErrors(diagnostics: decoder.problems, source: text)
        }
        guard !decoder.isExhausted else { throw ConfigurationErrors(diagnostics: decoder.problems, source: text) }
        let values = decoder.values
        let findings = Validator.check(configuration, failed: decoder.failed) { path in
            values[path].map { source.place(of: $0).line }
        }
        let more = decoder.problems.isEmpty ? findings.inspected(configuration, inspect) : []
        var checked = try CheckedConfiguration(
            configuration, decoder.problems + (findings + more).map { decoder.diagnostic(for: $0) }, source: text)
        checked.routeLines = configuration.routes.indices.map { index in
            values["routes[\(index)]"].map { source.place(of: $0).line } ?? 0
        }
        return checked
    }

    /// Checks a config that was made in code by `origin`, such as `the command line`. Throws and warns as for a file,
    /// but without places.
    package static func validate(
        _ configuration: Configuration, origin: String, inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        let findings = Validator.check(configuration)
        let more = findings.inspected(configuration, inspect)
        let diagnostics = (findings + more).map { Diagnostic($0, file: origin, place: .none) }
        return try CheckedConfiguration(configuration, diagnostics, source: "")
    }
}

/// A config that can be used.
package struct CheckedConfiguration: Sendable, Equatable {
    /// The config.
    package let configuration: Configuration
    /// What is odd about it, in the order of the file. No errors.
    package let warnings: [Diagnostic]
    /// The text it was read from, for showing its lines; empty for a config made in code.
    package let source: String
    /// The lines on which the routes stand; empty for a config made in code.
    package fileprivate(set) var routeLines: [Int] = []

    /// The config, unless there is an error among `diagnostics`.
    init(_ configuration: Configuration, _ diagnostics: [Diagnostic], source: String) throws(ConfigurationErrors) {
        let sorted = diagnostics.sorted { $0.precedes($1) }
        guard !sorted.contains(where: { $0.severity == .error }) else {
            throw ConfigurationErrors(diagnostics: sorted, source: source)
        }
        self.configuration = configuration
        self.source = source
        warnings = sorted
    }
}

extension Diagnostic {
    /// What the text of a file is not.
    init(_ error: SyntaxError, file: String) {
        self.init(
            file: file, line: error.place.line, column: error.place.column, length: error.place.length,
            severity: .error,
            keyPath: "", message: error.message, expected: error.expected, hint: error.hint)
    }

    /// What holds not between the parts of a config.
    init(_ finding: Validator.Finding, file: String, place: Place) {
        self.init(
            file: file, line: place.line, column: place.column, length: place.length, severity: finding.severity,
            keyPath: finding.keyPath, message: finding.message, expected: nil, hint: finding.hint)
    }
}

extension ConfigurationDecoder {
    /// A finding at its place: that of its setting, or else of what the setting is part of.
    func diagnostic(for finding: Validator.Finding) -> Diagnostic {
        var path = finding.keyPath
        while true {
            if let node = finding.isAboutKey ? keys[path] ?? values[path] : values[path] ?? keys[path] {
                return Diagnostic(finding, file: source.file, place: place(of: node))
            }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
            path = String(path[..<end])
        }
        return Diagnostic(finding, file: source.file, place: .none)
    }
}
