// Types of values that are words: names, addresses, patterns, choices.
import MartletHTTPCore

/// Why a text is not what it should be.
struct TextError: Error {
    /// What is wrong.
    let message: String
    /// What would be right; nil for what the type says.
    var expected: String?
    /// What is at fault, in UTF-8 bytes of the text; nil for all of it.
    var part: (offset: Int, length: Int)?
    /// What to do, or what was probably meant.
    var hint: String?
}

extension ValueType {
    /// A text that `read` makes a value of.
    static func parsed(
        _ shape: TextShape, blank: Value, write: @escaping (Value) -> String,
        read: @escaping (String) throws(TextError) -> Value
    ) -> ValueType {
        ValueType(shape: .text(shape), blank: blank, text: write) { node, decoder in
            guard let scalar = node.scalar, !NodeText.isEmpty(scalar) else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            do throws(TextError) {
                return try read(scalar.string)
            } catch {
                let place = error.part.map { decoder.sources.place(of: node, offset: $0.offset, length: $0.length) }
                let expected = error.expected ?? shape.expected
                decoder.problem(
                    error.message, expected: expected, hint: error.hint, at: place ?? decoder.place(of: node))
                return nil
            }
        }
    }

    /// The address that `read` makes of a text.
    fileprivate static func address(
        _ expected: String, pattern: String, blank: Value, read: @escaping (String) throws(AddressError) -> Value
    ) -> ValueType where Value: CustomStringConvertible {
        .parsed(TextShape(expected: expected, pattern: pattern), blank: blank, write: \.description) {
            text throws(TextError) in
            do throws(AddressError) { return try read(text) } catch {
                throw TextError(message: error.message, expected: error.expected, part: (error.offset, error.length))
            }
        }
    }
}

extension ValueType where Value == ListenAddress {
    /// Where a listener listens.
    static var listenAddress: ValueType {
        .address(
            "an address to listen on such as :8080, 127.0.0.1:8080, [::1]:8080 or unix:/run/martlet.sock",
            pattern: #"^(unix:/.+|(\*|[0-9.]+|\[[0-9a-fA-F:.]+\])?:[0-9]{1,5})$"#, blank: .tcp(nil, port: 0)
        ) { text throws(AddressError) in try ListenAddress(parsing: text) }
    }
}

extension ValueType where Value == ServerAddress {
    /// Where a server is reached.
    static var serverAddress: ValueType {
        .address(
            "a server such as 127.0.0.1:9001, [::1]:9001, app.internal:9001 or unix:/run/app.sock",
            pattern: #"^(unix:/.+|([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5})$"#, blank: .unix(path: "")
        ) { text throws(AddressError) in try ServerAddress(parsing: text) }
    }
}

extension ValueType where Value == Network {
    /// A network, or one address.
    static var network: ValueType {
        .address(
            "an address or a network such as 10.0.0.0/8 or 2001:db8::/32",
            pattern: "^[0-9a-fA-F:.]+(/[0-9]{1,3})?$", blank: Network(IPAddress(v4: 0), prefix: 128)
        ) { text throws(AddressError) in try Network(parsing: text) }
    }
}

extension ValueType where Value == String {
    /// A name that other parts of the file, logs and metrics use.
    static var name: ValueType {
        .parsed(NameText.shape, blank: "", write: { $0 }) { text throws(TextError) in
            guard NameText.isName(text) else { throw TextError(message: "\(Quoting.quote(text)) is not a name") }
            return text
        }
    }

    /// Files to include.
    static var includedPath: ValueType {
        let shape = TextShape(expected: "the path of a file, or a pattern such as sites/*.yaml", pattern: "^.+$")
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in
            if text.utf8.contains(0) { throw TextError(message: "\(Quoting.quote(text)) is not the path of a file") }
            return text
        }
    }

    /// The name of an upstream.
    static var upstreamName: ValueType {
        let shape = TextShape(expected: "the name of one of 'upstreams'", pattern: NameText.shape.pattern)
        return .parsed(shape, blank: "", write: { $0 }) { $0 }
    }

    /// A host, or all names below one.
    static var host: ValueType {
        let shape = TextShape(expected: PatternText.hostExpected, pattern: #"^(\*\.)?[A-Za-z0-9_.:\[\]-]+$"#)
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in try PatternText.host(text) }
    }

    /// A path, a prefix, or a pattern of paths.
    static var path: ValueType {
        let shape = TextShape(expected: PatternText.pathExpected, pattern: #"^/[^?#\s]*$"#)
        return .parsed(shape, blank: "/*", write: { $0 }) { text throws(TextError) in try PatternText.path(text) }
    }
}

extension ValueType where Value == AccessLogDestination {
    /// The standard output, or a file.
    static var logDestination: ValueType {
        let shape = TextShape(expected: "'stdout' or the path of a file", pattern: nil)
        return .parsed(shape, blank: .stdout, write: AccessLogDestination.write) { text throws(TextError) in
            guard text != "stdout" else { return .stdout }
            guard text.contains("/"), !text.hasSuffix("/"), !text.utf8.contains(0) else {
                let hint = "'stdout', or the path of a file with a slash, such as ./access.log"
                throw TextError(message: "\(Quoting.quote(text)) is not the path of a file", expected: hint)
            }
            return .path(text)
        }
    }
}

extension AccessLogDestination {
    fileprivate static func write(_ destination: AccessLogDestination) -> String {
        switch destination {
        case .stdout: "stdout"
        case .path(let path): path
        }
    }
}

extension ValueType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words that name the cases.
    /// - Parameters:
    ///   - otherWords: what other programs call one of them.
    ///   - advice: what to do about words that are none of them. In both, words are in lower case, or as they are written.
    static func choice(otherWords: [String: Value] = [:], advice: [String: String] = [:]) -> ValueType {
        let words = Value.allCases.map(\.rawValue)
        let shape = Shape.choice(words)
        let blank = Value.allCases[Value.allCases.startIndex]
        return ValueType(shape: shape, blank: blank, text: \.rawValue) { node, decoder in
            guard let text = node.scalar?.string, let value = Value(rawValue: text) else {
                let text = node.scalar?.string ?? ""
                let other = otherWords[text] ?? otherWords[text.lowercased()]
                let near = other?.rawValue ?? NearestName.find(text, among: words)
                let hint = advice[text.lowercased()] ?? near.map { "did you mean '\($0)'?" }
                let message = "\(decoder.leaf) \(NodeText.describe(node))"
                decoder.problem(message, expected: shape.expected, hint: hint, at: decoder.place(of: node))
                return nil
            }
            return value
        }
    }
}
