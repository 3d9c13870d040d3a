// Names of files, and what is said of them.

/// Reads names of files below a folder.
enum FileNameText {
    static let name = TextShape(expected: "the name of a file such as index.html", pattern: "^[^/]+$")
    static let path = TextShape(expected: "the path of a file below the folder such as /index.html", pattern: nil)

    /// One name, without a folder.
    static func name(_ text: String) throws(TextError) -> String {
        guard !text.contains("/"), isName(Substring(text)) else {
            throw TextError(message: "\(Quoting.quote(text)) is not the name of a file")
        }
        return text
    }

    /// A path below a folder.
    static func path(_ text: String) throws(TextError) -> String {
        let inner = text.hasPrefix("/") ? text.dropFirst() : text[...]
        guard !inner.isEmpty, text.utf8.count <= 1024,
            inner.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isName)
        else { throw TextError(message: "\(Quoting.quote(text)) is not the path of a file below the folder") }
        return text
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text != "." && text != ".." && !text.utf8.contains(0) && text.utf8.count <= 255
    }

    /// The ending of names, in lower case, without a dot.
    static func ending(_ text: String) throws(TextError) -> String {
        let isFine = !text.isEmpty && text.utf8.count <= 31 && !text.contains(".") && !text.contains("/")
        guard isFine else {
            let near = text.hasPrefix(".") ? "did you mean '\(text.dropFirst())'?" : nil
            throw TextError(
                message: "\(Quoting.quote(text)) is not the ending of a name", expected: "an ending such as html",
                hint: near)
        }
        return text.lowercased()
    }

    /// A media type with or without parameters (RFC 9110 section 8.3.1).
    static func mediaType(_ text: String) throws(TextError) -> String {
        let value = try FieldText.value(text)
        let parts = value.prefix { $0 != ";" }.split(separator: "/", omittingEmptySubsequences: false)
        let last = parts.last.map { $0.prefix { $0 != " " } } ?? ""
        guard parts.count == 2, FieldText.isToken(parts[0]), FieldText.isToken(last) else {
            throw TextError(
                message: "\(Quoting.quote(text)) is not a media type", expected: "a media type such as text/html")
        }
        return value
    }
}

extension ValueType where Value == String {
    /// The name of a file.
    static var fileName: ValueType {
        .parsed(FileNameText.name, blank: "index.html", write: { $0 }) { text throws(TextError) in
            try FileNameText.name(text)
        }
    }

    /// The path of a file below a folder.
    static var pathBelow: ValueType {
        .parsed(FileNameText.path, blank: "", write: { $0 }) { text throws(TextError) in try FileNameText.path(text) }
    }
}
