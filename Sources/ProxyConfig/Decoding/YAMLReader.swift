// From text to a tree, by Yams.
import Yams

/// Reads YAML.
enum YAMLReader {
    /// The tree of a text, and the keys that occurred more than once.
    struct Tree {
        let root: Node
        let duplicates: DuplicateKeys
    }

    /// Reads the one document in `source`. Throws the one problem that makes the rest unreadable.
    static func read(_ source: SourceText) throws(SyntaxError) -> Tree {
        try YAMLGuard.check(source)
        var duplicates = DuplicateKeys()
        var text = source.text
        while true {
            do {
                // Without rules that make numbers of texts: types are the schema's business.
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { throw SyntaxError.empty }
                if let scalar = root.scalar, NodeText.isEmpty(scalar) { throw SyntaxError.empty }
                return Tree(root: root, duplicates: duplicates)
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
}

/// Why a text cannot be read as YAML.
struct SyntaxError: Error {
    let message: String
    var expected: String?
    var hint: String?
    var place: Place = .none

    static var empty: SyntaxError {
        SyntaxError(message: "the file is empty", expected: "at least 'listeners', each with an 'address'")
    }

    static func tooDeep(at place: Place) -> SyntaxError {
        SyntaxError(message: "lists and mappings are nested too deeply", place: place)
    }

    static func duplicate(_ name: String, at mark: Mark) -> SyntaxError {
        let place = Place(line: mark.line, column: mark.column, length: 1)
        return SyntaxError(
            message: "duplicate key \(Quoting.quote(name))", hint: "it is set again in the same mapping", place: place)
    }
}
