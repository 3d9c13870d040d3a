// Writing JSON (RFC 8259), for editors, for the JSON Schema, and for the admin listener.

/// A JSON value to be written. Members keep their order.
package indirect enum JSONText: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case decimal(Double)
    case boolean(Bool)
    case null
    /// A number or a word of JSON as it is written in a config.
    case bare(String)
    case array([JSONText])
    case object([(String, JSONText)])

    package static func == (left: JSONText, right: JSONText) -> Bool { left.compact == right.compact }

    /// On one line.
    package var compact: String {
        switch self {
        case .string(let text): JSONText.quote(text)
        case .integer(let value): String(value)
        case .decimal(let value): DecimalText.write(value)
        case .boolean(let value): value ? "true" : "false"
        case .null: "null"
        case .bare(let text): text
        case .array(let values): "[" + values.map(\.compact).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { JSONText.quote($0.0) + ":" + $0.1.compact }.joined(separator: ",") + "}"
        }
    }

    /// On one line, with spaces for people.
    private var spaced: String {
        switch self {
        case .string, .integer, .decimal, .boolean, .null, .bare: compact
        case .array(let values): "[" + values.map(\.spaced).joined(separator: ", ") + "]"
        case .object(let members):
            members.isEmpty
                ? "{}" : "{ " + members.map { JSONText.quote($0.0) + ": " + $0.1.spaced }.joined(separator: ", ") + " }"
        }
    }

    /// Over many lines, indented by two spaces; what is short stays on one line.
    package func pretty(indent: Int = 0) -> String {
        let short = spaced
        if short.utf8.count <= 80 { return short }
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .string, .integer, .decimal, .boolean, .null, .bare: return short
        case .array(let values):
            let lines = values.map { inner + $0.pretty(indent: indent + 2) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            let lines = members.map { inner + JSONText.quote($0.0) + ": " + $0.1.pretty(indent: indent + 2) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    /// `text` as a JSON string: quotes, backslashes and control characters escaped (RFC 8259 section 7), all else as
    /// it is.
    static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}": result += escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
}
