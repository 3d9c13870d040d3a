// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let adminConfiguration: [String: String] = [
        "AdminConfiguration": #"""
        The listener for operators, with `/healthz` and `/metrics`. Keep it away from clients.
        """#,
        "AdminConfiguration.address": #"""
        The address, written as that of a listener.
        """#,
    ]
}
