// A config as a file, whatever it was made from.

extension Configuration {
    /// The config as an object, with something else in the place of secrets. What is as it is by default is left out: some
    /// defaults may not even be written where they mean nothing.
    package var document: JSONText {
        var whole = self
        // What they say is here already.
        whole.include = []
        return whole.written
    }

    /// The same as the text of a file, which says the same when it is read, secrets aside.
    package var yaml: String { YAMLText.write(document) }
}

extension Section {
    /// What stands in a file that says the same.
    var written: JSONText {
        let blank = Self.blank
        return .object(
            Self.keys.compactMap { key in
                guard let value = key.written(self) else { return nil }
                return key.isRequired || value != key.written(blank) ? (key.name, value) : nil
            })
    }
}

extension ValueType where Value == String {
    /// What stands for a secret: long enough to be read as one.
    private static var mask: String { "masked-" + String(repeating: "x", count: 40) }

    /// The same, but nobody is shown what it is.
    var masked: ValueType {
        ValueType(
            shape: shape, blank: blank, text: text, written: { $0.isEmpty ? nil : .string(Self.mask) }, decode: decode)
    }
}

extension Shape {
    /// Whether values are numbers or words of JSON.
    var isBare: Bool {
        switch self {
        case .integer, .decimal, .boolean: true
        default: false
        }
    }
}

/// Writes YAML: mappings and lists as blocks, all else as JSON has it, which YAML takes as well.
enum YAMLText {
    static func write(_ value: JSONText) -> String {
        var text = ""
        append(value, indent: 0, to: &text)
        return text
    }

    private static func append(_ value: JSONText, indent: Int, to text: inout String) {
        let space = String(repeating: " ", count: indent)
        switch value {
        case .object(let members) where !members.isEmpty:
            for (name, member) in members {
                text += space + key(name) + ":"
                appendBehind(member, indent: indent, to: &text)
            }
        case .array(let elements) where !elements.isEmpty:
            for element in elements {
                text += space + "-"
                appendBehind(element, indent: indent, to: &text)
            }
        default: text += space + value.compact + "\n"
        }
    }

    private static func appendBehind(_ value: JSONText, indent: Int, to text: inout String) {
        if isBlock(value) {
            text += "\n"
            append(value, indent: indent + 2, to: &text)
        } else {
            text += " " + scalar(value) + "\n"
        }
    }

    private static func isBlock(_ value: JSONText) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }

    private static func key(_ name: String) -> String { isPlain(name) ? name : JSONText.quote(name) }

    private static func scalar(_ value: JSONText) -> String {
        if case .string(let text) = value, isPlain(text), !words.contains(text) { return text }
        return value.compact
    }

    /// What YAML would read as something else than a text.
    private static let words: Set<String> = ["true", "false", "null", "yes", "no", "y", "n"]

    /// Measures such as `10s` are read as they are, without quotes.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isWord(first) else { return false }
        return text.utf8.allSatisfy { isWord($0) || "_-.%".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
