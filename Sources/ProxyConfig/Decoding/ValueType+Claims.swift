// Types of values about claims of tokens.

/// Reads names of claims.
enum ClaimText {
    static let name = TextShape(expected: "the name of a claim such as sub or realm_access.roles", pattern: #"^\S+$"#)

    static func name(_ text: String) throws(TextError) -> String {
        guard !text.isEmpty, text.utf8.count <= 256, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw TextError(message: "\(Quoting.quote(text)) is not the name of a claim", expected: name.expected)
        }
        return text
    }
}

extension ValueType where Value == String {
    /// The name of a claim.
    static var claimName: ValueType {
        .parsed(ClaimText.name, blank: "", write: { $0 }) { text throws(TextError) in try ClaimText.name(text) }
    }
}

extension ValueType where Value == [ClaimConfiguration] {
    /// A mapping from names of claims to values, each one or a list.
    static var claims: ValueType {
        let values = ValueType<[String]>.oneOrMore(of: .text(upTo: 1_024))
        let shape = Shape.lists("names of claims", of: values.shape)
        return ValueType(
            shape: shape, blank: [], text: { $0.isEmpty ? "{}" : nil },
            written: { .object($0.map { ($0.name, .array($0.values.map { .string($0) })) }) }
        ) { node, decoder in
            guard let mapping = node.mapping else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            return decoder.entries(of: mapping).compactMap { entry in
                decoder.within(.name(entry.name), key: entry.key, value: entry.value) { decoder in
                    if (try? ClaimText.name(entry.name)) == nil {
                        decoder.problem(
                            "\(Quoting.quote(entry.name)) is not the name of a claim",
                            expected: ClaimText.name.expected, at: decoder.place(of: entry.key))
                    }
                    return values.decode(entry.value, &decoder).map {
                        ClaimConfiguration(name: entry.name, values: $0)
                    }
                } ?? nil
            }
        }
    }
}
