// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let accessRuleConfiguration: [String: String] = [
        "AccessRuleConfiguration": #"""
        A rule of access. It is for the requests that have all that it asks for; one that asks for nothing is for all.
        """#,
        "AccessRuleConfiguration.action": #"""
        What becomes of a request that the rule is for: `deny` refuses it, `allow` lets it in without asking the rules behind,
        `challenge` goes on to the next rule only if the client has shown that it is a browser (see `challenge` at the top), and
        `log` notes it and goes on to the next rule.
        """#,
        "AccessRuleConfiguration.clientFiles": #"""
        Files with more such networks, one or a list. Each has one network a line; what stands behind `#` or `;` is a comment.
        They are read again within a second or two when they change; one that is broken then changes nothing, and the log says
        so.
        """#,
        "AccessRuleConfiguration.clients": #"""
        The networks that clients are in, one or a list: `10.0.0.0/8`, or an address alone. What counts is the address of the
        connection, or the one that the PROXY protocol says.
        """#,
        "AccessRuleConfiguration.host": #"""
        The hosts that requests are for, one or a list, written as in routes.
        """#,
        "AccessRuleConfiguration.name": #"""
        How the rule is called in the access log and in metrics. Without it, its place: `access[0]`, `routes[2].access[0]`.
        """#,
        "AccessRuleConfiguration.path": #"""
        The paths that requests are for, one or a list, written as in routes.
        """#,
        "AccessRuleConfiguration.shadow": #"""
        Whether the rule is only tried out: requests that it is for are counted and noted in the access log, and the next rule
        is asked.
        """#,
        "AccessRuleConfiguration.status": #"""
        The status of the answer to what `deny` refuses.
        """#,
        "AccessRuleConfiguration.when": #"""
        What else requests must have: method, header fields, query and so on, as in routes.
        """#,
    ]
}
