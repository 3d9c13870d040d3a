// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let apiKeysConfiguration: [String: String] = [
        "APIKeysConfiguration": #"""
        A key in a header field or in the query.
        """#,
        "APIKeysConfiguration.file": #"""
        The file with the keys, one `NAME:DIGEST` a line, the digest being the SHA-256 of the key in hexadecimal, as
        `printf %s KEY | sha256sum` says it. The file is read again within a second or two when it changes.
        """#,
        "APIKeysConfiguration.header": #"""
        The header field that the key is in. `off` for none.
        """#,
        "APIKeysConfiguration.nameField": #"""
        The field that tells servers the key's name. What clients say in it never passes, on no route. `off` for none.
        """#,
        "APIKeysConfiguration.query": #"""
        The parameter of the query that the key is in, compared as it is written; it is looked at when the header field is not there.
        Whatever is in a URL ends up in logs. `off` for none.
        """#,
    ]
}
