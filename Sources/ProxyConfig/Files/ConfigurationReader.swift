// Reads all files of a config, and makes one tree of them.
import Foundation

/// Reads the main file, and what it includes.
struct ConfigurationReader {
    /// How deep files may include each other.
    private static let maximumDepth = 8
    /// The most files.
    private static let maximumFiles = 10_000
    /// The most bytes of all files together.
    private static let maximumBytes = 64 << 20

    private(set) var texts: SourceTexts
    private(set) var references: References
    /// What is wrong or odd so far.
    private(set) var problems: [Diagnostic] = []
    private(set) var sources: ConfigurationSources
    private var tree: ConfigurationTree?
    /// Whether every file could be read. What one of the others says may have been in it.
    private var isWhole = true
    /// The files that were read, by their real paths.
    private var known: Set<String> = []
    private var bytes = 0

    /// A file that another one asks for.
    private struct Inclusion {
        let path: String
        /// The value that asks for it.
        let node: Node
    }

    init(_ main: SourceText, surroundings: Surroundings) {
        texts = SourceTexts(main)
        references = References(surroundings)
        sources = ConfigurationSources(name: main.file, text: main.text)
        sources.sought = [main.file]
    }

    /// The tree of all files; `nil` when one of them cannot be read.
    mutating func read() -> Node? {
        known.insert(Self.realPath(texts.texts[0].file))
        read(texts.texts[0], file: 0, chain: [Self.realPath(texts.texts[0].file)])
        for failure in references.failures { note(failure) }
        texts.replacements = references.replacements
        texts.unresolved = Set(references.failures.map(\.mark))
        sources.secrets = references.files
        return isWhole ? tree?.root : nil
    }

    private mutating func read(_ text: SourceText, file: Int, chain: [String]) {
        let folder = Self.folder(of: text.file)
        references.begin(text.text, in: folder)
        let root: Node
        do throws(SyntaxError) {
            root = try YAMLReader.read(text, file: file, references: &references)
        } catch {
            // A file that is included may say nothing.
            if file > 0 && error.isEmpty { return }
            problems.append(Diagnostic(error, file: text.file))
            isWhole = false
            return
        }
        if file == 0 {
            tree = ConfigurationTree(root)
        } else if let mapping = root.mapping {
            tree?.add(mapping, texts, &problems)
        } else {
            note("the file \(NodeText.describe(root))", expected: "a mapping as in the main file", at: root)
        }
        guard let mapping = root.mapping else { return }
        for pair in mapping.pairs where pair.key.scalar?.string == "include" {
            include(pair.value, in: folder, chain: chain)
        }
    }

    // MARK: Including

    private mutating func include(_ value: Node, in folder: String, chain: [String]) {
        // What is no text, the decoder says of the main file; of the others, this is the place.
        for node in value.sequence?.nodes ?? [value] {
            guard let pattern = node.scalar?.string, !pattern.isEmpty else {
                if node.mark.file > 0 { note("'include' \(NodeText.describe(node))", expected: "a path", at: node) }
                continue
            }
            if references.failures.contains(where: { $0.mark == node.mark }) {
                isWhole = false
                continue
            }
            guard chain.count < Self.maximumDepth else {
                return note("files include each other more than \(Self.maximumDepth) deep", at: node)
            }
            let path = references.surroundings.path(pattern, in: folder)
            if FilePattern.isPattern(pattern) {
                includeMatches(of: path, node, chain: chain)
            } else {
                include(Inclusion(path: path, node: node), isOneOfMany: false, chain: chain)
            }
        }
    }

    private mutating func includeMatches(of path: String, _ node: Node, chain: [String]) {
        let matches = FilePattern(path).matches()
        if !sources.patterns.contains(path) { sources.patterns.append(path) }
        sources.folders += matches.folders.filter { !sources.folders.contains($0) }
        guard matches.files.count <= FilePattern.most else {
            return note("the pattern stands for more than \(FilePattern.most) files", at: node)
        }
        if matches.files.isEmpty {
            note("no file matches \(Quoting.quote(path))", severity: .warning, at: node)
        }
        for file in matches.files {
            include(Inclusion(path: file, node: node), isOneOfMany: true, chain: chain)
        }
    }

    private mutating func include(_ inclusion: Inclusion, isOneOfMany: Bool, chain: [String]) {
        let real = Self.realPath(inclusion.path)
        if chain.contains(real) {
            // A pattern in the folder of its own file stands for that file, too.
            if isOneOfMany { return }
            return note("the file \(Quoting.quote(inclusion.path)) includes itself", at: inclusion.node)
        }
        guard known.insert(real).inserted else { return }
        sources.sought.append(inclusion.path)
        guard texts.texts.count < Self.maximumFiles else {
            return note("the config has more than \(Self.maximumFiles) files", at: inclusion.node)
        }
        let text: String
        do throws(ConfigurationErrors) {
            text = try FileReader.read(inclusion.path)
        } catch {
            for diagnostic in error.diagnostics { note(diagnostic, includedBy: inclusion.node) }
            return
        }
        bytes += text.utf8.count
        guard bytes <= Self.maximumBytes else {
            return note("all files of the config together are larger than 64 MiB", at: inclusion.node)
        }
        let source = SourceText(file: inclusion.path, text: text)
        texts.append(source)
        sources.files.append(ConfigurationSources.File(name: source.file, text: text))
        read(source, file: texts.texts.count - 1, chain: chain + [real])
    }

    static func realPath(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ""
    }

    // MARK: Problems

    private mutating func note(
        _ message: String, expected: String? = nil, hint: String? = nil, severity: Diagnostic.Severity = .error,
        at node: Node
    ) {
        let place = texts.place(of: node)
        problems.append(
            Diagnostic(
                file: texts.name(of: place), line: place.line, column: place.column, length: place.length,
                severity: severity, keyPath: "include", message: message, expected: expected, hint: hint))
    }

    /// A file that cannot be read at all is the fault of who asks for it; bytes that are no text are the file's.
    private mutating func note(_ diagnostic: Diagnostic, includedBy node: Node) {
        isWhole = false
        guard diagnostic.line == 0 else { return problems.append(diagnostic) }
        note("\(Quoting.quote(diagnostic.file)): \(diagnostic.message)", at: node)
    }

    private mutating func note(_ failure: References.Failure) {
        let node = Node.scalar(Node.Scalar(string: "", style: .literal, mark: failure.mark))
        let place = texts.place(of: node)
        problems.append(
            Diagnostic(
                file: texts.name(of: place), line: place.line, column: place.column, length: place.length,
                severity: .error, keyPath: "", message: failure.error.message, expected: nil, hint: failure.error.hint))
    }
}
