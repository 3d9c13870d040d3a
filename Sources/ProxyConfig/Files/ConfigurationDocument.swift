// A config as it was read, for showing it: all files in one, with what references lead to, without secrets.

/// What was read.
package struct ConfigurationDocument: Sendable, Equatable {
    /// What stands in place of a secret.
    private static let hidden = "(secret)"
    /// Keys whose values nobody may see, with what they are keys of.
    private static let secretKeys: Set<String> = ["sticky.secret", "accountBinding.key"]

    let root: Node
    private let secrets: Set<Mark>

    init(_ root: Node, replacements: [Mark: SourceTexts.Replacement]) {
        self.root = root
        secrets = Set(replacements.lazy.filter(\.value.isSecret).map(\.key))
    }

    /// As JSON: texts that are written without quotes and are a number, `true` or `false` become that.
    package var json: JSONText { json(root, "", "") }

    private func json(_ node: Node, _ key: String, _ parent: String) -> JSONText {
        switch node {
        case .scalar(let scalar):
            let isSecret = secrets.contains(scalar.mark) || Self.secretKeys.contains(parent + "." + key)
            return isSecret ? .string(Self.hidden) : value(scalar)
        case .sequence(let sequence): return .array(sequence.nodes.map { json($0, key, parent) })
        case .mapping(let mapping):
            var members: [(String, JSONText)] = []
            for pair in mapping.pairs {
                guard let name = pair.key.scalar?.string, !(name == "include" && parent.isEmpty && key.isEmpty) else {
                    continue
                }
                members.append((name, json(pair.value, name, key)))
            }
            return .object(members)
        }
    }

    private func value(_ scalar: Node.Scalar) -> JSONText {
        guard scalar.style == .plain else { return .string(scalar.string) }
        if scalar.string == "true" { return .boolean(true) }
        if scalar.string == "false" { return .boolean(false) }
        if let number = IntegerText.digits(scalar.string), number < 1 << 53 { return .integer(number) }
        return .string(scalar.string)
    }
}
