// Texts of the user in messages: a file may hold anything, a terminal must not get all of it.

/// Makes texts of the user fit to be shown.
enum Quoting {
    /// The longest text that is shown in full, in characters.
    private static let limit = 60

    /// `text` in single quotes, cut when it is long, control characters replaced.
    static func quote(_ text: some StringProtocol) -> String {
        let shown = text.count > limit ? String(text.prefix(limit - 3)) + "..." : String(text)
        return "'" + clean(shown) + "'"
    }

    /// `text` with every control character (which could command the terminal) replaced by `?`. Tabs stay.
    static func clean(_ text: some StringProtocol) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(isControl(scalar) ? "?" : scalar)
        }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\t"
        case .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// `'a'`, `'a' and 'b'`, `'a', 'b' and 'c'`.
    static func list(_ names: [String], joiner: String = "and") -> String {
        let quoted = names.map { quote($0) }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " \(joiner) " + last
    }
}
