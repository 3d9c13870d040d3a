// Types of values that routes compare requests with.
import MartletRouting

/// What has a value that is tested.
enum MatchedPart {
    case field, parameter, cookie, certificate

    var expected: String {
        switch self {
        case .field: "the name of a header field such as X-Version"
        case .parameter: "the name of a parameter such as debug"
        case .cookie: "the name of a cookie such as beta"
        case .certificate: "'subject', 'dns', 'uri' or 'fingerprint'"
        }
    }

    /// Whether `text` can be the name of such a part.
    func isName(_ text: String) -> Bool {
        switch self {
        case .field, .cookie: FieldText.isToken(text) && text.utf8.count <= 64
        case .certificate: CertificatePart(name: text) != nil
        case .parameter: !text.isEmpty && text.utf8.count <= 64
        }
    }
}

extension ValueType where Value == String {
    /// A regular expression.
    static var expression: ValueType {
        let shape = TextShape(expected: "a regular expression such as ^/v[0-9]+/", pattern: nil)
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in
            do throws(PatternError) {
                return try Expression(parsing: text).description
            } catch {
                throw TextError(
                    message: "\(Quoting.quote(text)) is not a regular expression that can be used",
                    expected: error.message.replacing("`", with: "'"), part: (error.offset, 1))
            }
        }
    }

    /// A value, or the beginning of one.
    static var matchedValue: ValueType {
        let shape = TextShape(expected: "a value of at most \(FieldText.longestValue) bytes", pattern: nil)
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in try FieldText.value(text) }
    }
}

extension ValueType where Value == [ValueMatchConfiguration] {
    /// A mapping from names to tests of their values; each name once.
    static func matches(_ part: MatchedPart) -> ValueType {
        let value = ValueType<String>.matchedValue
        guard case .text(let text) = value.shape else { preconditionFailure("a value is a text") }
        let shape = Shape.matches(text) { ValueMatchConfiguration.shape }
        return ValueType(
            shape: shape, blank: [], text: { _ in nil },
            written: { .object($0.map { match in (match.name, match.exact.map { .string($0) } ?? match.written) }) }
        ) { node, decoder in
            guard let mapping = node.mapping else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            var names: Set<String> = []
            return decoder.entries(of: mapping).compactMap { entry in
                decoder.within(.name(entry.name), key: entry.key, value: entry.value) { decoder in
                    decoder.checkName(entry, of: part, seen: &names)
                    return decoder.match(entry)
                } ?? nil
            }
        }
    }
}

extension CertificatePart {
    /// The part with this name.
    init?(name: String) {
        guard let part = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = part
    }
}

extension ConfigurationDecoder {
    fileprivate mutating func checkName(_ entry: Entry, of part: MatchedPart, seen names: inout Set<String>) {
        if !part.isName(entry.name) {
            problem("\(Quoting.quote(entry.name)) is not a name", expected: part.expected, at: place(of: entry.key))
        }
        let isNew = names.insert(part == .field ? entry.name.lowercased() : entry.name).inserted
        if !isNew { problem("\(Quoting.quote(entry.name)) is there twice", at: place(of: entry.key)) }
    }

    fileprivate mutating func match(_ entry: Entry) -> ValueMatchConfiguration? {
        if entry.value.mapping != nil {
            var match = decodeSection(entry.value, as: ValueMatchConfiguration.self)
            match?.name = entry.name
            return match
        }
        let value = ValueType<String>.matchedValue.decode(entry.value, &self)
        return value.map { ValueMatchConfiguration(name: entry.name, exact: $0) }
    }
}
