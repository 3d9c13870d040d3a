// Types of values that share requests out.

extension ValueType where Value == [SplitShare] {
    /// The greatest weight.
    private static var greatest: Int { 1_000_000 }

    /// A mapping from names of upstreams to weights. Keeps the order of the file.
    static var shares: ValueType {
        let weight = ValueType<Int>.integer(0...greatest)
        let shape = Shape.weights(0...greatest)
        return ValueType(
            shape: shape, blank: [], text: { _ in nil },
            written: { .object($0.map { ($0.upstream, .integer($0.weight)) }) }
        ) { node, decoder in
            guard let mapping = node.mapping else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            if mapping.isEmpty {
                decoder.problem(
                    "\(decoder.leaf) has no upstream", expected: shape.expected, at: decoder.place(of: node))
            }
            return decoder.entries(of: mapping).compactMap { entry in
                decoder.within(.name(entry.name), key: entry.key, value: entry.value) { decoder in
                    weight.decode(entry.value, &decoder).map { SplitShare(upstream: entry.name, weight: $0) }
                } ?? nil
            }
        }
    }
}

extension ValueType where Value == String {
    /// The name of an upstream, for a key that may be left out.
    static var routeUpstream: ValueType {
        let name = ValueType.upstreamName
        return ValueType(shape: name.shape, blank: "", text: { $0.isEmpty ? nil : $0 }, decode: name.decode)
    }

    /// The name of a header field.
    static var fieldName: ValueType {
        .parsed(FieldText.name, blank: "", write: { $0 }) { text throws(TextError) in
            guard FieldText.isToken(text), text.utf8.count <= 64 else {
                throw TextError(message: "\(Quoting.quote(text)) is not the name of a header field")
            }
            return text
        }
    }
}
