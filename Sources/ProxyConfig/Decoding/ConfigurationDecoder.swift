// Walks the tree that YAML has become, and notes what is wrong and where everything stood.

/// The state of decoding one config.
struct ConfigurationDecoder {
    /// The most values that are visited. Aliases can make a small file stand for a huge one.
    static let maximumValues = 1_000_000

    /// The most problems that are noted.
    static let maximumProblems = 1000

    /// A step on the way from the file as a whole to a setting.
    enum Step {
        case name(String)
        case index(Int)
    }

    /// A setting that is being decoded, or that one is part of.
    private struct Frame {
        let step: Step
        let key: Node?
        let value: Node
    }

    /// The texts, for measuring what is at fault.
    let sources: SourceTexts
    /// What was looked up for sections.
    var tables = KeyTables()
    /// Which keys the mappings have that are being decoded, the innermost last.
    var keyPlaces: [UInt8] = []
    /// What is wrong so far.
    private(set) var problems: [Diagnostic] = []
    /// The settings with a problem of their own, by key path; whatever refers to them is not looked at.
    private(set) var failed: Set<String> = []
    /// The way to the setting being decoded.
    private var frames: [Frame] = []
    /// The word that the current setting may have instead of a value.
    private var word: String?
    private var visited = 0

    /// The routes of a config that was read before.
    private let earlier: EarlierRoutes?

    init(sources: SourceTexts, earlier: EarlierRoutes? = nil) {
        self.sources = sources
        self.earlier = sources.unresolved.isEmpty ? earlier : nil
    }

    /// Reads a list of routes. Those that say the same as before are the same: they were read without a complaint.
    mutating func decodeRoutes(
        _ nodes: [Node], _ decodeElement: (Node, inout ConfigurationDecoder) -> RouteConfiguration?
    ) -> RouteList {
        let known = earlier?.routes(of: nodes)
        var routes = RouteList(capacity: nodes.count)
        for (index, node) in nodes.enumerated() where !isExhausted {
            if let entry = known?[index] {
                routes.append(entry)
                continue
            }
            let route = within(.index(index), value: node) { decodeElement(node, &$0) }
            routes.append((route ?? nil) ?? RouteConfiguration.blank)
        }
        return routes
    }

    /// Whether so much was visited, or is wrong, that decoding ends.
    var isExhausted: Bool { visited > Self.maximumValues || problems.count >= Self.maximumProblems }

    /// Whether the current setting is the file as a whole.
    var isAtTop: Bool { frames.isEmpty }

    /// The setting being decoded.
    var keyPath: String {
        var path = ""
        for frame in frames {
            switch frame.step {
            case .name(let name): path += path.isEmpty ? name : "." + name
            case .index(let index): path += "[\(index)]"
            }
        }
        return path
    }

    /// The last part of the key path, quoted: `'servers[1]'`.
    var leaf: String {
        isAtTop ? "the file" : Quoting.quote(keyPath.split(separator: ".").last ?? "")
    }

    /// The key of the current setting.
    var currentKey: Node? { frames.last?.key }

    /// Where a node stands.
    func place(of node: Node) -> Place { sources.place(of: node) }

    /// Decodes what is below the current setting. Nil when there was too much already.
    mutating func within<Result>(
        _ step: Step, key: Node? = nil, value: Node, _ body: (inout ConfigurationDecoder) -> Result
    ) -> Result? {
        visited += 1
        frames.append(Frame(step: step, key: key, value: value))
        let outer = word
        word = nil
        defer {
            word = outer
            frames.removeLast()
        }
        if visited == ConfigurationDecoder.maximumValues + 1 {
            let message = "with its aliases expanded, the file has too many values"
            if problems.count < Self.maximumProblems { problem(message, at: place(of: value)) }
        }
        guard !isExhausted else { return nil }
        if sources.isUnresolved(value) { fail() }
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

    /// Marks a setting below the current one as such.
    mutating func fail(_ name: String) { failed.insert(isAtTop ? name : keyPath + "." + name) }

    /// Notes an error of the current setting.
    mutating func problem(_ message: String, expected: String? = nil, hint: String? = nil, at place: Place) {
        let path = keyPath
        failed.insert(path)
        // What is wrong with it was said before it was decoded.
        if let frame = frames.last, sources.isUnresolved(frame.value) { return }
        let expected = expected.map { what in word.map { "'\($0)' or \(what)" } ?? what }
        // What a message quotes may be a secret.
        let isSecret = frames.last.map { sources.isSecret($0.value) } ?? false
        problems.append(
            Diagnostic(
                file: sources.name(of: place), line: place.line, column: place.column, length: place.length,
                severity: .error, keyPath: path, message: isSecret ? "\(leaf) cannot be what the file holds" : message,
                expected: expected, hint: isSecret ? nil : hint))
    }

    /// Notes that the current setting is of another type.
    mutating func wrongType(_ node: Node, expected: String, hint: String? = nil) {
        problem("\(leaf) \(NodeText.describe(node))", expected: expected, hint: hint, at: place(of: node))
    }

    /// The keys and values of a mapping. Notes keys that occur twice, and keys that are no text.
    mutating func entries(of mapping: Node.Mapping) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(mapping.pairs.count)
        var lines: [Int] = []
        var places: [String: Int] = [:]
        let isLarge = mapping.pairs.count > 16
        for pair in mapping.pairs {
            guard case .scalar(let key) = pair.key else {
                problem("a key is not a text", expected: "a word followed by a colon", at: place(of: pair.key))
                continue
            }
            let name = key.string
            if let first = isLarge ? places[name] : entries.firstIndex(where: { $0.name == name }) {
                let hint = "it is already set on line \(lines[first])"
                problem("duplicate key \(Quoting.quote(name))", hint: hint, at: place(of: pair.key))
                fail(name)
                // The last one is looked into: each tells of its own mistakes when those before it are gone.
                entries[first] = Entry(name: name, key: pair.key, value: pair.value)
                continue
            }
            if isLarge { places[name] = entries.count }
            entries.append(Entry(name: name, key: pair.key, value: pair.value))
            lines.append(pair.key.mark.line)
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
