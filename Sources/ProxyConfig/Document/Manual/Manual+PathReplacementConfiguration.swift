// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let pathReplacementConfiguration: [String: String] = [
        "PathReplacementConfiguration": #"""
        Other paths in the place of those that a regular expression matches.
        """#,
        "PathReplacementConfiguration.match": #"""
        The expression, in the syntax of RE2, as a route's `regex`. It may match anywhere in the path unless it says `^` or `$`, and
        takes linear time whatever a client sends.
        """#,
        "PathReplacementConfiguration.to": #"""
        The whole path that such requests get. `{match.1}` is what the first group of `match` has matched, `{match.name}` that of
        `(?<name>…)`, and `{match.0}` all that `match` has; a group that took no part is empty.
        """#,
    ]
}
