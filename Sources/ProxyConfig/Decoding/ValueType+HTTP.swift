// Types of values that go into heads and cookies, or come out of them.

extension ValueType where Value == String {
    /// The name of a field that may be set.
    static var settableField: ValueType {
        .parsed(FieldText.name, blank: "", write: { $0 }) { text throws(TextError) in try FieldText.name(text) }
    }

    /// The parameter of the query that a key is in.
    static var keyParameter: ValueType {
        let shape = TextShape(expected: "the name of a parameter such as key", pattern: FieldText.name.pattern)
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in
            guard FieldText.isToken(text) else { throw TextError(message: "\(Quoting.quote(text)) is not a parameter") }
            return text
        }
    }

    /// A method of HTTP.
    static var method: ValueType {
        .parsed(FieldText.method, blank: "GET", write: { $0 }) { text throws(TextError) in try FieldText.method(text) }
    }

    /// A protocol that a connection may switch to.
    static var upgrade: ValueType {
        .parsed(UpgradeText.shape, blank: "", write: { $0 }) { text throws(TextError) in try UpgradeText.read(text) }
    }

    /// A path with its query, as it stands in a request.
    static var requestPath: ValueType {
        .parsed(FieldText.path, blank: "/", write: { $0 }) { text throws(TextError) in try FieldText.path(text) }
    }

    /// A host as it stands in a request.
    static var requestHost: ValueType {
        .parsed(FieldText.host, blank: "", write: { $0 }) { text throws(TextError) in try FieldText.host(text) }
    }

    /// The origin of a page.
    static var origin: ValueType {
        .parsed(OriginText.shape, blank: "", write: { $0 }) { text throws(TextError) in try OriginText.read(text) }
    }

    /// "*" for all, or a text of another type.
    static func anyOr(_ other: ValueType) -> ValueType {
        guard case .text(let text) = other.shape else { preconditionFailure("a star stands for a text") }
        let pattern = text.pattern.map { "^\\*$|" + $0 }
        let shape = Shape.text(TextShape(expected: text.expected + ", or \"*\" for all", pattern: pattern))
        return ValueType(shape: shape, blank: "*", text: { $0 }) { node, decoder in
            node.scalar?.string == "*" ? "*" : other.decode(node, &decoder)
        }
    }

    /// The name of a cookie.
    static var cookieName: ValueType {
        .parsed(CookieText.name, blank: "", write: { $0 }) { text throws(TextError) in try CookieText.name(text) }
    }

    /// The path of a cookie.
    static var cookiePath: ValueType {
        .parsed(CookieText.path, blank: "/", write: { $0 }) { text throws(TextError) in try CookieText.path(text) }
    }

    /// The domain of a cookie.
    static var cookieDomain: ValueType {
        .parsed(CookieText.domain, blank: "", write: { $0 }) { text throws(TextError) in try CookieText.domain(text) }
    }

    /// A secret.
    static var secret: ValueType {
        ValueType.parsed(CookieText.secret, blank: "", write: { $0 }) { text throws(TextError) in
            try SecretText.read(text)
        }.masked
    }

    /// Any text of at least one and at most `longest` bytes.
    static func text(upTo longest: Int) -> ValueType {
        let shape = TextShape(expected: "a text of at most \(longest) bytes", pattern: "^[\\s\\S]+$")
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in
            if text.isEmpty { throw TextError(message: "the text is empty", hint: "remove the key") }
            guard text.utf8.count <= longest else {
                throw TextError(message: "\(Quoting.quote(text)) is too long")
            }
            return text
        }
    }
}

extension ValueType where Value == SecureLevel {
    /// How much is asked of browsers.
    static var secureLevel: ValueType {
        let shape = TextShape(expected: "'basic' or 'strict'", pattern: "^(basic|strict)$")
        return .parsed(shape, blank: .basic, write: \.rawValue) { text throws(TextError) in
            if let level = SecureLevel(rawValue: text) { return level }
            let words = SecureLevel.allCases.map(\.rawValue)
            let near = BooleanText.meant(text).map { $0 == "true" ? "basic" : "off" }
            let hint = (near ?? NearestName.find(text, among: words)).map { "did you mean '\($0)'?" }
            throw TextError(message: "\(Quoting.quote(text)) is not a level", hint: hint)
        }
    }
}

extension ValueType where Value == HashKey {
    /// Where the key of a request is taken from.
    static var hashKey: ValueType {
        .parsed(HashKeyText.shape, blank: .clientAddress, write: HashKeyText.write) { text throws(TextError) in
            try HashKeyText.read(text)
        }
    }
}

extension ValueType where Value == [CheckField] {
    /// A mapping from names of fields to values; each name once, whatever its case.
    static var fields: ValueType {
        ValueType(
            shape: .fields, blank: [], text: { $0.isEmpty ? "{}" : nil },
            written: { .object($0.map { ($0.name, .string($0.value)) }) }
        ) { node, decoder in
            guard let mapping = node.mapping else {
                decoder.wrongType(node, expected: Shape.fields.expected)
                return nil
            }
            var names: Set<String> = []
            return decoder.entries(of: mapping).compactMap { entry in
                decoder.within(.name(entry.name), key: entry.key, value: entry.value) { decoder in
                    decoder.field(entry, seen: &names)
                } ?? nil
            }
        }
    }
}

extension ConfigurationDecoder {
    /// The field that an entry of a mapping is.
    fileprivate mutating func field(_ entry: Entry, seen names: inout Set<String>) -> CheckField? {
        guard let scalar = entry.value.scalar, !NodeText.isEmpty(scalar) else {
            wrongType(entry.value, expected: "the value of a header field")
            return nil
        }
        if !names.insert(entry.name.lowercased()).inserted {
            problem("field \(Quoting.quote(entry.name)) is there twice", at: place(of: entry.key))
        }
        do throws(TextError) {
            let name = try FieldText.name(entry.name)
            do throws(TextError) {
                return CheckField(name: name, value: try FieldText.value(scalar.string))
            } catch {
                problem(error.message, expected: "printable characters", at: place(of: entry.value))
            }
        } catch {
            problem(error.message, expected: error.expected, hint: error.hint, at: place(of: entry.key))
        }
        return nil
    }
}
