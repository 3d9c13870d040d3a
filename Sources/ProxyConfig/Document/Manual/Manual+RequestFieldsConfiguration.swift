// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let requestFieldsConfiguration: [String: String] = [
        "RequestFieldsConfiguration": #"""
        Changes of the fields of requests. Each name may stand in one of the keys only, so that their order does not matter. Fields
        that frame a message, or are for one connection, are not the config's to change.

        Values may have variables in braces: `{client.ip}`, `{client.port}`, `{request.id}`, `{request.method}`, `{host}`, `{path}`,
        `{query}`, `{uri}`, `{scheme}`, `{tls.subject}`, `{tls.version}`, `{tls.sni}`, `{route}`, `{upstream}`, `{rest}`,
        `{path.NAME}`, `{match.NAME}`, `{field.NAME}`, `{cookie.NAME}` and `{query.NAME}`. They are of the request as the client has sent it. A field whose value comes
        out empty is not sent. `{{` and `}}` are the braces themselves.
        """#,
        "RequestFieldsConfiguration.add": #"""
        The same besides what the client sent.
        """#,
        "RequestFieldsConfiguration.remove": #"""
        Fields that servers do not get.
        """#,
        "RequestFieldsConfiguration.rename": #"""
        Fields that get another name, and their new names. What the client sent under a new name is dropped.
        """#,
        "RequestFieldsConfiguration.set": #"""
        Fields with their values, in the place of what the client sent under these names.
        """#,
    ]
}
