// How references are written: `${NAME}`, `${NAME:-default}`, `${file:PATH}`, `${credential:NAME}`.

/// What a value may refer to.
enum Reference {
    /// A variable of the environment, and what is taken when it is not set or empty.
    case variable(String, fallback: Substring?)
    /// A file with a secret.
    case file(String)
    /// A credential that systemd has given to the unit.
    case credential(String)
}

/// Reads references.
enum ReferenceText {
    /// Whether a reference may begin somewhere in a text.
    static func isThere(in text: String) -> Bool {
        if !hasDollar(text.utf8.span) { return false }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "{") && previous == UInt8(ascii: "$") { return true }
            previous = byte
        }
        return false
    }

    /// Without a way out of the loop, many bytes are looked at at once.
    private static func hasDollar(_ bytes: Span<UInt8>) -> Bool {
        var dollars = 0
        for index in bytes.indices { dollars &+= bytes[index] == UInt8(ascii: "$") ? 1 : 0 }
        return dollars > 0
    }

    /// Where the first reference begins.
    static func start(in text: Substring) -> Substring.Index? {
        var previous: Substring.Index?
        for index in text.utf8.indices {
            if let previous, text.utf8[index] == UInt8(ascii: "{"), text.utf8[previous] == UInt8(ascii: "$") {
                return previous
            }
            previous = index
        }
        return nil
    }

    /// Where the brace is that closes what begins with `text`; there may be pairs of braces before it.
    static func end(of text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "{": depth += 1
            case "}" where depth == 0: return index
            case "}": depth -= 1
            default: continue
            }
        }
        return nil
    }

    /// What is between the braces.
    static func parse(_ text: Substring) throws(ReferenceError) -> Reference {
        if text.hasPrefix("file:") {
            let path = text.dropFirst("file:".count)
            guard !path.isEmpty, !path.utf8.contains(0) else {
                throw ReferenceError(message: "'${file:}' names no file", hint: "write ${file:/run/secrets/NAME}")
            }
            return .file(String(path))
        }
        if text.hasPrefix("credential:") {
            let name = text.dropFirst("credential:".count)
            guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(0), !name.contains("/") else {
                throw ReferenceError(message: "\(Quoting.quote(name)) is not the name of a credential")
            }
            return .credential(String(name))
        }
        let name = text.prefix { $0 != ":" }
        let rest = text[name.endIndex...]
        guard isName(name), rest.isEmpty || rest.hasPrefix(":-") else {
            throw ReferenceError(
                message: "'${\(Quoting.short(text))}' is not a reference",
                hint: "references are ${NAME}, ${NAME:-default}, ${file:PATH} and ${credential:NAME}; "
                    + "write '$${' if none is meant")
        }
        return .variable(String(name), fallback: rest.isEmpty ? nil : rest.dropFirst(2))
    }

    /// Whether `text` can be the name of a variable (POSIX: letters, digits and "_", no digit first).
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first &- 0x30 > 9 else { return false }
        return text.utf8.allSatisfy { $0 &- 0x30 <= 9 || ($0 | 0x20) &- 0x61 < 26 || $0 == UInt8(ascii: "_") }
    }
}

extension Quoting {
    /// The beginning of a text, fit to be shown.
    static func short(_ text: Substring) -> String {
        let shown = text.prefix(40)
        return clean(shown) + (shown.endIndex < text.endIndex ? "..." : "")
    }
}
