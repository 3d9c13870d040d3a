// What stands at a place of the file, in words.

/// Describes nodes.
enum NodeText {
    /// What it is, as the end of a sentence: `is a list`, `has no value`.
    static func describe(_ node: Node) -> String {
        switch node {
        case .mapping: "is a mapping"
        case .sequence: "is a list"
        case .scalar(let scalar) where isEmpty(scalar): "has no value"
        case .scalar(let scalar): "is \(Quoting.quote(scalar.string))"
        }
    }

    /// Whether nothing was written, or the word for nothing.
    static func isEmpty(_ scalar: Node.Scalar) -> Bool {
        isEmpty(scalar.string, isPlain: isPlain(scalar))
    }

    /// The same of a text.
    static func isEmpty(_ text: String, isPlain: Bool) -> Bool {
        guard isPlain, text.utf8.count <= 4 else { return false }
        switch text {
        case "", "~", "null", "Null", "NULL": return true
        default: return false
        }
    }

    /// Whether it was written without quotes.
    static func isPlain(_ scalar: Node.Scalar) -> Bool { scalar.style == .plain }
}
