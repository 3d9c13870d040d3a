// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let slowRequestsConfiguration: [String: String] = [
        "SlowRequestsConfiguration": #"""
        Which requests are told of in the log, with the time that each step took.
        """#,
        "SlowRequestsConfiguration.over": #"""
        How long a request has to take, from its head to the end of its response.
        """#,
        "SlowRequestsConfiguration.perSecond": #"""
        The most that each event loop tells of in a second. All are counted.
        """#,
    ]
}
