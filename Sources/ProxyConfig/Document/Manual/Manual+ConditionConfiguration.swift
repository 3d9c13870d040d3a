// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let conditionConfiguration: [String: String] = [
        "ConditionConfiguration": #"""
        What a request must have, all of it. The keys mean what they mean of a route.
        """#,
        "ConditionConfiguration.all": #"""
        Conditions that must all hold.
        """#,
        "ConditionConfiguration.any": #"""
        Conditions of which at least one must hold.
        """#,
        "ConditionConfiguration.certificate": #"""
        Parts of the certificate by which its client has proved who it is, each with its value, or a test of it: `subject` as
        RFC 4514 writes it, `dns` and `uri` for one of the alternative names, and `fingerprint`.
        """#,
        "ConditionConfiguration.clients": #"""
        The networks that its client is in one of, one or a list.
        """#,
        "ConditionConfiguration.cookies": #"""
        Cookies by their names, each with its value, or a test of it.
        """#,
        "ConditionConfiguration.headers": #"""
        Header fields by their names, each with its value, or a test of it.
        """#,
        "ConditionConfiguration.methods": #"""
        The methods that it has one of, one or a list.
        """#,
        "ConditionConfiguration.not": #"""
        Conditions of which none may hold, one or a list.
        """#,
        "ConditionConfiguration.query": #"""
        Parameters of the query by their names, each with its value, or a test of it.
        """#,
        "ConditionConfiguration.scheme": #"""
        Whether it has come over TLS, `https`, or without, `http`.
        """#,
    ]
}
