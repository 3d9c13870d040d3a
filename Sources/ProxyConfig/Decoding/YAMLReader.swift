// From text to a tree: by the reader of plain YAML where that can, and by Yams where it cannot.
import Yams

/// Reads YAML.
struct YAMLReader {
    private let source: SourceText
    private let file: Int32
    private var duplicates = DuplicateKeys()
    /// Lists and mappings that were read already: aliases lead to them again, and again.
    private var known: [Origin: Node] = [:]

    /// Where a list or a mapping of Yams' begins.
    private struct Origin: Hashable {
        let isList: Bool
        let line: Int
        let column: Int
    }

    private init(_ source: SourceText, file: Int32) {
        self.source = source
        self.file = file
    }

    /// Reads the one document in `source`. Throws the one problem that makes the rest unreadable.
    /// - Parameters:
    ///   - file: which of the config's files it is.
    ///   - references: finds what values refer to.
    static func read(_ source: SourceText, file: Int, references: inout References) throws(SyntaxError) -> Node {
        if let node = PlainYAMLReader.read(source.text, file: Int32(file), references: &references) { return node }
        return try readAll(source, file: file, references: &references)
    }

    /// The same of all of YAML, by Yams.
    static func readAll(_ source: SourceText, file: Int, references: inout References) throws(SyntaxError) -> Node {
        try YAMLGuard.check(source)
        var reader = YAMLReader(source, file: Int32(file))
        let root = try reader.parse()
        return reader.node(root, &references)
    }

    private mutating func parse() throws(SyntaxError) -> Yams.Node {
        var text = source.text
        while true {
            do {
                // Without rules that make numbers of texts: types are the schema's business.
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { throw SyntaxError.empty }
                if let scalar = root.scalar, NodeText.isEmpty(scalar.string, isPlain: scalar.isPlain) {
                    throw SyntaxError.empty
                }
                return root
            } catch let error as SyntaxError {
                throw error
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                guard let name = names.min(), let renamed = duplicates.rename(name, at: context.mark, in: text) else {
                    throw SyntaxError.duplicate(names.min() ?? "", at: context.mark)
                }
                text = renamed
            } catch {
                throw SyntaxError(error, in: source)
            }
        }
    }

    /// What Yams has read, as a tree of ours.
    private mutating func node(_ node: Yams.Node, _ references: inout References) -> Node {
        let mark = Mark(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
        if case .scalar(let scalar) = node {
            let text = references.resolve(scalar.string, at: mark)
            return .scalar(Node.Scalar(string: text, style: scalar.ownStyle, mark: mark))
        }
        let origin = Origin(isList: node.sequence != nil, line: mark.line, column: mark.column)
        if let known = known[origin] { return known }
        let read: Node
        if let mapping = node.mapping {
            var pairs: [Node.Pair] = []
            for (key, value) in mapping {
                pairs.append(Node.Pair(key: self.key(key, &references), value: self.node(value, &references)))
            }
            read = .mapping(Node.Mapping(pairs: pairs, mark: mark))
        } else {
            var nodes: [Node] = []
            for element in node.sequence ?? [] { nodes.append(self.node(element, &references)) }
            read = .sequence(Node.Sequence(nodes: nodes, mark: mark))
        }
        known[origin] = read
        return read
    }

    private mutating func key(_ key: Yams.Node, _ references: inout References) -> Node {
        guard let scalar = key.scalar else { return node(key, &references) }
        let mark = Mark(file: file, line: key.mark?.line ?? 0, column: key.mark?.column ?? 0)
        let name = duplicates.name(of: scalar.string)
        return .scalar(Node.Scalar(string: name, style: scalar.ownStyle, mark: mark))
    }
}

extension Yams.Node.Scalar {
    fileprivate var isPlain: Bool { style == .plain || style == .any }

    fileprivate var ownStyle: Node.Scalar.Style {
        switch style {
        case .any, .plain: .plain
        case .singleQuoted: .singleQuoted
        case .doubleQuoted: .doubleQuoted
        case .literal: .literal
        case .folded: .folded
        }
    }
}

/// Why a text cannot be read as YAML.
struct SyntaxError: Error {
    let message: String
    var expected: String?
    var hint: String?
    var place: Place = .none
    /// Whether there is nothing in the file at all.
    var isEmpty = false

    static var empty: SyntaxError {
        SyntaxError(
            message: "the file is empty", expected: "at least 'listeners', each with an 'address'", isEmpty: true)
    }

    static func tooDeep(at place: Place) -> SyntaxError {
        SyntaxError(message: "lists and mappings are nested too deeply", place: place)
    }

    static func duplicate(_ name: String, at mark: Yams.Mark) -> SyntaxError {
        let place = Place(line: mark.line, column: mark.column, length: 1)
        return SyntaxError(
            message: "duplicate key \(Quoting.quote(name))", hint: "it is set again in the same mapping", place: place)
    }
}
