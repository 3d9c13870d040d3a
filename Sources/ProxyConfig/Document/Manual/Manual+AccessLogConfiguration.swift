// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let accessLogConfiguration: [String: String] = [
        "AccessLogConfiguration": #"""
        How requests are recorded. Lines are written in the background; no request ever waits for the log.
        """#,
        "AccessLogConfiguration.file": #"""
        Where lines go: `stdout`, or the path of a file, which is appended to and opened anew at SIGUSR1.
        """#,
        "AccessLogConfiguration.format": #"""
        How a line looks: `json` is one object per line, `combined` is the format of Apache and nginx.
        """#,
        "AccessLogConfiguration.queue": #"""
        How many bytes may wait to be written. Lines beyond are dropped and counted.
        """#,
    ]
}
