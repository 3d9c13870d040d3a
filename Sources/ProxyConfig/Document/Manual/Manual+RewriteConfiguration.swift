// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let rewriteConfiguration: [String: String] = [
        "RewriteConfiguration": #"""
        Changes of a request's target and host, made after its route was found. Whatever stays is spelled as it was matched: what is
        percent-encoded stays so. A request whose path still has dots as a segment, behind an encoded slash that the route keeps, is
        refused with 400 where its path would change.
        """#,
        "RewriteConfiguration.addPrefix": #"""
        What is put in front of the path, after `stripPrefix`.
        """#,
        "RewriteConfiguration.host": #"""
        The host that servers are told in `Host`, with a port if need be. `X-Forwarded-Host` keeps the client's. It may have
        `{host}`, `{path.NAME}` and `{match.NAME}` in it; a request that does not make it a host of letters, digits, `-`, `_` and
        `.` is refused with 400.
        """#,
        "RewriteConfiguration.path": #"""
        The whole path, in the place of both. Variables in braces stand for parts of the request: `{rest}` is what the `/*` of
        the route's path stands for, and `{path.id}` its segment `{id}`, as in `/people/{path.id}/{rest}`; `{match.1}` is what
        the first group of the route's `regex` has matched.
        """#,
        "RewriteConfiguration.query": #"""
        What becomes of the query.
        """#,
        "RewriteConfiguration.regex": #"""
        The whole path, where a regular expression matches it; else it stays as it is. Nothing of `stripPrefix`, `addPrefix` and
        `path` may stand beside it.
        """#,
        "RewriteConfiguration.stripPrefix": #"""
        What is taken away in front of the path: of `/app/x`, `/app` leaves `/x`. A path that does not begin with it, up to a
        `/` or the end, stays as it is.
        """#,
    ]
}
