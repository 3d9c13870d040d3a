// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let authConfiguration: [String: String] = [
        "AuthConfiguration": #"""
        How clients prove who they are: exactly one of these ways, or `any` of several. Who does not is answered with 401, or as the
        service says it.
        """#,
        "AuthConfiguration.any": #"""
        Several ways, each a mapping with one of the others, of which one is enough. They are asked in this order, and 401 names all
        that have a scheme.
        """#,
        "AuthConfiguration.apiKeys": #"""
        By a key, for programs.
        """#,
        "AuthConfiguration.basic": #"""
        By a name and a password, which browsers ask for.
        """#,
        "AuthConfiguration.forward": #"""
        By whatever another service wants to see.
        """#,
        "AuthConfiguration.jwt": #"""
        By a token that somebody has signed.
        """#,
    ]
}
