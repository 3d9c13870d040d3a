// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let logConfiguration: [String: String] = [
        "LogConfiguration": #"""
        How the proxy tells what happens to itself, on the standard error output.
        """#,
        "LogConfiguration.format": #"""
        What lines are. A change takes effect with a restart.

        `text` is the time, the level, the message, and `key=value` behind it; without the time, and with the level as a number, for systemd's journal. `json` is an object in each line.
        """#,
        "LogConfiguration.level": #"""
        The least important messages that are written.
        """#,
    ]
}
