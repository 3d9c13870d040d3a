// Types of values about what is done with requests and responses.
import MartletRouting

extension ValueType where Value == String {
    /// Where a redirect leads.
    static var location: ValueType {
        .parsed(TemplateText.location, blank: "/", write: { $0 }) { text throws(TextError) in
            try TemplateText.read(text, for: .location)
        }
    }

    /// The path of a request to a server.
    static var pathTemplate: ValueType {
        .parsed(TemplateText.path, blank: "/", write: { $0 }) { text throws(TextError) in
            try TemplateText.read(text, for: .path)
        }
    }

    /// The host that servers are told.
    static var hostTemplate: ValueType {
        .parsed(TemplateText.host, blank: "", write: { $0 }) { text throws(TextError) in
            text.contains("{") ? try TemplateText.read(text, for: .host) : try FieldText.host(text)
        }
    }

    /// What a path begins with.
    static var pathPrefix: ValueType {
        .parsed(TemplateText.prefix, blank: "", write: { $0 }) { text throws(TextError) in
            try TemplateText.prefix(text)
        }
    }

    /// The name of a parameter.
    static var parameterName: ValueType {
        .parsed(TemplateText.parameter, blank: "", write: { $0 }) { text throws(TextError) in
            try TemplateText.parameter(text)
        }
    }

    /// The name of a field that is changed.
    static var editedField: ValueType {
        .parsed(FieldText.name, blank: "", write: { $0 }) { text throws(TextError) in try EditedField.name(text) }
    }

    /// The value of a field.
    static var fieldValue: ValueType {
        let shape = TextShape(expected: "the value of a header field", pattern: nil)
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in try FieldText.value(text) }
    }
}

extension ValueType where Value == Int {
    /// A status by which a client is sent elsewhere (RFC 9110 section 15.4).
    static var redirectStatus: ValueType {
        let all = [301, 302, 303, 307, 308]
        let shape = Shape.integer(301...308)
        return ValueType(shape: shape, blank: 302, text: { "\($0)" }) { node, decoder in
            guard let number = node.scalar.flatMap({ Int($0.string) }), all.contains(number) else {
                decoder.wrongType(node, expected: "301, 302, 303, 307 or 308")
                return nil
            }
            return number
        }
    }
}

extension ValueType where Value == [FieldTemplate] {
    /// A mapping from names of fields of requests to values with variables.
    static var requestFieldTemplates: ValueType { fieldTemplates(.requestField) }

    /// The same of responses.
    static var responseFieldTemplates: ValueType { fieldTemplates(.responseField) }

    private static func fieldTemplates(_ use: TemplateUse) -> ValueType {
        .pairs("names of header fields", to: "their values", name: EditedField.name) { text throws(TextError) in
            try TemplateText.read(try FieldText.value(text), for: use)
        }
    }

    /// A mapping from names of fields to other names.
    static var fieldNames: ValueType {
        .pairs("names of header fields", to: "their new names", name: EditedField.name, value: EditedField.name)
    }

    /// A mapping from names of fields to claims of tokens.
    static var claimFields: ValueType {
        .pairs("names of header fields", to: "names of claims", name: EditedField.name, value: ClaimText.name)
    }

    /// A mapping from names of parameters to values with variables.
    static var parameterTemplates: ValueType {
        .pairs("names of parameters", to: "their values", name: TemplateText.parameter) { text throws(TextError) in
            try TemplateText.read(text, for: .parameter)
        }
    }

    /// A mapping from endings of names to media types.
    static var mediaTypes: ValueType {
        .pairs(
            "endings of names", to: "media types", name: FileNameText.ending, value: FileNameText.mediaType)
    }

    private static func pairs(
        _ names: String, to values: String, name: @escaping (String) throws(TextError) -> String,
        value: @escaping (String) throws(TextError) -> String
    ) -> ValueType {
        let shape = Shape.pairs(names, to: values)
        return ValueType(
            shape: shape, blank: [], text: { $0.isEmpty ? "{}" : nil },
            written: { .object($0.map { ($0.name, .string($0.value)) }) }
        ) { node, decoder in
            guard let mapping = node.mapping else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            return decoder.entries(of: mapping).compactMap { entry in
                decoder.within(.name(entry.name), key: entry.key, value: entry.value) { decoder in
                    decoder.pair(entry, name, value)
                } ?? nil
            }
        }
    }
}

extension ConfigurationDecoder {
    /// The pair that an entry of a mapping is.
    fileprivate mutating func pair(
        _ entry: Entry, _ name: (String) throws(TextError) -> String, _ value: (String) throws(TextError) -> String
    ) -> FieldTemplate? {
        guard let scalar = entry.value.scalar, !NodeText.isEmpty(scalar) else {
            wrongType(entry.value, expected: "a text")
            return nil
        }
        let readName = read(entry.name, at: entry.key, name)
        let readValue = read(scalar.string, at: entry.value, value)
        guard let readName, let readValue else { return nil }
        return FieldTemplate(name: readName, value: readValue)
    }

    private mutating func read(
        _ text: String, at node: Node, _ read: (String) throws(TextError) -> String
    ) -> String? {
        do throws(TextError) {
            return try read(text)
        } catch {
            let place = error.part.map { sources.place(of: node, offset: $0.offset, length: $0.length) }
            problem(error.message, expected: error.expected, hint: error.hint, at: place ?? self.place(of: node))
            return nil
        }
    }
}
