// Types of values of TLS: files, names, pins.

extension ValueType where Value == String {
    /// The path of a file that is read.
    static var filePath: ValueType {
        .parsed(PathText.file, blank: "", write: { $0 }) { text throws(TextError) in try PathText.read(text, .file) }
    }

    /// The path of a folder.
    static var folderPath: ValueType {
        .parsed(PathText.folder, blank: "", write: { $0 }) { text throws(TextError) in
            try PathText.read(text, .folder)
        }
    }

    /// A name that a certificate can be for, or all names below one.
    static var domain: ValueType {
        .parsed(SecureText.domain, blank: "", write: { $0 }) { text throws(TextError) in try SecureText.domain(text) }
    }

    /// The name of a server in its certificate.
    static var serverName: ValueType {
        .parsed(SecureText.serverName, blank: "", write: { $0 }) { text throws(TextError) in
            try SecureText.serverName(text)
        }
    }

    /// The name of a client in its certificate.
    static var clientName: ValueType {
        .parsed(SecureText.clientName, blank: "", write: { $0 }) { text throws(TextError) in
            try SecureText.clientName(text)
        }
    }

    /// An address of email.
    static var email: ValueType {
        .parsed(SecureText.email, blank: "", write: { $0 }) { text throws(TextError) in try SecureText.email(text) }
    }

    /// A URL that begins with `https://`.
    static var httpsURL: ValueType {
        .parsed(SecureText.url, blank: "", write: { $0 }) { text throws(TextError) in try SecureText.url(text) }
    }

    /// A URL of a service that is asked.
    static var serviceURL: ValueType {
        .parsed(SecureText.service, blank: "", write: { $0 }) { text throws(TextError) in
            try SecureText.service(text)
        }
    }

    /// Bytes in Base64 for URLs; a secret.
    static var base64URL: ValueType {
        ValueType.parsed(PinText.key, blank: "", write: { $0 }) { text throws(TextError) in try PinText.key(text) }
            .masked
    }

    /// The SHA-256 of a public key, as `sha256/BASE64`.
    static var pin: ValueType {
        .parsed(PinText.pin, blank: "", write: { $0 }) { text throws(TextError) in try PinText.pin(text) }
    }

    /// A cipher suite of TLS 1.2.
    static var cipher: ValueType {
        .oneOf(
            TLSWords.ciphers, what: "a cipher suite",
            expected: "one for TLS 1.2 with ECDHE and AEAD such as 'ECDHE-RSA-AES128-GCM-SHA256'")
    }

    /// A group for key exchange.
    static var keyExchangeGroup: ValueType { .oneOf(TLSWords.groups, what: "a group") }

    /// A protocol over TLS.
    static var protocolName: ValueType {
        let hint = "write 'protocol: h2' or 'protocol: auto' in the upstream"
        return .oneOf(TLSWords.protocols, what: "a protocol", elsewhere: ["h2": hint, "http/2": hint, "h2c": hint])
    }

    /// One of some words that are no cases of a type.
    /// - Parameter elsewhere: what has its place elsewhere in the file, and where.
    private static func oneOf(
        _ words: [String], what: String, expected: String? = nil, elsewhere: [String: String] = [:]
    ) -> ValueType {
        let shape = Shape.choice(words)
        return ValueType(shape: shape, blank: "", text: { $0 }) { node, decoder in
            guard let scalar = node.scalar, !NodeText.isEmpty(scalar) else {
                decoder.wrongType(node, expected: shape.expected)
                return nil
            }
            if words.contains(scalar.string) { return scalar.string }
            if let hint = elsewhere[scalar.string.lowercased()] {
                let message = "\(Quoting.quote(scalar.string)) is not set here"
                decoder.problem(message, expected: shape.expected, hint: hint, at: decoder.place(of: node))
                return nil
            }
            let near = TLSWords.otherWords[scalar.string] ?? NearestName.find(scalar.string, among: words)
            decoder.problem(
                "\(Quoting.quote(scalar.string)) is not \(what) that Martlet speaks",
                expected: expected ?? shape.expected,
                hint: near.map { "did you mean '\($0)'?" }, at: decoder.place(of: node))
            return nil
        }
    }
}

extension ValueType where Value == OCSPSource {
    /// `off`, `fetch`, or a file.
    static var ocspSource: ValueType {
        let shape = TextShape(expected: "'off', 'fetch' or the path of a file", pattern: nil)
        return .parsed(shape, blank: .off, write: OCSPSource.write) { text throws(TextError) in
            switch text {
            case "off": return .off
            case "fetch": return .fetch
            case "on", "true", "yes":
                throw TextError(
                    message: "\(Quoting.quote(text)) does not say where it comes from", hint: "did you mean 'fetch'?")
            default: return .path(try PathText.read(text, .file))
            }
        }
    }
}

extension OCSPSource {
    fileprivate static func write(_ source: OCSPSource) -> String {
        switch source {
        case .off: "off"
        case .fetch: "fetch"
        case .path(let path): path
        }
    }
}
