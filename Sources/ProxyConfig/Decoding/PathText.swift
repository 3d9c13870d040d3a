// Paths of files and folders.

/// Reads paths. Whether there is such a file is seen when it is read.
enum PathText {
    static let file = TextShape(expected: "the path of a file", pattern: nil)
    static let folder = TextShape(expected: "the path of a folder", pattern: nil)

    /// What a path leads to.
    enum Kind {
        case file, folder
    }

    /// The path as it is.
    static func read(_ text: String, _ kind: Kind) throws(TextError) -> String {
        let what = kind == .file ? "a file" : "a folder"
        if text.isEmpty { throw TextError(message: "there is nothing") }
        guard !text.utf8.contains(0), text.utf8.count < 4096 else {
            throw TextError(message: "\(Quoting.quote(text)) is not the path of \(what)")
        }
        if text.hasPrefix("-----BEGIN") {
            throw TextError(message: "the content of \(what) stands here", hint: "put it into a file, and name that")
        }
        if text.hasPrefix("~") {
            throw TextError(message: "\(Quoting.quote(text)) begins with '~', which only a shell knows")
        }
        if kind == .file, text.hasSuffix("/") {
            throw TextError(message: "\(Quoting.quote(text)) is the path of a folder")
        }
        return text
    }
}
