// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let queryConfiguration: [String: String] = [
        "QueryConfiguration": #"""
        Changes of a query.
        """#,
        "QueryConfiguration.remove": #"""
        Parameters that are taken away, however their names are spelled.
        """#,
        "QueryConfiguration.set": #"""
        Parameters with their values, which may have variables in braces. Each takes the place of all of its name, and is put
        behind the others. Names and values are percent-encoded.
        """#,
    ]
}
