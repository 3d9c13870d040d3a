// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let respondConfiguration: [String: String] = [
        "RespondConfiguration": #"""
        An answer with fixed content.
        """#,
        "RespondConfiguration.body": #"""
        The content, as it is: there are no variables in it.
        """#,
        "RespondConfiguration.contentType": #"""
        The value of Content-Type, if there is content.
        """#,
        "RespondConfiguration.status": #"""
        The status.
        """#,
    ]
}
