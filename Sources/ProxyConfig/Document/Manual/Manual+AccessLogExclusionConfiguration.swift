// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let accessLogExclusionConfiguration: [String: String] = [
        "AccessLogExclusionConfiguration": #"""
        Requests that have no line in the access log.
        """#,
        "AccessLogExclusionConfiguration.host": #"""
        The hosts that they are for, one or a list; written as those of routes.
        """#,
        "AccessLogExclusionConfiguration.path": #"""
        Their paths, one or a list; written as those of routes.
        """#,
        "AccessLogExclusionConfiguration.statuses": #"""
        The statuses that they are answered with, such as `200` or `200-399`, one or a list. Without it all.
        """#,
        "AccessLogExclusionConfiguration.when": #"""
        What else they must be like.
        """#,
    ]
}
