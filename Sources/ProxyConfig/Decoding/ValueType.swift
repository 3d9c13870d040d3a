// Types of values: how each is read, written and described. The basic ones stand in files of their own beside this
// one.

/// A type of values in the file.
struct ValueType<Value> {
    /// What may stand in the file.
    let shape: Shape
    /// What stands in for an element that cannot be read, so that those behind it keep their index.
    let blank: Value
    /// The value as it would be written in the file; nil when there is nothing to write.
    let text: (Value) -> String?
    /// The value as it stands in a file that says everything; nil when the key is to be left out.
    let written: (Value) -> JSONText?
    /// Reads a value. Nil when there is none to be had; what is wrong has then been told to the decoder.
    let decode: (Node, inout ConfigurationDecoder) -> Value?

    /// - Parameter written: without it, `text` says how a value is written.
    init(
        shape: Shape, blank: Value, text: @escaping (Value) -> String?, written: ((Value) -> JSONText?)? = nil,
        decode: @escaping (Node, inout ConfigurationDecoder) -> Value?
    ) {
        self.shape = shape
        self.blank = blank
        self.text = text
        self.written = written ?? { text($0).map { shape.isBare ? .bare($0) : .string($0) } }
        self.decode = decode
    }
}

extension ValueType {
    /// The word that stands for nil, such as `off`, or else a value of another type.
    static func word<Wrapped>(_ word: String, or other: ValueType<Wrapped>) -> ValueType where Value == Wrapped? {
        let shape = Shape.word(word, or: other.shape)
        return ValueType(
            shape: shape, blank: .none, text: { $0.map(other.text) ?? word },
            written: { $0.map(other.written) ?? .string(word) }
        ) { node, decoder in
            if node.scalar?.string == word { return .some(.none) }
            return decoder.offering(word) { other.decode(node, &$0) }.map { .some($0) }
        }
    }

    /// A type for a key that may be left out.
    static func optional<Wrapped>(_ other: ValueType<Wrapped>) -> ValueType where Value == Wrapped? {
        ValueType(
            shape: other.shape, blank: .none, text: { $0.flatMap(other.text) }, written: { $0.flatMap(other.written) }
        ) { node, decoder in
            other.decode(node, &decoder).map { .some($0) }
        }
    }

    /// A list with at least `minimum` elements.
    static func list<Element>(of element: ValueType<Element>, minimum: Int = 0) -> ValueType where Value == [Element] {
        let shape = Shape.list(of: element.shape, minimum: minimum)
        return ValueType(
            shape: shape, blank: [], text: { text(of: $0, element) },
            written: { .array($0.compactMap(element.written)) }
        ) { node, decoder in
            guard let sequence = node.sequence else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            if sequence.count < minimum {
                let expected = minimum == 1 ? "at least one element" : "at least \(minimum) elements"
                decoder.problem("\(decoder.leaf) is an empty list", expected: expected, at: decoder.place(of: node))
            }
            return decoder.decodeElements(sequence.nodes, of: element)
        }
    }

    /// A list on one line; nil when an element cannot be written on one.
    private static func text<Element>(of elements: [Element], _ type: ValueType<Element>) -> String? {
        let texts = elements.compactMap(type.text)
        return texts.count == elements.count ? "[" + texts.joined(separator: ", ") + "]" : nil
    }

    /// A list of at least one element, for a key that may be left out.
    static func some<Element>(of element: ValueType<Element>) -> ValueType where Value == [Element] {
        let list = ValueType.list(of: element, minimum: 1)
        return ValueType(
            shape: list.shape, blank: [], text: { _ in nil }, written: { $0.isEmpty ? nil : list.written($0) },
            decode: list.decode)
    }

    /// One element, or a list of at least one.
    static func oneOrMore<Element>(
        of element: ValueType<Element>, minimum: Int = 1
    ) -> ValueType where Value == [Element] {
        let list = ValueType.list(of: element, minimum: minimum)
        return ValueType(
            shape: .oneOrMore(of: element.shape), blank: [], text: { _ in nil },
            written: { $0.isEmpty ? nil : list.written($0) }
        ) { node, decoder in
            node.sequence == nil ? element.decode(node, &decoder).map { [$0] } : list.decode(node, &decoder)
        }
    }
}
