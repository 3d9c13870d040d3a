// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let filesConfiguration: [String: String] = [
        "FilesConfiguration": #"""
        Files of a folder. What the `/*` at the end of the route's path stands for is looked for below it; a route for one path
        serves the file by its last name. Only GET and HEAD are answered.
        """#,
        "FilesConfiguration.fallback": #"""
        The file below the folder that is served where there is nothing, such as `/index.html` for an application that runs in
        the browser and knows what its paths mean.
        """#,
        "FilesConfiguration.hidden": #"""
        Whether names that begin with a dot are served, as `.git` should not be. Without it, only `/.well-known` is (RFC 8615).
        """#,
        "FilesConfiguration.index": #"""
        The files that are looked for in a folder, in order, when a path ends with a slash. An empty list looks for none.
        """#,
        "FilesConfiguration.listing": #"""
        Whether a folder without such a file is answered with a page that lists what is in it, up to 10,000 entries. Otherwise
        there is nothing at its path.
        """#,
        "FilesConfiguration.precompressed": #"""
        Which compressed files are looked for beside a file, the one that is liked best first: `zst`, `br`, `gz`. A client that
        takes such a form gets `page.html.br` in the place of `page.html`, if it is not older.
        """#,
        "FilesConfiguration.root": #"""
        The folder. Nothing outside of it is ever served. When its path leads to another folder, as after a new version of a site
        was put in its place, that one is served within a second or two.
        """#,
        "FilesConfiguration.symlinks": #"""
        Whether symbolic links are followed. Those that lead out of the folder, and absolute ones, never are.
        """#,
        "FilesConfiguration.types": #"""
        Media types by the endings of names, beside or in the place of the usual ones: `{wasm: application/wasm}`.
        """#,
    ]
}
