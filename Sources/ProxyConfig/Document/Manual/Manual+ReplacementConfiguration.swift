// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let replacementConfiguration: [String: String] = [
        "ReplacementConfiguration": #"""
        A text in the content of responses, and what takes its place.
        """#,
        "ReplacementConfiguration.from": #"""
        The text, as it stands in the content: 1 to 256 bytes.
        """#,
        "ReplacementConfiguration.once": #"""
        Whether only the first one in each response is replaced.
        """#,
        "ReplacementConfiguration.to": #"""
        What takes its place; may be empty. These variables in braces stand for parts of the request and its connection: `{host}`, `{scheme}`,
        `{client.ip}`, `{client.port}`, `{request.id}`, `{tls.version}`, `{route}` and `{upstream}`. `{{` and `}}` are the braces themselves.
        """#,
    ]
}
