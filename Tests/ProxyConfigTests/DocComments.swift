/// Reads the texts of the manual out of the sources of the schema: the doc comments of structs (by their name) and of
/// the stored properties in them (as `TYPE.PROPERTY`).
enum DocComments {
    /// The texts in one file, with the line breaks of the source; paragraphs are separated by an empty line.
    static func read(_ source: String) -> [String: String] {
        var texts: [String: String] = [:]
        var comment: [Substring] = []
        var owner = ""
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let code = line.drop { $0 == " " }
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
        return String(code.dropFirst(keyword.count).prefix { $0.isLetter || $0.isNumber })
    }

    /// The source of `Manual.swift` with these texts.
    static func manual(_ texts: [String: String]) -> String {
        var lines = [
            "// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.", "",
            "/// The texts of the manual: of each section by the name of its type, of each key as `TYPE.KEY`.",
            "enum Manual {", "    static let texts: [String: String] = [",
        ]
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            lines.append("        \"\(name)\": #\"\"\"")
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.isEmpty ? "" : "        \($0)"
            }
            lines.append("        \"\"\"#,")
        }
        return (lines + ["    ]", "}", ""]).joined(separator: "\n")
    }
}
