// What is refused before Yams gets to see it, because Yams would take too long over it or could not say where it stands.
import Yams

/// Checks a text before it is parsed.
enum YAMLGuard {
    /// Refuses control characters, which YAML does not allow (YAML 1.2 section 5.1).
    static func check(_ source: SourceText) throws(SyntaxError) {
        var line = 1
        var column = 1
        for scalar in source.text.unicodeScalars {
            if isForbidden(scalar) {
                let name = "U+" + String(scalar.value + 0x10000, radix: 16, uppercase: true).dropFirst()
                throw SyntaxError(
                    message: "there is a control character (\(name)) in the file", hint: "remove it, or write it as an escape in quotes",
                    place: Place(line: line, column: column, length: 1))
            }
            if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFFFD: false
        default: scalar.value < 0x10000
        }
    }
}
