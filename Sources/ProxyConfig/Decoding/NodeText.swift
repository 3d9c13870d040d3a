// What stands at a place of the file, in words.
import Yams

/// Describes nodes.
enum NodeText {
    /// What it is, as the end of a sentence: `is a list`, `has no value`.
    static func describe(_ node: Node) -> String {
        switch node {
        case .mapping: "is a mapping"
        case .sequence: "is a list"
        case .alias: "is an alias"
        case .scalar(let scalar) where isEmpty(scalar): "has no value"
        case .scalar(let scalar): "is \(Quoting.quote(scalar.string))"
        }
    }

    /// Whether nothing was written, or the word for nothing.
    static func isEmpty(_ scalar: Node.Scalar) -> Bool {
        isPlain(scalar) && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// Whether it was written without quotes.
    static func isPlain(_ scalar: Node.Scalar) -> Bool { scalar.style == .plain || scalar.style == .any }
}
