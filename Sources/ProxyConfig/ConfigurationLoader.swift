// From files to a config, or to everything that is wrong with it.

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

    /// Reads the file at `path`, with all that it includes, and keeps the warnings.
    /// - Parameter before: what was read from there before: parts that are the same are not read anew.
    package static func check(
        path: String, surroundings: Surroundings = .process, after before: CheckedConfiguration? = nil,
        inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        try check(
            try FileReader.read(path), file: path, surroundings: surroundings, after: before, inspect: inspect)
    }

    /// Reads the config in `text` and keeps the warnings.
    package static func check(
        _ text: String, file: String, surroundings: Surroundings = .process,
        after before: CheckedConfiguration? = nil, inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        var reader = ConfigurationReader(SourceText(file: file, text: text), surroundings: surroundings)
        let root = reader.read()
        let verdict = ConfigurationVerdict(reader.sources, hiding: SecretHiding(reader.references.secrets))
        guard let root else { throw verdict.errors(reader.problems) }
        let earlier = before.flatMap { EarlierRoutes($0) }
        var decoder = ConfigurationDecoder(sources: reader.texts, earlier: earlier)
        let decoded = decoder.decodeSection(root, as: Configuration.self)
        let problems = reader.problems + decoder.problems
        guard let configuration = decoded, !decoder.isExhausted else { throw verdict.errors(problems) }
        let settings = SettingIndex(root)
        let findings = Validator.check(
            configuration, failed: decoder.failed, line: settings.line, unshadowed: earlier?.unshadowed)
        let isGood = !problems.contains { $0.severity == .error }
        let more = isGood ? findings.inspected(configuration, inspect) { settings.line($0) != nil } : []
        let placed = (findings + more).map { reader.texts.diagnostic(for: $0, settings) }
        var checked = try verdict.checked(configuration, problems + placed)
        checked.routeLines = Self.routeLines(root)
        checked.tree = ConfigurationDocument(root, replacements: reader.texts.replacements)
        return checked
    }

    private static func routeLines(_ root: Node) -> [Int] {
        guard case .mapping(let mapping) = root else { return [] }
        let routes = mapping.pairs.first { $0.key.scalar?.string == "routes" }?.value
        return routes?.sequence?.nodes.map(\.mark.line) ?? []
    }

    /// Checks a config that was made in code by `origin`, such as `the command line`. Throws and warns as for a file,
    /// but without places.
    package static func validate(
        _ configuration: Configuration, origin: String, inspect: ConfigurationInspection = { _ in [] }
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        let findings = Validator.check(configuration)
        let more = findings.inspected(configuration, inspect) { _ in false }
        let diagnostics = (findings + more).map { Diagnostic($0, file: origin, place: .none) }
        let verdict = ConfigurationVerdict(ConfigurationSources(), hiding: SecretHiding([]))
        return try verdict.checked(configuration, diagnostics)
    }
}

/// A config that can be used.
package struct CheckedConfiguration: Sendable, Equatable {
    /// The config.
    package let configuration: Configuration
    /// What is odd about it, in the order of the files. No errors.
    package let warnings: [Diagnostic]
    /// What it was read from.
    package let sources: ConfigurationSources
    /// The lines on which the routes stand; empty for a config made in code.
    package fileprivate(set) var routeLines: [Int] = []
    /// What was read, without secrets; `nil` for a config made in code.
    package fileprivate(set) var tree: ConfigurationDocument?

    /// The text of the main file, for showing its lines; empty for a config made in code.
    package var source: String { sources.main }

    fileprivate init(_ configuration: Configuration, warnings: [Diagnostic], sources: ConfigurationSources) {
        self.configuration = configuration
        self.warnings = warnings
        self.sources = sources
    }
}

/// What comes of all that was found in a config.
private struct ConfigurationVerdict {
    private let sources: ConfigurationSources
    private let hiding: SecretHiding

    init(_ sources: ConfigurationSources, hiding: SecretHiding) {
        self.sources = sources
        self.hiding = hiding
    }

    /// The config, unless there is an error among `diagnostics`.
    func checked(
        _ configuration: Configuration, _ diagnostics: [Diagnostic]
    ) throws(ConfigurationErrors) -> CheckedConfiguration {
        if diagnostics.contains(where: { $0.severity == .error }) { throw errors(diagnostics) }
        return CheckedConfiguration(configuration, warnings: sorted(diagnostics), sources: sources)
    }

    func errors(_ diagnostics: [Diagnostic]) -> ConfigurationErrors {
        ConfigurationErrors(diagnostics: sorted(diagnostics), sources: sources)
    }

    /// In the order of the files, and in each in the order of its lines.
    private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        if diagnostics.isEmpty { return [] }
        var order: [String: Int] = [:]
        for (index, file) in sources.files.enumerated() { order[file.name] = order[file.name] ?? index }
        return diagnostics.map(hiding.hide).sorted { left, right in
            let places = (order[left.file] ?? 0, order[right.file] ?? 0)
            return places.0 == places.1 ? left.precedes(right) : places.0 < places.1
        }
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

extension SourceTexts {
    /// A finding at its place: that of its setting, or else of what the setting is part of.
    fileprivate func diagnostic(for finding: Validator.Finding, _ settings: SettingIndex) -> Diagnostic {
        var path = finding.keyPath
        while !path.isEmpty {
            if let setting = settings.setting(path) {
                let place = place(of: finding.isAboutKey ? setting.key ?? setting.value : setting.value)
                return Diagnostic(finding, file: name(of: place), place: place)
            }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
            path = String(path[..<end])
        }
        return Diagnostic(finding, file: texts[0].file, place: .none)
    }
}
