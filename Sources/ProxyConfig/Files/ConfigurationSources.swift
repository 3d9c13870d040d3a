// What a config was read from: for showing lines of it, and for noticing when it changes.

/// The files of a config.
package struct ConfigurationSources: Sendable, Equatable {
    /// A file with its text.
    package struct File: Sendable, Equatable {
        /// As messages call it.
        package let name: String
        package let text: String
    }

    /// A file with a secret.
    package struct Secret: Sendable, Equatable {
        package let path: String
        /// Tells texts apart without keeping them; another one in each process. `nil` when the file could not be read.
        private let fingerprint: Int?

        init(_ path: String, text: String?) {
            self.path = path
            fingerprint = text?.hashValue
        }

        /// Whether the file still has the text that was read, or still cannot be read.
        var isUpToDate: Bool { Secret(path, text: try? SecretFile.read(path)) == self }
    }

    /// The files of the config, the main one first. Empty for a config made in code.
    package var files: [File] = []
    /// The files with secrets that it refers to.
    package var secrets: [Secret] = []
    /// The files that were looked for, those included that are not there.
    package var sought: [String] = []
    /// The patterns of `include`, as paths, and the folders in which they were looked for.
    package var patterns: [String] = []
    package var folders: [String] = []

    package init() {}

    /// One text.
    package init(name: String, text: String) {
        files = [File(name: name, text: text)]
    }

    /// All files that may change the config when they change.
    package var watched: [String] { sought + secrets.map(\.path) }

    /// The files that the patterns stand for now.
    package var matches: [String] { patterns.flatMap { FilePattern($0).matches().files } }

    /// Whether the files, those with secrets too, still have the texts that were read, and the patterns stand for no others.
    package var isUpToDate: Bool {
        let known = Set(sought.map { ConfigurationReader.realPath($0) })
        return files.allSatisfy { (try? FileReader.read($0.name)) == $0.text }
            && secrets.allSatisfy(\.isUpToDate)
            && matches.allSatisfy { known.contains(ConfigurationReader.realPath($0)) }
    }

    /// The text of the main file; empty when there is none.
    package var main: String { files.first?.text ?? "" }
}
