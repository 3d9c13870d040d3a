// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let hstsConfiguration: [String: String] = [
        "HSTSConfiguration": #"""
        What browsers are told in `Strict-Transport-Security` (RFC 6797).
        """#,
        "HSTSConfiguration.includeSubdomains": #"""
        Whether that holds for all names below the host too.
        """#,
        "HSTSConfiguration.maxAge": #"""
        For how long they come by `https` alone, from the last answer on. `0s` makes them forget it.
        """#,
        "HSTSConfiguration.preload": #"""
        Whether browsers may have it built in (hstspreload.org). That wants `includeSubdomains` and a year at least, and is
        hard to undo.
        """#,
    ]
}
