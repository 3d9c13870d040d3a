// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let secureHeadersConfiguration: [String: String] = [
        "SecureHeadersConfiguration": #"""
        Fields of responses by which browsers are told to be careful with them: of servers, of `redirect` and `respond`, and of error
        pages. [rewriting.md](rewriting.md#secure-headers) has the list.
        """#,
        "SecureHeadersConfiguration.level": #"""
        How much is asked of browsers: `basic` is what pages work with that know nothing of it, `strict` what they have to be made
        for. `Strict-Transport-Security` goes to clients over TLS alone, and only where the listener has no `hsts`, which says
        it with more detail.
        """#,
        "SecureHeadersConfiguration.override": #"""
        Whether these fields take the place of what a server says in them. Without it, a server's own value stays. What
        `responseFields` does to one of them counts in any case.
        """#,
    ]
}
