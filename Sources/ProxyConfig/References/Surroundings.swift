// What a config is read in: the environment, and folders.
import Foundation

/// Where a config finds what it refers to.
package struct Surroundings: Sendable {
    /// The value of a variable of the environment.
    package let variable: @Sendable (String) -> String?

    package init(variable: @escaping @Sendable (String) -> String?) {
        self.variable = variable
    }

    /// Those of the process.
    package static let process = Surroundings { ProcessInfo.processInfo.environment[$0] }

    /// A path as it stands in a file of `folder`.
    func path(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    }
}

/// Files with secrets.
enum SecretFile {
    /// The longest secret, in bytes.
    static let longest = 64 << 10

    /// What is in the file, without line ends behind it.
    static func read(_ path: String) throws(ReferenceError) -> String {
        let shown = Quoting.quote(path)
        guard let type = type(of: path) else {
            throw ReferenceError(message: "cannot read the file \(shown): there is no such file")
        }
        guard type == .typeRegular else { throw ReferenceError(message: "cannot read \(shown): it is not a file") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ReferenceError(message: "cannot read the file \(shown): permission denied")
        }
        guard let data = try? handle.read(upToCount: longest + 1) else {
            throw ReferenceError(message: "cannot read the file \(shown)")
        }
        guard data.count <= longest else {
            throw ReferenceError(message: "the file \(shown) is larger than 64 KiB, which no secret is")
        }
        guard let text = String(validating: data, as: UTF8.self), !text.utf8.contains(0) else {
            throw ReferenceError(message: "the file \(shown) is not text in UTF-8")
        }
        let end = text.utf8.lastIndex { $0 != 0x0A && $0 != 0x0D }
        return end.map { String(text[...$0]) } ?? ""
    }

    /// What a path leads to, through all symbolic links; `nil` for nothing.
    static func type(of path: String) -> FileAttributeType? {
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return (try? FileManager.default.attributesOfItem(atPath: real))?[.type] as? FileAttributeType
    }
}
