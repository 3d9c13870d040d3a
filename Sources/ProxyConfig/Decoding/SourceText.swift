// The text of a file, and the places in it.
import Yams

/// A part of a line.
struct Place: Equatable {
    /// The line, from 1; 0 without a place.
    var line: Int
    /// The column, from 1, in Unicode scalars; 0 for the line or the file as a whole.
    var column: Int
    /// How many Unicode scalars.
    var length: Int

    /// No place at all.
    static let none = Place(line: 0, column: 0, length: 0)
}

/// The text of a file.
struct SourceText {
    /// The file as the user named it.
    let file: String
    /// The text.
    let text: String
    private let lines: SourceLines

    init(file: String, text: String) {
        self.file = file
        self.text = text
        lines = SourceLines(text)
    }

    /// Where `node` stands: a scalar as a whole (as far as it is on its first line), of a block mapping its first
    /// key, and of all else its first character.
    func place(of node: Node) -> Place {
        guard let mark = node.mark else { return .none }
        switch node {
        case .scalar(let scalar):
            return Place(line: mark.line, column: mark.column, length: length(of: scalar, at: mark))
        case .mapping(let mapping):
            if let key = mapping.first?.key, let first = key.mark, first.line == mark.line, first.column == mark.column
            {
                return place(of: key)
            }
            return Place(line: mark.line, column: mark.column, length: 1)
        case .sequence, .alias: return Place(line: mark.line, column: mark.column, length: 1)
        }
    }

    /// The part of a scalar from `offset` on, both in its UTF-8 bytes; the scalar as a whole when it is written in
    /// another way than it reads (escapes, several lines).
    func place(of node: Node, offset: Int, length: Int) -> Place {
        let whole = place(of: node)
        guard let scalar = node.scalar, let mark = scalar.mark, let written = rest(at: mark) else { return whole }
        let quote = scalar.style == .plain ? 0 : 1
        guard String(String.UnicodeScalarView(written.dropFirst(quote))).hasPrefix(scalar.string) else { return whole }
        let before = scalars(in: scalar.string.utf8.prefix(offset))
        let part = scalars(in: scalar.string.utf8.dropFirst(offset).prefix(length))
        return Place(line: mark.line, column: mark.column + quote + before, length: max(1, part))
    }

    /// What stands in the line from `mark` on; nil when there is no such line, or it is too long to be looked at for
    /// every value.
    func rest(at mark: Mark) -> ArraySlice<Unicode.Scalar>? {
        guard let line = lines[mark.line], line.utf8.count <= SourceLines.longest else { return nil }
        return Array(line.unicodeScalars).dropFirst(mark.column - 1)
    }

    private func scalars(in bytes: Substring.UTF8View) -> Int { String(Substring(bytes)).unicodeScalars.count }

    private func length(of scalar: Node.Scalar, at mark: Mark) -> Int {
        guard let written = rest(at: mark), let first = written.first else { return 1 }
        switch scalar.style {
        case .plain, .any:
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
