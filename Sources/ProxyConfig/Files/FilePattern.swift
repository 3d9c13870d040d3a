// Patterns of file names, as shells have them: `sites/*.yaml`.
import Foundation

/// A path in whose parts `*`, `?` and `[a-z]` may stand.
struct FilePattern {
    /// The most files that a pattern may stand for.
    static let most = 10_000

    private let text: String

    /// Whether `path` is a pattern rather than the path of one file.
    static func isPattern(_ path: String) -> Bool { path.contains { "*?[".contains($0) } }

    init(_ text: String) {
        self.text = text
    }

    /// What a pattern stands for.
    struct Matches {
        /// The files, sorted.
        var files: [String] = []
        /// The folders that were looked into; files that come there later may belong to it.
        var folders: [String] = []
    }

    /// The files that there are.
    func matches() -> Matches {
        var matches = Matches()
        let isRooted = text.hasPrefix("/")
        let parts = text.split(separator: "/", omittingEmptySubsequences: true)
        expand(parts[...], in: isRooted ? "/" : "", &matches)
        matches.files.sort()
        return matches
    }

    private func expand(_ parts: ArraySlice<Substring>, in folder: String, _ matches: inout Matches) {
        guard let part = parts.first else { return }
        let isLast = parts.count == 1
        let rest = parts.dropFirst()
        guard Self.isPattern(String(part)) else {
            let path = folder + part
            if !isLast { return expand(rest, in: path + "/", &matches) }
            if Self.isFile(path) { matches.files.append(path) }
            return
        }
        let place = folder.isEmpty ? "." : folder
        matches.folders.append(place)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        for name in names.sorted() where matches.files.count <= Self.most && Self.matches(name, part) {
            if !isLast {
                expand(rest, in: folder + name + "/", &matches)
            } else if Self.isFile(folder + name) {
                matches.files.append(folder + name)
            }
        }
    }

    private static func isFile(_ path: String) -> Bool {
        SecretFile.type(of: path) == .typeRegular
    }

    /// Whether a name is one that the pattern stands for. Names with a dot in front are hidden from patterns without one.
    static func matches(_ name: String, _ pattern: Substring) -> Bool {
        if name.hasPrefix("."), !pattern.hasPrefix(".") { return false }
        return matches(Array(name.unicodeScalars)[...], Array(pattern.unicodeScalars)[...])
    }

    /// In the time of a product of both lengths: a star gives way only to the star before it.
    private static func matches(_ name: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        var (rest, open) = (name, pattern)
        var star: (name: ArraySlice<Unicode.Scalar>, pattern: ArraySlice<Unicode.Scalar>)?
        while true {
            if open.first == "*" {
                star = (rest, open.dropFirst())
                open = open.dropFirst()
            } else if let scalar = rest.first, let length = take(scalar, open) {
                (rest, open) = (rest.dropFirst(), open.dropFirst(length))
            } else if rest.isEmpty && open.isEmpty {
                return true
            } else if let last = star, !last.name.isEmpty {
                star = (last.name.dropFirst(), last.pattern)
                (rest, open) = (last.name.dropFirst(), last.pattern)
            } else {
                return false
            }
        }
    }

    /// How much of the pattern stands for `scalar`; `nil` when what comes next does not.
    private static func take(_ scalar: Unicode.Scalar, _ pattern: ArraySlice<Unicode.Scalar>) -> Int? {
        guard let first = pattern.first else { return nil }
        if first == "?" { return 1 }
        guard first == "[", let end = pattern.dropFirst(2).firstIndex(of: "]") else { return first == scalar ? 1 : nil }
        var set = pattern[pattern.index(after: pattern.startIndex)..<end]
        let isInverted = set.first == "!" || set.first == "^"
        if isInverted { set = set.dropFirst() }
        var isIn = false
        while let low = set.popFirst() {
            if set.first == "-", let high = set.dropFirst().first {
                isIn = isIn || low <= scalar && scalar <= high
                set = set.dropFirst(2)
            } else {
                isIn = isIn || low == scalar
            }
        }
        return isIn != isInverted ? end - pattern.startIndex + 1 : nil
    }
}
