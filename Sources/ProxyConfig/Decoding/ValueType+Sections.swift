// Types of values that are mappings.
import Yams

extension ValueType where Value: Section {
    /// A section.
    static func section() -> ValueType {
        ValueType(shape: .section { Value.shape }, blank: Value.blank, text: { _ in nil }) { node, decoder in
            decoder.decodeSection(node)
        }
    }

    /// A section, or the short form that is the value of one key alone.
    static func shorthand<Short>(_ path: WritableKeyPath<Value, Short>, _ short: ValueType<Short>) -> ValueType {
        guard case .text(let text) = short.shape else { preconditionFailure("a short form is a text") }
        return ValueType(shape: .shorthand(text) { Value.shape }, blank: Value.blank, text: { _ in nil }) {
            node, decoder in
            guard node.mapping == nil else { return decoder.decodeSection(node) }
            return short.decode(node, &decoder).map { value in
                var section = Value.blank
                section[keyPath: path] = value
                return section
            }
        }
    }
}

extension ValueType {
    /// A mapping from names to sections, each of which takes its name into `path`. Keeps the order of the file.
    static func named<Element: Section>(_ path: WritableKeyPath<Element, String>) -> ValueType
    where Value == [Element] {
        let shape = Shape.named { Element.shape }
        return ValueType(shape: shape, blank: [], text: { _ in nil }) { node, decoder in
            guard let mapping = node.mapping else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            return decoder.entries(of: mapping).compactMap { entry in
                decoder.within("." + entry.name, key: entry.key, value: entry.value) { decoder in
                    decoder.checkName(entry.name, of: entry.key)
                    var element = decoder.decodeSection(entry.value, as: Element.self) ?? Element.blank
                    element[keyPath: path] = entry.name
                    return element
                }
            }
        }
    }
}
