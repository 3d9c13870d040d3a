// Files that routes serve.

extension Validator {
    /// What names a file has to be said by the route's path.
    mutating func checkFiles(of route: RouteConfiguration, at path: String) {
        guard let files = route.files else { return }
        if route.regex != nil {
            error(
                path + ".regex", "'files' needs 'path', whose end says what is looked for in the folder",
                isAboutKey: true)
        } else if !route.path.hasSuffix("/*"), route.path.hasSuffix("/") || Self.lastIsPattern(route.path) {
            error(
                path + ".path", "what file is meant by \(Quoting.quote(route.path)) is not said",
                hint: "end it with '/*', or with the name of a file")
        }
        if route.encodedSlashes == .keep {
            error(path + ".encodedSlashes", "no file has a slash in its name", isAboutKey: true)
        }
        if route.grpcWeb {
            error(path + ".grpcWeb", "'grpcWeb' does nothing for a route with 'files'", isAboutKey: true)
        }
        if (route.compression ?? nil) != nil {
            warning(
                path + ".compression", "files are not compressed on their way",
                hint: "put compressed ones beside them, and say so with 'precompressed'", isAboutKey: true)
        }
        var seen: Set<String> = []
        for type in files.types where !seen.insert(type.name).inserted {
            error("\(path).files.types.\(type.name)", "ending \(Quoting.quote(type.name)) is there twice")
        }
        for (index, form) in files.precompressed.enumerated()
        where files.precompressed.prefix(index).contains(form) {
            error("\(path).files.precompressed[\(index)]", "'\(form.rawValue)' is there twice")
        }
    }

    private static func lastIsPattern(_ path: String) -> Bool {
        let last = path.split(separator: "/").last ?? ""
        return last == "*" || last.contains("{")
    }
}
