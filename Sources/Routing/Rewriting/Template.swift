// Texts with variables in braces, as a config has them: "https://{host}{uri}".

/// A text in which variables stand for what is known of a request. "{{" and "}}" are the braces themselves.
package struct Template: Sendable, Equatable {
    /// A piece of a template.
    package enum Part: Sendable, Equatable {
        case text(String)
        case variable(TemplateVariable)
    }

    /// The pieces, in order. No two texts follow on each other, and none is empty.
    package private(set) var parts: [Part] = []
    /// Where each of `parts` stands in the text, in UTF-8 bytes.
    package private(set) var places: [Range<Int>] = []

    /// A template that is `text`, without variables.
    package init(literal text: String) {
        if text.isEmpty { return }
        parts = [.text(text)]
        places = [0..<text.utf8.count]
    }

    /// Reads a template.
    package init(parsing text: String) throws(TemplateError) {
        let bytes = Array(text.utf8)
        var literal: [UInt8] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let isDoubled = index + 1 < bytes.count && bytes[index + 1] == byte
            switch byte {
            case 0x7B where !isDoubled:
                append(&literal, start..<index)
                let end = try variable(bytes, from: index)
                index = end
                start = end
            case 0x7D where !isDoubled:
                throw TemplateError(index..<index + 1, "'}' ends no variable", hint: "write '}}' for the sign itself")
            default:
                literal.append(byte)
                index += byte == 0x7B || byte == 0x7D ? 2 : 1
            }
        }
        append(&literal, start..<index)
    }

    private mutating func append(_ literal: inout [UInt8], _ place: Range<Int>) {
        if literal.isEmpty { return }
        parts.append(.text(String(decoding: literal, as: UTF8.self)))
        places.append(place)
        literal = []
    }

    /// Reads the variable whose "{" stands at `start`; where it ends.
    private mutating func variable(_ bytes: [UInt8], from start: Int) throws(TemplateError) -> Int {
        guard let end = bytes[start...].firstIndex(of: 0x7D) else {
            throw TemplateError(
                start..<bytes.count, "the variable has no '}' at its end", hint: "write '{{' for the sign itself")
        }
        let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
        guard let variable = TemplateVariable(name) else {
            throw TemplateError(start..<end + 1, "there is no variable '{\(name)}'", unknown: name)
        }
        parts.append(.variable(variable))
        places.append(start..<end + 1)
        return end + 1
    }

    /// The variables in it.
    package var variables: [TemplateVariable] {
        parts.compactMap { if case .variable(let variable) = $0 { variable } else { nil } }
    }
}

/// Why a text is no template, or not one for its place.
package struct TemplateError: Error, Equatable, Sendable {
    /// What is at fault, in UTF-8 bytes of the text.
    package let place: Range<Int>
    /// What is wrong, for a person.
    package let message: String
    /// What to do about it.
    package let hint: String?
    /// The name of a variable that there is not.
    package let unknown: String?

    package init(_ place: Range<Int>, _ message: String, hint: String? = nil, unknown: String? = nil) {
        self.place = place
        self.message = message
        self.hint = hint
        self.unknown = unknown
    }
}
