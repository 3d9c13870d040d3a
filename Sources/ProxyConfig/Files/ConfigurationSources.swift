// What a config was read from: for showing lines of it, and for noticing when it changes.

/// The files of a config.
package struct ConfigurationSources: Sendable, Equatable {
    /// A file with its text.
    package struct File: Sendable, Equatable {
        /// As messages call it.
        package let name: String
        package let text: String
    }

    /// The files of the config, the main one first. Empty for a config made in code.
    package var files: [File] = []
    /// The files with secrets that it refers to.
    package var secrets: [String] = []
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
    package var watched: [String] { sought + secrets }

    /// The files that the patterns stand for now.
    package var matches: [String] { patterns.flatMap { FilePattern($0).matches().files } }

    /// Whether the files still have the texts that were read, and the patterns stand for no others.
    package var isUpToDate: Bool {
        let known = Set(sought.map { ConfigurationReader.realPath($0) })
        return files.allSatisfy { (try? FileReader.read($0.name)) == $0.text }
            && matches.allSatisfy { known.contains(ConfigurationReader.realPath($0)) }
    }

    /// The text of the main file; empty when there is none.
    package var main: String { files.first?.text ?? "" }
}
