// Where the key of a request is taken from.

/// Reads sources of keys: a word, or a word with a name.
enum HashKeyText {
    static let shape = TextShape(
        expected: "'client-address', 'path', 'header NAME', 'cookie NAME' or 'query NAME'",
        pattern: #"^(client-address|path|(header|cookie|query) \S+)$"#)

    /// The source that `text` names.
    static func read(_ text: String) throws(TextError) -> HashKey {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        switch (words[0], words.count) {
        case ("client-address", 1): return .clientAddress
        case ("path", 1): return .path
        case ("header", 2): return .header(try name(words[1], in: text, FieldText.isToken(words[1])))
        case ("cookie", 2): return .cookie(try name(words[1], in: text, FieldText.isToken(words[1])))
        case ("query", 2): return .query(try name(words[1], in: text, isParameter(words[1])))
        case ("header", 1), ("cookie", 1), ("query", 1):
            let message = "\(Quoting.quote(text)) needs a name"
            throw TextError(message: message, hint: "did you mean '\(text) \(text == "header" ? "X-User" : "user")'?")
        default:
            let hint = meant(text).map { "did you mean '\($0)'?" }
            throw TextError(message: "\(Quoting.quote(text)) is not a part of a request", hint: hint)
        }
    }

    /// The source as it is read.
    static func write(_ key: HashKey) -> String {
        switch key {
        case .clientAddress: "client-address"
        case .path: "path"
        case .header(let name): "header \(name)"
        case .cookie(let name): "cookie \(name)"
        case .query(let name): "query \(name)"
        }
    }

    private static func name(_ name: Substring, in text: String, _ isName: Bool) throws(TextError) -> String {
        guard isName, name.utf8.count <= 64 else {
            let offset = text.utf8.count - name.utf8.count
            let message = "\(Quoting.quote(name)) is not a name"
            throw TextError(message: message, part: (offset, max(1, name.utf8.count)))
        }
        return String(name)
    }

    /// Whether a parameter of a query can have this name, as it is written in a URL.
    private static func isParameter(_ name: Substring) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"&=#;".utf8.contains($0) }
    }

    /// What other programs call the same.
    private static func meant(_ text: String) -> String? {
        let prefixes = [("$http_", "header"), ("$cookie_", "cookie"), ("$arg_", "query")]
        for (prefix, word) in prefixes where text.hasPrefix(prefix) && text.utf8.count > prefix.utf8.count {
            let name = String(text.dropFirst(prefix.count))
            return "\(word) \(word == "header" ? name.replacing("_", with: "-") : name)"
        }
        switch text {
        case "$remote_addr", "$binary_remote_addr", "source", "src", "ip", "address", "client": return "client-address"
        case "$uri", "$request_uri", "uri", "url": return "path"
        default: return NearestName.find(text, among: ["client-address", "path"])
        }
    }
}
