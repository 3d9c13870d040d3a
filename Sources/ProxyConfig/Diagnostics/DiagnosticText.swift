// Problems for people: as compilers show them.

/// Shows problems with the lines they are about.
package enum DiagnosticText {
    /// How many problems are shown before the rest is only counted.
    private static let limit = 100
    /// The longest part of a line that is shown, in Unicode scalars.
    private static let width = 160

    /// For each problem `file:line:column: error: …`, the line of `source`, and a mark under what is at fault:
    ///
    ///     martlet.yaml:7:5: error: unknown key 'upstrem' in a route; did you mean 'upstream'?
    ///         upstrem: api
    ///         ^~~~~~~
    ///
    /// With `colour`, in the colours of a terminal. Ends with a newline unless there is no problem.
    package static func render(_ diagnostics: [Diagnostic], source: String, colour: Bool) -> String {
        let lines = SourceLines(source)
        return render(diagnostics, colour: colour) { _ in lines }
    }

    /// The same of problems in several files.
    package static func render(_ diagnostics: [Diagnostic], sources: ConfigurationSources, colour: Bool) -> String {
        var lines: [String: SourceLines] = [:]
        return render(diagnostics, colour: colour) { name in
            if let known = lines[name] { return known }
            let own = SourceLines(sources.files.first { $0.name == name }?.text ?? "")
            lines[name] = own
            return own
        }
    }

    private static func render(
        _ diagnostics: [Diagnostic], colour: Bool, lines: (String) -> SourceLines
    ) -> String {
        var text = ""
        for diagnostic in diagnostics.prefix(limit) {
            text += headline(diagnostic, colour: colour)
            guard diagnostic.column > 0 else { continue }
            text += excerpt(diagnostic, lines: lines(diagnostic.file), colour: colour)
        }
        if diagnostics.count > limit { text += "and \(diagnostics.count - limit) more\n" }
        return text
    }

    private static func headline(_ diagnostic: Diagnostic, colour: Bool) -> String {
        let bold = colour ? "\u{1B}[1m" : ""
        let tint = !colour ? "" : diagnostic.severity == .error ? "\u{1B}[1;31m" : "\u{1B}[1;35m"
        let reset = colour ? "\u{1B}[0m" : ""
        var place = Quoting.clean(diagnostic.file)
        if diagnostic.line > 0 { place += ":\(diagnostic.line)" }
        if diagnostic.column > 0 { place += ":\(diagnostic.column)" }
        return
            "\(bold)\(place): \(reset)\(tint)\(diagnostic.severity.rawValue): \(reset)"
            + "\(bold)\(diagnostic.headline)\(reset)\n"
    }

    /// The line and the mark below it; of a long line only what is around the mark.
    private static func excerpt(_ diagnostic: Diagnostic, lines: SourceLines, colour: Bool) -> String {
        guard let line = lines[diagnostic.line], line.utf8.count <= SourceLines.longest
        else { return "" }
        let scalars = Array(line.unicodeScalars)
        let column = min(diagnostic.column - 1, scalars.count)
        let start = scalars.count <= width ? 0 : max(0, min(column - width / 4, scalars.count - width))
        let shown = scalars[start..<min(scalars.count, start + width)]
        let length = max(1, min(diagnostic.length, shown.endIndex - column))
        let padding = shown[start..<column].map { $0 == "\t" ? "\t" : " " }.joined()
        let mark = "^" + String(repeating: "~", count: length - 1)
        let tinted = colour ? "\u{1B}[1;32m\(mark)\u{1B}[0m" : mark
        var view = String.UnicodeScalarView()
        view.append(contentsOf: shown)
        return "    \(Quoting.clean(String(view)))\n    \(padding)\(tinted)\n"
    }
}

/// A text by lines.
struct SourceLines {
    /// The longest line that is looked into or shown, in bytes. A file may be one line of megabytes.
    static let longest = 10_000

    private let lines: [Substring.UTF8View]

    init(_ source: String) {
        // YAML ends lines with LF, CR LF or CR (YAML 1.2 section 5.4).
        let unified =
            source.utf8.contains(0x0D)
            ? source.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n") : source
        lines = source.isEmpty ? [] : unified.utf8.split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }
    }

    /// The line with this number, from 1.
    subscript(number: Int) -> String? {
        number >= 1 && number <= lines.count ? String(Substring(lines[number - 1])) : nil
    }
}
