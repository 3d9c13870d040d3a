// What is refused before Yams gets to see it, because Yams would take too long over it, go too deep, or could not say
// where it stands. Looks at characters only; what is in quotes or comments counts too, so the bounds are far from
// what anybody writes.

/// Checks a text before it is parsed.
struct YAMLGuard {
    /// How deep brackets may be nested, and how many columns a line may be indented.
    private static let maximumDepth = 200
    /// How many aliases there may be beside keys that are no words. Nested in each other in the worst way, they stand
    /// for some millions of values, all of which Yams hashes when they are in a key.
    private static let maximumAliases = 40

    private var line = 1
    private var column = 1
    private var depth = 0
    private var aliases = 0
    /// The first key that may be an alias, a list or a mapping.
    private var strangeKey: Place?
    private var isIndentation = true
    /// The last character but spaces, and the last of all.
    private var last: Unicode.Scalar = "\n"
    private var previous: Unicode.Scalar = "\n"
    private var isInAlias = false
    /// Whether there is only an IPv6 address since the last bracket was opened.
    private var isAddress = false

    /// Refuses control characters (YAML 1.2 section 5.1), nesting without end, and keys that take for ever to
    /// compare.
    static func check(_ source: SourceText) throws(SyntaxError) {
        var guardian = YAMLGuard()
        for scalar in source.text.unicodeScalars { try guardian.take(scalar) }
        if let place = guardian.strangeKey, guardian.aliases > maximumAliases {
            throw SyntaxError(
                message: "a key that is not a word", hint: "with so many aliases, it may take for ever to compare",
                place: place)
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) throws(SyntaxError) {
        if YAMLGuard.isForbidden(scalar) { throw .control(scalar, at: place) }
        if scalar == "[" || scalar == "{" { depth += 1 }
        if scalar == "]" || scalar == "}" { depth = max(0, depth - 1) }
        isIndentation = isIndentation && (scalar == " " || scalar == "-" || scalar == "?")
        if depth > YAMLGuard.maximumDepth || isIndentation && column > YAMLGuard.maximumDepth {
            throw .tooDeep(at: place)
        }
        noteKeys(scalar)
        let isOfAddress = scalar.properties.isASCIIHexDigit || ":.]".unicodeScalars.contains(scalar)
        isAddress = scalar == "[" || isAddress && isOfAddress && previous != "]"
        let isLineEnd = scalar == "\r" || scalar == "\n" && previous != "\r"
        previous = scalar
        if scalar != " " { last = scalar }
        if scalar == "\n" && !isLineEnd { return }  // the second half of CR LF
        if isLineEnd { (line, column, isIndentation, isInAlias) = (line + 1, 1, true, false) } else { column += 1 }
    }

    private var place: Place { Place(line: line, column: column, length: 1) }

    /// Counts aliases, and looks for `? ` and for the colon behind an alias, a list or a mapping.
    private mutating func noteKeys(_ scalar: Unicode.Scalar) {
        let isAtStart = " \r\n[{,-?".unicodeScalars.contains(previous)
        if scalar == "*", isAtStart {
            aliases += 1
            isInAlias = true
        } else if scalar == ":", isInAlias && previous == " " || last == "]" && !isAddress || last == "}" {
            strangeKey = strangeKey ?? place
        } else if scalar == "?", isAtStart, isIndentation || depth > 0 {
            strangeKey = strangeKey ?? place
        } else if ",]}".unicodeScalars.contains(scalar) {
            isInAlias = false
        }
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Line ends of YAML 1.1 that are none in 1.2 and in editors: the numbers of lines would not be the same for all.
        case 0x2028, 0x2029: true
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0xA0...0xFFFD: false
        default: scalar.value < 0x10000
        }
    }
}

extension SyntaxError {
    fileprivate static func control(_ scalar: Unicode.Scalar, at place: Place) -> SyntaxError {
        let name = "U+" + String(scalar.value + 0x10000, radix: 16, uppercase: true).dropFirst()
        let hint = "remove it, or write it as an escape in double quotes"
        return SyntaxError(message: "there is a control character (\(name)) in the file", hint: hint, place: place)
    }
}
