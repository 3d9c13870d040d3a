// With which target and host servers get requests.

/// Changes of a request's target and host, made after its route was found. Whatever stays is spelled as it was matched: what is
/// percent-encoded stays so. A request whose path still has dots as a segment, behind an encoded slash that the route keeps, is
/// refused with 400 where its path would change.
package struct RewriteConfiguration: Sendable, Equatable {
    /// What is taken away in front of the path: of `/app/x`, `/app` leaves `/x`. A path that does not begin with it, up to a
    /// `/` or the end, stays as it is.
    package var stripPrefix: String?

    /// What is put in front of the path, after `stripPrefix`.
    package var addPrefix: String?

    /// The whole path, in the place of both. Variables in braces stand for parts of the request: `{rest}` is what the `/*` of
    /// the route's path stands for, and `{path.id}` its segment `{id}`, as in `/people/{path.id}/{rest}`; `{match.1}` is what
    /// the first group of the route's `regex` has matched.
    package var path: String?

    /// The whole path, where a regular expression matches it; else it stays as it is. Nothing of `stripPrefix`, `addPrefix` and
    /// `path` may stand beside it.
    package var regex: PathReplacementConfiguration?

    /// What becomes of the query.
    package var query = QueryConfiguration()

    /// The host that servers are told in `Host`, with a port if need be. `X-Forwarded-Host` keeps the client's. It may have
    /// `{host}`, `{path.NAME}` and `{match.NAME}` in it; a request that does not make it a host of letters, digits, `-`, `_` and
    /// `.` is refused with 400.
    package var host: String?

    /// A rewrite that changes nothing.
    package init() {}
}

/// Other paths in the place of those that a regular expression matches.
package struct PathReplacementConfiguration: Sendable, Equatable {
    /// The expression, in the syntax of RE2, as a route's `regex`. It may match anywhere in the path unless it says `^` or `$`, and
    /// takes linear time whatever a client sends.
    package var match: String

    /// The whole path that such requests get. `{match.1}` is what the first group of `match` has matched, `{match.name}` that of
    /// `(?<name>…)`, and `{match.0}` all that `match` has; a group that took no part is empty.
    package var to: String

    /// `to` in the place of paths that `match` matches.
    package init(match: String, to: String) {
        self.match = match
        self.to = to
    }
}

/// Changes of a query.
package struct QueryConfiguration: Sendable, Equatable {
    /// Parameters with their values, which may have variables in braces. Each takes the place of all of its name, and is put
    /// behind the others. Names and values are percent-encoded.
    package var set: [FieldTemplate] = []

    /// Parameters that are taken away, however their names are spelled.
    package var remove: [String] = []

    /// A query that stays as it is.
    package init() {}
}

/// A name with a value that may have variables in it.
package struct FieldTemplate: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension RewriteConfiguration: Section {
    static let noun = "rewrite"
    static var blank: RewriteConfiguration { RewriteConfiguration() }

    static var keys: [Key<RewriteConfiguration>] {
        [
            Key("stripPrefix", \.stripPrefix, .optional(.pathPrefix)),
            Key("addPrefix", \.addPrefix, .optional(.pathPrefix)),
            Key("path", \.path, .optional(.pathTemplate)),
            Key("regex", \.regex, .optional(.section())),
            Key("query", \.query, .section()),
            Key("host", \.host, .optional(.hostTemplate)),
        ]
    }
}

extension PathReplacementConfiguration: Section {
    static let noun = "rewrite.regex"
    static var blank: PathReplacementConfiguration { PathReplacementConfiguration(match: "", to: "/") }

    static var keys: [Key<PathReplacementConfiguration>] {
        [
            Key("match", \.match, .expression, required: true),
            Key("to", \.to, .pathTemplate, required: true),
        ]
    }
}

extension QueryConfiguration: Section {
    static let noun = "query"
    static var blank: QueryConfiguration { QueryConfiguration() }

    static var keys: [Key<QueryConfiguration>] {
        [
            Key("set", \.set, .parameterTemplates),
            Key("remove", \.remove, .list(of: .parameterName)),
        ]
    }
}
