// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let accountBindingConfiguration: [String: String] = [
        "AccountBindingConfiguration": #"""
        The account with the authority that an ACME account belongs to (RFC 8555 section 7.3.4). The authority tells both
        values.
        """#,
        "AccountBindingConfiguration.id": #"""
        The key identifier (`kid`).
        """#,
        "AccountBindingConfiguration.key": #"""
        The HMAC key, in Base64 for URLs. It is a secret.
        """#,
    ]
}
