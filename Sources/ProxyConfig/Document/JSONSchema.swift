// The schema of the file for editors: JSON Schema, draft 2020-12.

/// Makes the JSON Schema.
struct JSONSchema {
    let texts: ManualTexts

    /// The whole schema. Each section but the top level is a definition of its own.
    var document: JSONText {
        let root = Configuration.shape
        let definitions = SchemaIndex.sections.dropFirst().map { ($0.typeName, object($0)) }
        let head: [(String, JSONText)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("Martlet")),
        ]
        return .object(head + members(root) + [("$defs", .object(definitions))])
    }

    private func object(_ section: SectionShape) -> JSONText { .object(members(section)) }

    private func members(_ section: SectionShape) -> [(String, JSONText)] {
        let required = section.keys.filter(\.isRequired).map { JSONText.string($0.name) }
        let keys = section.keys.map { ($0.name, property($0, of: section)) }
        var members: [(String, JSONText)] = [
            ("description", .string(texts.text(section).joined(separator: "\n\n"))),
            ("type", .string("object")),
            ("properties", .object(keys)),
        ]
        if !required.isEmpty { members.append(("required", .array(required))) }
        return members + [("additionalProperties", .boolean(false))]
    }

    private func property(_ key: KeyShape, of section: SectionShape) -> JSONText {
        let text = texts.text(section, key).joined(separator: "\n\n")
        var members = [("description", JSONText.string(text))] + members(key.shape)
        if let value = key.defaultText { members.append(("default", literal(value))) }
        return .object(members)
    }

    /// A default as JSON.
    private func literal(_ text: String) -> JSONText {
        if text == "{}" { return .object([]) }
        if text.hasPrefix("[") {
            return .array(text.dropFirst().dropLast().split(separator: ", ").map { literal(String($0)) })
        }
        if text == "true" || text == "false" { return .boolean(text == "true") }
        return Int(text).map { .integer($0) } ?? .string(text)
    }

    private func members(_ shape: Shape) -> [(String, JSONText)] {
        switch shape {
        case .integer(let range): integer(range)
        case .size(let range): any([.object(integer(range)), pattern("^[0-9]+(B|KiB|MiB|GiB)$")])
        case .duration: text("^[0-9]+(ms|s|m|h|d)$")
        case .percent: text("^[0-9]+%$")
        case .decimal(let range):
            [
                ("type", .string("number")), ("minimum", .decimal(range.lowerBound)),
                ("maximum", .decimal(range.upperBound)),
            ]
        case .boolean: [("type", .string("boolean"))]
        case .statuses(let range): any([.object(integer(range)), pattern("^[1-5][0-9]{2}(-[1-5][0-9]{2})?$")])
        case .fields: fields
        case .pairs: pairs
        case .lists(_, let values): [("type", .string("object")), ("additionalProperties", .object(members(values)))]
        case .text(let shape): text(shape.pattern)
        case .choice(let words): [("enum", .array(words.map { .string($0) }))]
        case .word(let word, let other): any([.object([("const", .string(word))]), .object(members(other))])
        case .list(let element, let minimum): list(element, minimum: minimum)
        case .oneOrMore(let element): any([.object(members(element)), .object(list(element, minimum: 1))])
        case .named(let section): named(section())
        case .weights(let range):
            [
                ("type", .string("object")), ("additionalProperties", .object(integer(range))),
                ("minProperties", .integer(1)),
            ]
        case .matches(_, let section): matches(section())
        case .section(let section): [reference(section())]
        case .shorthand(let shape, let section): any([.object(text(shape.pattern)), .object([reference(section())])])
        }
    }

    private func integer(_ range: ClosedRange<Int>) -> [(String, JSONText)] {
        [
            ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
            ("maximum", .integer(range.upperBound)),
        ]
    }

    private func text(_ pattern: String?) -> [(String, JSONText)] {
        [("type", .string("string"))] + (pattern.map { [("pattern", .string($0))] } ?? [])
    }

    private func pattern(_ pattern: String) -> JSONText { .object(text(pattern)) }

    private func any(_ schemas: [JSONText]) -> [(String, JSONText)] { [("anyOf", .array(schemas))] }

    private func list(_ element: Shape, minimum: Int) -> [(String, JSONText)] {
        let least = minimum > 0 ? [("minItems", JSONText.integer(minimum))] : []
        return [("type", .string("array")), ("items", .object(members(element)))] + least
    }

    private func named(_ section: SectionShape) -> [(String, JSONText)] {
        [
            ("type", .string("object")),
            ("propertyNames", .object(text(NameText.shape.pattern))),
            ("additionalProperties", .object([reference(section)])),
        ]
    }

    private func matches(_ section: SectionShape) -> [(String, JSONText)] {
        let value = [("type", JSONText.array([.string("string"), .string("number"), .string("boolean")]))]
        return [
            ("type", .string("object")),
            ("additionalProperties", .object(any([.object(value), .object([reference(section)])]))),
        ]
    }

    private var fields: [(String, JSONText)] {
        let value = [("type", JSONText.array([.string("string"), .string("number")]))]
        return [
            ("type", .string("object")), ("propertyNames", .object(text(FieldText.name.pattern))),
            ("additionalProperties", .object(value)),
        ]
    }

    private var pairs: [(String, JSONText)] {
        let value = [("type", JSONText.array([.string("string"), .string("number")]))]
        return [("type", .string("object")), ("additionalProperties", .object(value))]
    }

    private func reference(_ section: SectionShape) -> (String, JSONText) {
        ("$ref", .string("#/$defs/\(section.typeName)"))
    }
}
