// Texts of content that are replaced, and what takes their place.
import MartletCoding
import MartletRouting

extension ValueType where Value == String {
    /// A text that is looked for in content.
    static var replacedText: ValueType {
        let longest = SubstitutionTable.longestText
        let shape = TextShape(expected: "a text of 1 to \(longest) bytes", pattern: nil)
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in
            if text.isEmpty { throw TextError(message: "an empty text is everywhere") }
            guard text.utf8.count <= longest else {
                throw TextError(message: "a text of \(text.utf8.count) bytes is longer than \(longest)")
            }
            return text
        }
    }

    /// What takes its place.
    static var contentTemplate: ValueType {
        let shape = TextShape(expected: "a text with variables such as {host}", pattern: nil)
        return .parsed(shape, blank: "", write: { $0 }) { text throws(TextError) in
            try TemplateText.read(text, for: .content)
        }
    }
}
