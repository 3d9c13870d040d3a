// Files that routes serve.

/// Files of a folder. What the `/*` at the end of the route's path stands for is looked for below it; a route for one path
/// serves the file by its last name. Only GET and HEAD are answered.
package struct FilesConfiguration: Sendable, Equatable {
    /// The folder. Nothing outside of it is ever served. When its path leads to another folder, as after a new version of a site
    /// was put in its place, that one is served within a second or two.
    package var root: String = ""

    /// The files that are looked for in a folder, in order, when a path ends with a slash. An empty list looks for none.
    package var index: [String] = ["index.html"]

    /// Whether a folder without such a file is answered with a page that lists what is in it, up to 10,000 entries. Otherwise
    /// there is nothing at its path.
    package var listing: Bool = false

    /// Which compressed files are looked for beside a file, the one that is liked best first: `zst`, `br`, `gz`. A client that
    /// takes such a form gets `page.html.br` in the place of `page.html`, if it is not older.
    package var precompressed: [PrecompressedForm] = []

    /// Media types by the endings of names, beside or in the place of the usual ones: `{wasm: application/wasm}`.
    package var types: [FieldTemplate] = []

    /// The file below the folder that is served where there is nothing, such as `/index.html` for an application that runs in
    /// the browser and knows what its paths mean.
    package var fallback: String?

    /// Whether names that begin with a dot are served, as `.git` should not be. Without it, only `/.well-known` is (RFC 8615).
    package var hidden: Bool = false

    /// Whether symbolic links are followed. Those that lead out of the folder, and absolute ones, never are.
    package var symlinks: Bool = true

    /// Without a folder.
    package init() {}
}

/// A form in which files lie compressed.
package enum PrecompressedForm: String, Sendable, CaseIterable {
    /// Zstandard.
    case zst
    /// Brotli.
    case br
    /// gzip.
    case gz
}

extension FilesConfiguration: Section {
    static let noun = "files"
    static var blank: FilesConfiguration { FilesConfiguration() }

    static var keys: [Key<FilesConfiguration>] {
        [
            Key("root", \.root, .folderPath, required: true),
            Key("index", \.index, .list(of: .fileName)),
            Key("listing", \.listing, .boolean),
            Key("precompressed", \.precompressed, .list(of: .choice())),
            Key("types", \.types, .mediaTypes),
            Key("fallback", \.fallback, .optional(.pathBelow)),
            Key("hidden", \.hidden, .boolean),
            Key("symlinks", \.symlinks, .boolean),
        ]
    }
}
