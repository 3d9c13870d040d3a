// The texts of all files of a config, and what was put in place of references in them.

/// The files of a config, the main one first.
struct SourceTexts {
    /// What stands in place of a scalar with references.
    struct Replacement {
        /// The scalar as it is written.
        let written: String
        /// Whether the value comes from a file with a secret.
        let isSecret: Bool
    }

    private(set) var texts: [SourceText]
    /// What was replaced, by where it begins.
    var replacements: [Mark: Replacement] = [:]
    /// Values with references that lead nowhere.
    var unresolved: Set<Mark> = []

    /// - Parameter main: the file that the user named.
    init(_ main: SourceText) {
        texts = [main]
    }

    mutating func append(_ text: SourceText) { texts.append(text) }

    /// What the file is called that a place is in.
    func name(of place: Place) -> String { texts[place.file].file }

    /// The position of a mark, in words: `line 3`, or with the file where there are several.
    func describe(_ mark: Mark) -> String {
        texts.count == 1
            ? "on line \(mark.line)" : "in \(Quoting.clean(texts[Int(mark.file)].file)) on line \(mark.line)"
    }

    /// Where a node stands.
    func place(of node: Node) -> Place {
        place(of: node) { $0.place(of: $1) }
    }

    /// Where a part of a scalar stands; of one that was replaced, where all of it does.
    func place(of node: Node, offset: Int, length: Int) -> Place {
        if replacements[node.mark] != nil { return place(of: node) }
        return place(of: node) { $0.place(of: $1, offset: offset, length: length) }
    }

    /// Whether nobody may see what a node holds.
    func isSecret(_ node: Node) -> Bool {
        guard !replacements.isEmpty, case .scalar(let scalar) = node else { return false }
        return replacements[scalar.mark]?.isSecret ?? false
    }

    /// Whether it is not known what a value is.
    func isUnresolved(_ node: Node) -> Bool {
        guard !unresolved.isEmpty, case .scalar(let scalar) = node else { return false }
        return unresolved.contains(scalar.mark)
    }

    private func place(of node: Node, _ find: (SourceText, Node) -> Place) -> Place {
        var node = node
        let file = Int(node.mark.file)
        if case .scalar(var scalar) = node, let replacement = replacements[scalar.mark] {
            scalar.string = replacement.written
            node = .scalar(scalar)
        }
        var place = find(texts[file], node)
        place.file = file
        return place
    }
}
