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
    /// the route's path stands for, as in `/new/{rest}`.
    package var path: String?

    /// What becomes of the query.
    package var query = QueryConfiguration()

    /// The host that servers are told in `Host`, with a port if need be. `X-Forwarded-Host` keeps the client's.
    package var host: String?

    /// A rewrite that changes nothing.
    package init() {}
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
            Key("query", \.query, .section()),
            Key("host", \.host, .optional(.requestHost)),
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
