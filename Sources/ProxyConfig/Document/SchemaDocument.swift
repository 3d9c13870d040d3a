// The manual and the JSON Schema, both made from the tables of keys and the texts of the manual.

/// Describes the config, for people and for editors.
package enum SchemaDocument {
    /// The JSON Schema (draft 2020-12) of the file. Ends with a newline.
    package static func jsonSchema() -> String { jsonSchema(texts: Manual.texts) }

    /// The reference page in Markdown. Ends with a newline.
    package static func referencePage() -> String { referencePage(texts: Manual.texts) }

    /// The JSON Schema with the texts given, by the names in `textNames`.
    package static func jsonSchema(texts: [String: String]) -> String {
        JSONSchema(texts: ManualTexts(texts)).document.pretty() + "\n"
    }

    /// The reference page with the texts given, by the names in `textNames`.
    package static func referencePage(texts: [String: String]) -> String {
        ReferencePage(texts: ManualTexts(texts)).document
    }

    /// What the manual needs a text for: every section by its type's name, and every key as `TYPE.KEY`.
    package static var textNames: [String] {
        SchemaIndex.sections.flatMap { section in
            [section.typeName] + section.keys.map { "\(section.typeName).\($0.name)" }
        }
    }

    /// The texts the program was built with, by the names in `textNames`.
    package static var builtInTexts: [String: String] { Manual.texts }
}

/// The texts of the manual.
struct ManualTexts {
    private let texts: [String: String]

    init(_ texts: [String: String]) { self.texts = texts }

    /// The text about a section, in paragraphs without line breaks.
    func text(_ section: SectionShape) -> [String] { paragraphs(section.typeName) }

    /// The text about a key.
    func text(_ section: SectionShape, _ key: KeyShape) -> [String] { paragraphs("\(section.typeName).\(key.name)") }

    private func paragraphs(_ name: String) -> [String] {
        var paragraphs: [[Substring]] = [[]]
        for line in (texts[name] ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { paragraphs.append([]) } else { paragraphs[paragraphs.count - 1].append(line) }
        }
        return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
    }
}
