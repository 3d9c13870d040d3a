// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let responseFieldsConfiguration: [String: String] = [
        "ResponseFieldsConfiguration": #"""
        Changes of the fields of responses: of servers, of `redirect` and `respond`, and of error pages. Keys and values are as in
        `requestFields`, with the request's values in the variables, and with `{server.address}` for routes with `hideOrigin: off`.
        """#,
        "ResponseFieldsConfiguration.add": #"""
        The same besides what the server sent.
        """#,
        "ResponseFieldsConfiguration.remove": #"""
        Fields that clients do not get.
        """#,
        "ResponseFieldsConfiguration.rename": #"""
        Fields that get another name, and their new names. What the server sent under a new name is dropped.
        """#,
        "ResponseFieldsConfiguration.set": #"""
        Fields with their values, in the place of what the server sent under these names.
        """#,
    ]
}
