// Keys that occur more than once in a mapping. Yams refuses the whole file for one of them; to tell all that is wrong
// at once, each is renamed in the text, to a marker of the same length, and gets its name back in the tree.
import Yams

/// The keys that were renamed.
struct DuplicateKeys {
    /// How many are renamed before reading gives up: each costs reading the file again.
    static let maximum = 20
    /// Markers are built from this private-use character; no key of the schema has it.
    private static let filler: Unicode.Scalar = "\u{E000}"

    private var renamed: [String: String] = [:]

    /// What the key is called in the file.
    func name(of key: String) -> String { renamed.isEmpty ? key : renamed[key] ?? key }

    /// Renames the key at `mark` in `text`. Nil when that is not possible: there are too many, or the key is written
    /// in another way than it reads.
    mutating func rename(_ name: String, at mark: Yams.Mark, in text: String) -> String? {
        let source = SourceText(file: "", text: text)
        guard renamed.count < DuplicateKeys.maximum, let line = source.rest(line: mark.line, column: mark.column),
            let first = line.first
        else {
            return nil
        }
        let quote = first == "\"" || first == "'" ? 1 : 0
        let length = name.unicodeScalars.count
        guard String(String.UnicodeScalarView(line.dropFirst(quote).prefix(length))) == name, length > 0 else {
            return nil
        }
        let marker = DuplicateKeys.marker(renamed.count, length: length)
        renamed[marker] = name
        return DuplicateKeys.replace(in: text, line: mark.line, column: mark.column - 1 + quote, with: marker)
    }

    /// The marker with this number: its last character tells them apart.
    private static func marker(_ number: Int, length: Int) -> String {
        var scalars = String.UnicodeScalarView(repeatElement(filler, count: length - 1))
        scalars.append(Unicode.Scalar(filler.value + 1 + UInt32(number)) ?? filler)
        return String(scalars)
    }

    /// The text with as many Unicode scalars replaced as `marker` has, behind the first `column` of a line.
    private static func replace(in text: String, line: Int, column: Int, with marker: String) -> String {
        var scalars = text.unicodeScalars
        var index = scalars.startIndex
        for _ in 1..<line { index = SourceLines.next(after: index, in: scalars) }
        let start = scalars.index(index, offsetBy: column)
        scalars.replaceSubrange(
            start..<scalars.index(start, offsetBy: marker.unicodeScalars.count), with: marker.unicodeScalars)
        return String(scalars)
    }
}

extension SourceLines {
    /// The beginning of the line behind the one that `index` is in.
    static func next(after index: String.UnicodeScalarView.Index, in scalars: String.UnicodeScalarView)
        -> String.UnicodeScalarView.Index
    {
        guard let end = scalars[index...].firstIndex(where: { $0 == "\n" || $0 == "\r" }) else {
            return scalars.endIndex
        }
        let next = scalars.index(after: end)
        let isPair = scalars[end] == "\r" && next < scalars.endIndex && scalars[next] == "\n"
        return isPair ? scalars.index(after: next) : next
    }
}
