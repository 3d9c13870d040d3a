// The text of a file, and the places in it.

/// A part of a line.
struct Place: Equatable {
    /// The line, from 1; 0 without a place.
    var line: Int
    /// The column, from 1, in Unicode scalars; 0 for the line or the file as a whole.
    var column: Int
    /// How many Unicode scalars.
    var length: Int
    /// Which of the config's files.
    var file = 0

    /// No place at all.
    static let none = Place(line: 0, column: 0, length: 0)
}

/// The text of a file.
struct SourceText {
    /// The file as the user named it.
    let file: String
    /// The text.
    let text: String
    private let lines: LazyLines

    init(file: String, text: String) {
        self.file = file
        self.text = text
        lines = LazyLines(text)
    }

    /// The lines, found when the first one is asked for: of a file without a mistake none is.
    private final class LazyLines {
        private let text: String
        private lazy var lines = SourceLines(text)

        init(_ text: String) {
            self.text = text
        }

        subscript(number: Int) -> String? { lines[number] }
    }

    /// Where `node` stands: a scalar as a whole (as far as it is on its first line), of a block mapping its first
    /// key, and of all else its first character.
    func place(of node: Node) -> Place {
        let mark = node.mark
        switch node {
        case .scalar(let scalar):
            return Place(line: mark.line, column: mark.column, length: length(of: scalar, at: mark))
        case .mapping(let mapping):
            if let key = mapping.pairs.first?.key, key.mark.line == mark.line, key.mark.column == mark.column {
                return place(of: key)
            }
            return Place(line: mark.line, column: mark.column, length: 1)
        case .sequence: return Place(line: mark.line, column: mark.column, length: 1)
        }
    }

    /// The part of a scalar from `offset` on, both in its UTF-8 bytes; the scalar as a whole when it is written in
    /// another way than it reads (escapes, several lines).
    func place(of node: Node, offset: Int, length: Int) -> Place {
        let whole = place(of: node)
        let mark = node.mark
        guard let scalar = node.scalar, let written = rest(line: mark.line, column: mark.column) else { return whole }
        let quote = scalar.style == .plain ? 0 : 1
        guard String(String.UnicodeScalarView(written.dropFirst(quote))).hasPrefix(scalar.string) else { return whole }
        let before = scalars(in: scalar.string.utf8.prefix(offset))
        let part = scalars(in: scalar.string.utf8.dropFirst(offset).prefix(length))
        return Place(line: mark.line, column: mark.column + quote + before, length: max(1, part))
    }

    /// What stands in the line from a column on; nil when there is no such line, or it is too long to be looked at for
    /// every value.
    func rest(line number: Int, column: Int) -> ArraySlice<Unicode.Scalar>? {
        guard let line = lines[number], line.utf8.count <= SourceLines.longest else { return nil }
        return Array(line.unicodeScalars).dropFirst(column - 1)
    }

    private func scalars(in bytes: Substring.UTF8View) -> Int { String(Substring(bytes)).unicodeScalars.count }

    private func length(of scalar: Node.Scalar, at mark: Mark) -> Int {
        guard let written = rest(line: mark.line, column: mark.column), let first = written.first else { return 1 }
        switch scalar.style {
        case .plain:
            // A tag or an anchor in front of it, or a scalar of several lines: the first character will do.
            return String(String.UnicodeScalarView(written)).hasPrefix(scalar.string)
                ? max(1, scalar.string.unicodeScalars.count) : 1
        case .singleQuoted, .doubleQuoted: return quotedLength(written, quote: first)
        case .literal, .folded: return 1
        }
    }

    private func quotedLength(_ written: ArraySlice<Unicode.Scalar>, quote: Unicode.Scalar) -> Int {
        var isEscaped = false
        for (index, scalar) in written.enumerated().dropFirst() {
            if isEscaped {
                isEscaped = false
            } else if scalar == "\\", quote == "\"" {
                isEscaped = true
            } else if scalar == quote {
                return index + 1
            }
        }
        return written.count
    }
}
