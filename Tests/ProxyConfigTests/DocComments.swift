/// Reads the texts of the manual out of the sources of the schema: the doc comments of structs (by their name) and of
/// the stored properties in them (as `TYPE.PROPERTY`).
enum DocComments {
    /// The texts in one file, with the line breaks of the source; paragraphs are separated by an empty line.
    static func read(_ source: String) -> [String: String] {
        var texts: [String: String] = [:]
        var comment: [Substring] = []
        var owner = ""
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            var code = line.drop { $0 == " " }
            if code.hasPrefix("@Seldom ") { code = code.dropFirst("@Seldom ".count) }
            if code.hasPrefix("///") {
                comment.append(code.dropFirst(3).drop { $0 == " " })
                continue
            }
            if let name = name(in: code, after: "package struct ") {
                owner = name
                texts[name] = comment.joined(separator: "\n")
            } else if let name = name(in: code, after: "package var ") {
                texts["\(owner).\(name)"] = comment.joined(separator: "\n")
            }
            comment = []
        }
        return texts
    }

    private static func name(in code: Substring, after keyword: String) -> String? {
        guard code.hasPrefix(keyword) else { return nil }
        // A keyword of Swift stands in backticks.
        return String(code.dropFirst(keyword.count).drop { $0 == "`" }.prefix { $0.isLetter || $0.isNumber })
    }

    /// The sources of the manual with these texts, by the names of their files: one with the whole, and one for each section.
    static func manual(_ texts: [String: String]) -> [String: String] {
        let note = "// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit."
        let sections = Dictionary(grouping: texts) { $0.key.prefix { $0 != "." } }.sorted { $0.key < $1.key }
        var files: [String: String] = [:]
        for (section, texts) in sections {
            var lines = [note, "", "extension Manual {", "    static let \(property(section)): [String: String] = ["]
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
                lines.append("        \"\(name)\": #\"\"\"")
                lines += text.split(separator: "\n", omittingEmptySubsequences: false).map {
                    $0.isEmpty ? "" : "        \($0)"
                }
                lines.append("        \"\"\"#,")
            }
            files["Manual+\(section).swift"] = (lines + ["    ]", "}", ""]).joined(separator: "\n")
        }
        let whole =
            [
                note, "",
                "/// The texts of the manual: of each section by the name of its type, of each key as `TYPE.KEY`.",
                "enum Manual {", "    static let texts: [String: String] = [",
            ] + sections.map { "        \(property($0.key))," }
            + ["    ].reduce(into: [:]) { all, part in all.merge(part) { one, _ in one } }", "}", ""]
        files["Manual.swift"] = whole.joined(separator: "\n")
        return files
    }

    /// `ACMEConfiguration` as a property is called: `acmeConfiguration`.
    private static func property(_ type: Substring) -> String {
        let capitals = type.prefix { $0.isUppercase }.count
        let count = capitals == 1 ? 1 : capitals - 1
        return type.prefix(count).lowercased() + type.dropFirst(count)
    }
}
