// One tree of several files: lists go on, sections and names come together, and nothing is set twice.

/// The tree of the main file, to which those of others are added.
struct ConfigurationTree {
    private(set) var root: Node
    /// Where the keys of sections are, for finding those that are set twice.
    private var places: [String: [String: Mark]] = [:]

    init(_ root: Node) {
        self.root = root
    }

    /// Adds what an included file says.
    mutating func add(_ mapping: Node.Mapping, _ texts: SourceTexts, _ problems: inout [Diagnostic]) {
        guard var own = root.mapping else { return }
        // The tree is not to be copied when it is changed.
        root = .mapping(Node.Mapping(pairs: [], mark: own.mark))
        defer { root = .mapping(own) }
        for pair in mapping.pairs {
            guard let name = pair.key.scalar?.string, name != "include" else { continue }
            guard let index = own.pairs.firstIndex(where: { $0.key.scalar?.string == name }) else {
                own.pairs.append(pair)
                continue
            }
            let other = own.pairs[index].key.mark
            switch (own.pairs[index].value, pair.value) {
            case (.sequence(var all), .sequence(let more)):
                own.pairs[index].value = pair.value
                all.nodes += more.nodes
                own.pairs[index].value = .sequence(all)
            case (.mapping(var all), .mapping(let more)):
                own.pairs[index].value = pair.value
                join(&all, more, section: name, texts, &problems)
                own.pairs[index].value = .mapping(all)
            default:
                problems.append(Self.conflict("\(Quoting.quote(name))", at: pair.key, other, path: name, texts))
            }
        }
    }

    private mutating func join(
        _ all: inout Node.Mapping, _ more: Node.Mapping, section: String, _ texts: SourceTexts,
        _ problems: inout [Diagnostic]
    ) {
        var known = places.removeValue(forKey: section) ?? Self.places(all)
        for pair in more.pairs {
            guard let name = pair.key.scalar?.string else {
                all.pairs.append(pair)
                continue
            }
            // What is there twice in one file, the decoder says.
            if let other = known[name], other.file != pair.key.mark.file {
                let what = "\(Quoting.quote(name)) in '\(section)'"
                problems.append(Self.conflict(what, at: pair.key, other, path: "\(section).\(name)", texts))
                continue
            }
            known[name] = known[name] ?? pair.key.mark
            all.pairs.append(pair)
        }
        places[section] = known
    }

    private static func places(_ mapping: Node.Mapping) -> [String: Mark] {
        var places: [String: Mark] = [:]
        for pair in mapping.pairs {
            if let name = pair.key.scalar?.string { places[name] = places[name] ?? pair.key.mark }
        }
        return places
    }

    private static func conflict(
        _ what: String, at node: Node, _ other: Mark, path: String, _ texts: SourceTexts
    ) -> Diagnostic {
        let place = texts.place(of: node)
        return Diagnostic(
            file: texts.name(of: place), line: place.line, column: place.column, length: place.length,
            severity: .error, keyPath: path, message: "\(what) is set in two files", expected: nil,
            hint: "it is already set \(texts.describe(other))")
    }
}
