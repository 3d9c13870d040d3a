// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let redirectConfiguration: [String: String] = [
        "RedirectConfiguration": #"""
        A redirect.
        """#,
        "RedirectConfiguration.status": #"""
        The status: 301 and 308 are for good, and browsers remember them; 302, 303 and 307 are for now. With 307 and 308 the
        method stays the same.
        """#,
        "RedirectConfiguration.to": #"""
        Where to: a URL, or a path of the same host. Variables in braces stand for parts of the request: `https://{host}{uri}` is
        the same address by https. In the host, only `{host}` may stand, so that nobody can make links that lead through here to
        anywhere; values of fields, cookies and parameters are percent-encoded.
        """#,
    ]
}
