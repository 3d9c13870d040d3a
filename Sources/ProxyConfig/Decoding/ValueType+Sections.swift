// Types of values that are mappings.

extension ValueType where Value: Section {
    /// A section.
    /// - Parameter advice: what to do for whoever writes a word in its place.
    static func section(insteadOfWord advice: String? = nil) -> ValueType {
        let shape = Shape.section { Value.shape }
        return ValueType(shape: shape, blank: Value.blank, text: { _ in nil }, written: { $0.written }) {
            node, decoder in
            guard let advice, let scalar = node.scalar, !NodeText.isEmpty(scalar) else {
                return decoder.decodeSection(node)
            }
            decoder.wrongType(node, expected: shape.expected, hint: advice)
            return nil
        }
    }

    /// A section, or the short form that is the value of one key alone.
    static func shorthand<Short>(_ path: WritableKeyPath<Value, Short>, _ short: ValueType<Short>) -> ValueType {
        guard case .text(let text) = short.shape else { preconditionFailure("a short form is a text") }
        return ValueType(
            shape: .shorthand(text) { Value.shape }, blank: Value.blank, text: { _ in nil }, written: { $0.written }
        ) { node, decoder in
            guard node.mapping == nil else { return decoder.decodeSection(node) }
            return short.decode(node, &decoder).map { value in
                var section = Value.blank
                section[keyPath: path] = value
                return section
            }
        }
    }
}

extension ValueType where Value == RouteList {
    /// A list of routes, of which most may have been read before.
    static var routes: ValueType {
        let section = ValueType<RouteConfiguration>.section()
        let list = ValueType<[RouteConfiguration]>.list(of: section)
        return ValueType(
            shape: list.shape, blank: [], text: { list.text(Array($0)) }, written: { list.written(Array($0)) }
        ) { node, decoder in
            guard let sequence = node.sequence else { return list.decode(node, &decoder).map { RouteList($0) } }
            return decoder.decodeRoutes(sequence.nodes, section.decode)
        }
    }
}

extension ValueType {
    /// `on` for a section with the defaults, `off` for none, or a section.
    /// - Parameter otherWords: what is written elsewhere, and which of the two it is here.
    static func onOrOff<Part: Section & Equatable>(otherWords: [String: String]) -> ValueType where Value == Part? {
        let section = ValueType<Part>.section()
        let shape = Shape.word("off", or: .word("on", or: section.shape))
        return ValueType(
            shape: shape, blank: nil, text: { text(of: $0) }, written: { $0?.written ?? .string("off") }
        ) { node, decoder in
            if node.mapping != nil { return section.decode(node, &decoder).map { .some($0) } }
            let word = node.scalar?.string ?? ""
            if word == "on" { return .some(Part.blank) }
            if word == "off" { return .some(nil) }
            let near = otherWords[word.lowercased()] ?? BooleanText.meant(word).map { $0 == "true" ? "on" : "off" }
            decoder.wrongType(node, expected: shape.expected, hint: near.map { "did you mean '\($0)'?" })
            return nil
        }
    }

    /// What is written for a section that is on or off; nil when that takes more than a word.
    private static func text<Part: Section & Equatable>(of part: Part?) -> String? where Value == Part? {
        guard let part else { return "off" }
        return part == Part.blank ? "on" : nil
    }

    /// A mapping from names to sections, each of which takes its name into `path`. Keeps the order of the file.
    static func named<Element: Section>(_ path: WritableKeyPath<Element, String>) -> ValueType
    where Value == [Element] {
        let shape = Shape.named { Element.shape }
        return ValueType(
            shape: shape, blank: [], text: { _ in nil },
            written: { .object($0.map { ($0[keyPath: path], $0.written) }) }
        ) { node, decoder in
            guard let mapping = node.mapping else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            return decoder.entries(of: mapping).compactMap { entry in
                decoder.within(.name(entry.name), key: entry.key, value: entry.value) { decoder in
                    decoder.checkName(entry.name, of: entry.key)
                    var element = decoder.decodeSection(entry.value, as: Element.self) ?? Element.blank
                    element[keyPath: path] = entry.name
                    return element
                }
            }
        }
    }
}
