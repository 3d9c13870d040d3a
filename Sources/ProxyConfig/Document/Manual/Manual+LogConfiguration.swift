// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let logConfiguration: [String: String] = [
        "LogConfiguration": #"""
        How the proxy tells what happens to itself, on the standard error output.
        """#,
        "LogConfiguration.level": #"""
        The least important messages that are written.
        """#,
    ]
}
