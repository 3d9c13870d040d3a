// What a value of JSON has to be, as data: the OpenAPI document shows it, and content of requests is held against it.
import MartletProxyConfig

/// A kind of values.
indirect enum JSONShape: Sendable {
    /// Text of so many characters, of a format that the document names.
    case text(ClosedRange<Int> = 0...4_096, format: String? = nil, example: String? = nil)
    case choice([String])
    case integer(ClosedRange<Int>)
    case number
    case boolean
    case array(of: JSONShape)
    /// A mapping from names.
    case map(of: JSONShape)
    case object([JSONMember])
    /// The value or `null`.
    case nullable(JSONShape)
    /// Whatever it is.
    case anything
    /// One that has a name of its own.
    case named(APISchema)
}

/// A member of an object.
struct JSONMember: Sendable {
    let name: String
    let shape: JSONShape
    let about: String
    var isRequired = true

    init(_ name: String, _ shape: JSONShape, _ about: String) {
        self.name = name
        self.shape = shape
        self.about = about
    }

    /// The same, but it may be left out.
    var optional: JSONMember {
        var member = self
        member.isRequired = false
        return member
    }
}

extension JSONShape {
    /// A number that only grows, or that counts what is there.
    static var count: JSONShape { .integer(0...Int.max) }

    /// As a schema (JSON Schema 2020-12, which OpenAPI 3.1 has).
    var schema: JSONText {
        switch self {
        case .text(let lengths, let format, let example):
            var members: [(String, JSONText)] = [("type", .string("string"))]
            if lengths.lowerBound > 0 { members.append(("minLength", .integer(lengths.lowerBound))) }
            members.append(("maxLength", .integer(lengths.upperBound)))
            if let format { members.append(("format", .string(format))) }
            if let example { members.append(("examples", .array([.string(example)]))) }
            return .object(members)
        case .choice(let words):
            return .object([("type", .string("string")), ("enum", .array(words.map { .string($0) }))])
        case .integer(let range):
            var members: [(String, JSONText)] = [
                ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
            ]
            if range.upperBound < Int.max { members.append(("maximum", .integer(range.upperBound))) }
            return .object(members)
        case .number: return .object([("type", .string("number"))])
        case .boolean: return .object([("type", .string("boolean"))])
        case .array(let element): return .object([("type", .string("array")), ("items", element.schema)])
        case .map(let value): return .object([("type", .string("object")), ("additionalProperties", value.schema)])
        case .object(let members): return Self.schema(of: members)
        case .nullable(let shape):
            return .object([("anyOf", .array([shape.schema, .object([("type", .string("null"))])]))])
        case .anything: return .object([])
        case .named(let schema): return .object([("$ref", .string("#/components/schemas/\(schema.name)"))])
        }
    }

    private static func schema(of members: [JSONMember]) -> JSONText {
        let properties: [(String, JSONText)] = members.map { member in
            guard case .object(var own) = member.shape.schema else { return (member.name, member.shape.schema) }
            own.append(("description", .string(member.about)))
            return (member.name, .object(own))
        }
        let required = members.filter(\.isRequired).map { JSONText.string($0.name) }
        var schema: [(String, JSONText)] = [("type", .string("object")), ("properties", .object(properties))]
        if !required.isEmpty { schema.append(("required", .array(required))) }
        schema.append(("additionalProperties", .boolean(false)))
        return .object(schema)
    }
}

/// What a value is not, and where in it (a JSON Pointer, RFC 6901).
struct JSONMisfit: Equatable, Sendable {
    let pointer: String
    let message: String
}

extension JSONShape {
    /// All that is wrong with a value; empty when it is of this kind.
    func misfits(_ value: JSONText, at pointer: String = "") -> [JSONMisfit] {
        switch (self, value) {
        case (.text(let lengths, _, _), .string(let text)) where lengths.contains(text.unicodeScalars.count): return []
        case (.choice(let words), .string(let text)) where words.contains(text): return []
        case (.integer(let range), .integer(let number)) where range.contains(number): return []
        case (.number, .integer), (.number, .decimal), (.number, .bare), (.boolean, .boolean): return []
        case (.nullable, .null), (.anything, _): return []
        case (.nullable(let shape), _): return shape.misfits(value, at: pointer)
        case (.named(let schema), _): return schema.shape.misfits(value, at: pointer)
        case (.array(let element), .array(let values)):
            return values.enumerated().flatMap { element.misfits($1, at: "\(pointer)/\($0)") }
        case (.map(let shape), .object(let members)):
            return members.flatMap { shape.misfits($0.1, at: pointer + Self.step($0.0)) }
        case (.object(let members), .object(let values)): return Self.misfits(values, members, at: pointer)
        default: return [JSONMisfit(pointer: pointer, message: "expected \(expected)")]
        }
    }

    private static func misfits(
        _ values: [(String, JSONText)], _ members: [JSONMember], at pointer: String
    ) -> [JSONMisfit] {
        var misfits: [JSONMisfit] = []
        for (name, value) in values {
            let place = pointer + step(name)
            if let member = members.first(where: { $0.name == name }) {
                misfits += member.shape.misfits(value, at: place)
            } else {
                let known = members.map(\.name).joined(separator: ", ")
                misfits.append(JSONMisfit(pointer: place, message: "there is no such member; there are \(known)"))
            }
        }
        for member in members where member.isRequired && !values.contains(where: { $0.0 == member.name }) {
            misfits.append(JSONMisfit(pointer: pointer + step(member.name), message: "is missing"))
        }
        return misfits
    }

    private static func step(_ name: String) -> String {
        "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// What is expected, for a message.
    var expected: String {
        switch self {
        case .text(let lengths, _, let example):
            "a text of \(lengths.lowerBound) to \(lengths.upperBound) characters"
                + (example.map { " such as '\($0)'" } ?? "")
        case .choice(let words): "one of " + words.map { "'\($0)'" }.joined(separator: ", ")
        case .integer(let range): "a whole number between \(range.lowerBound) and \(range.upperBound)"
        case .number: "a number"
        case .boolean: "true or false"
        case .array(let element): "an array; each element is \(element.expected)"
        case .map(let value): "an object; each value is \(value.expected)"
        case .object(let members): "an object with " + members.prefix(3).map(\.name).joined(separator: ", ")
        case .nullable(let shape): "\(shape.expected), or null"
        case .anything: "a value"
        case .named(let schema): schema.shape.expected
        }
    }
}

extension JSONText {
    /// The same, in which numbers without a fraction are whole ones however they are written, as JSON Schema has it: 5.0, 5e0.
    var withWholeNumbers: JSONText {
        switch self {
        case .bare(let text):
            // Beyond that, a floating-point number does not tell neighbours apart.
            guard let value = Double(text), value.rounded() == value, abs(value) < 9e15 else { return self }
            return .integer(Int(value))
        case .array(let elements): return .array(elements.map(\.withWholeNumbers))
        case .object(let members): return .object(members.map { ($0.0, $0.1.withWholeNumbers) })
        default: return self
        }
    }
}
