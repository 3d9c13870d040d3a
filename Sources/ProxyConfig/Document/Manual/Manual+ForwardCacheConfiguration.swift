// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let forwardCacheConfiguration: [String: String] = [
        "ForwardCacheConfiguration": #"""
        Answers that let requests in are remembered for the same client with the same fields. Kept is a keyed hash of them, and what servers
        are told. An answer with `Set-Cookie`, or with `no-store` in `Cache-Control`, is not remembered.
        """#,
        "ForwardCacheConfiguration.entries": #"""
        The most answers that are remembered.
        """#,
        "ForwardCacheConfiguration.fields": #"""
        The fields by which the service knows a client, a list: `[Authorization, Cookie]`. About a request without any of them it is asked
        each time.
        """#,
        "ForwardCacheConfiguration.perTarget": #"""
        Whether an answer counts only for the method, the host and the target that it was about. `false` for a service that looks at
        nothing but who the client is.
        """#,
        "ForwardCacheConfiguration.time": #"""
        How long an answer is remembered.
        """#,
    ]
}
