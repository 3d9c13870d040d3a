// Types of content, as lists of them have them.

/// Reads media types.
enum MediaTypeText {
    static let shape = TextShape(
        expected: "a type of content such as text/html, text/* or application/*+json",
        pattern: #"^[A-Za-z0-9!#$&^_.+*-]+/[A-Za-z0-9!#$&^_.+*-]+$"#)
    /// The longest type, in bytes.
    private static let longest = 127

    /// The type in lower case.
    static func read(_ text: String) throws(TextError) -> String {
        if text.contains(";") {
            throw TextError(
                message: "\(Quoting.quote(text)) has parameters", hint: "they do not matter: leave them out")
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ FieldText.isToken($0) }), text.utf8.count <= longest else {
            throw TextError(message: "\(Quoting.quote(text)) is not a type of content")
        }
        if text.utf8.count(where: { $0 == 0x2A }) > 1 && text != "*/*" {
            throw TextError(
                message: "\(Quoting.quote(text)) has several stars", hint: "one may stand for a part of a type")
        }
        return text.lowercased()
    }
}

extension ValueType where Value == String {
    /// A type of content, or several by a star.
    static var mediaType: ValueType {
        .parsed(MediaTypeText.shape, blank: "", write: { $0 }) { text throws(TextError) in try MediaTypeText.read(text)
        }
    }
}
