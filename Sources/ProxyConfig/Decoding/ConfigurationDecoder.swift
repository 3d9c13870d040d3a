// Walks the tree that YAML has become, and notes what is wrong and where everything stood.
import Yams

/// The state of decoding one file.
struct ConfigurationDecoder {
    /// The most values that are visited. Aliases can make a small file stand for a huge one.
    static let maximumValues = 500_000

    /// The most problems that are noted.
    static let maximumProblems = 1000

    /// The text, for measuring what is at fault.
    let source: SourceText
    /// Keys that occurred more than once in their mapping.
    private let duplicates: DuplicateKeys
    /// What is wrong so far.
    private(set) var problems: [Diagnostic] = []
    /// The value of each setting, by key path.
    private(set) var values: [String: Node] = [:]
    /// The key of each setting, by key path.
    private(set) var keys: [String: Node] = [:]
    /// The settings with a problem of their own, by key path; whatever refers to them is not looked at.
    private(set) var failed: Set<String> = []
    /// The setting being decoded.
    private(set) var keyPath = ""
    /// The word that the current setting may have instead of a value.
    private var word: String?
    private var visited = 0

    init(source: SourceText, duplicates: DuplicateKeys) {
        self.source = source
        self.duplicates = duplicates
    }

    /// Whether so much was visited, or is wrong, that decoding ends.
    var isExhausted: Bool { visited > Self.maximumValues || problems.count >= Self.maximumProblems }

    /// The last part of the key path, quoted: `'servers[1]'`.
    var leaf: String {
        keyPath.isEmpty ? "the file" : Quoting.quote(keyPath.split(separator: ".").last ?? "")
    }

    /// Where a node stands.
    func place(of node: Node) -> Place { source.place(of: node) }

    /// Decodes what is below the current setting. `component` is `.name` or `[index]`. Nil when there was too much
    /// already.
    mutating func within<Result>(
        _ component: String, key: Node? = nil, value: Node, _ body: (inout ConfigurationDecoder) -> Result
    ) -> Result? {
        visited += 1
        if visited == ConfigurationDecoder.maximumValues + 1 {
            problem("with its aliases expanded, the file has too many values", at: place(of: value))
        }
        guard !isExhausted else { return nil }
        let outer = (keyPath, word)
        keyPath = keyPath.isEmpty ? String(component.drop { $0 == "." }) : keyPath + component
        word = nil
        values[keyPath] = value
        if let key { keys[keyPath] = key }
        defer { (keyPath, word) = outer }
        return body(&self)
    }

    /// Decodes a value that may be replaced by `word`, which messages then say.
    mutating func offering<Result>(_ word: String, _ body: (inout ConfigurationDecoder) -> Result) -> Result {
        self.word = word
        defer { self.word = nil }
        return body(&self)
    }

    /// The current setting has begun as something else, so the word is no longer what could stand there.
    mutating func withdrawOffer() { word = nil }

    /// Marks the current setting as one that cannot be looked at.
    mutating func fail() { failed.insert(keyPath) }

    /// Notes an error of the current setting.
    mutating func problem(_ message: String, expected: String? = nil, hint: String? = nil, at place: Place) {
        failed.insert(keyPath)
        let expected = expected.map { what in word.map { "'\($0)' or \(what)" } ?? what }
        problems.append(
            Diagnostic(
                file: source.file, line: place.line, column: place.column, length: place.length, severity: .error,
                keyPath: keyPath, message: message, expected: expected, hint: hint))
    }

    /// Notes that the current setting is of another type.
    mutating func wrongType(_ node: Node, expected: String, hint: String? = nil) {
        problem("\(leaf) \(NodeText.describe(node))", expected: expected, hint: hint, at: place(of: node))
    }

    /// The keys and values of a mapping. Notes keys that occur twice, and keys that are no text.
    mutating func entries(of mapping: Node.Mapping) -> [Entry] {
        var lines: [String: Int] = [:]
        var entries: [Entry] = []
        for (key, value) in mapping {
            guard let text = key.scalar?.string else {
                problem("a key is not a text", expected: "a word followed by a colon", at: place(of: key))
                continue
            }
            let name = duplicates.name(of: text)
            if let line = lines[name] {
                let place = duplicates.place(of: text) ?? place(of: key)
                problem("duplicate key \(Quoting.quote(name))", hint: "it is already set on line \(line)", at: place)
                failed.insert(keyPath.isEmpty ? name : keyPath + "." + name)
            }
            lines[name] = lines[name] ?? key.mark?.line
            if !duplicates.isMarker(text) { entries.append(Entry(name: name, key: key, value: value)) }
        }
        return entries
    }

    /// A key with its value.
    struct Entry {
        let name: String
        let key: Node
        let value: Node
    }
}
