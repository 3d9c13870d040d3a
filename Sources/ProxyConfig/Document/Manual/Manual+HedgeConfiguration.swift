// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let hedgeConfiguration: [String: String] = [
        "HedgeConfiguration": #"""
        When an idempotent request is sent to a second server because the first is slow; the first response wins. Hedges
        count as retries: the budget of `retry` holds for them too.
        """#,
        "HedgeConfiguration.leastTime": #"""
        The least time before the second server is asked.
        """#,
        "HedgeConfiguration.longestTime": #"""
        The longest time before the second server is asked.
        """#,
        "HedgeConfiguration.percentile": #"""
        How slow is slow, as a percentile of the upstream's recent response times: with 99, about one request in a
        hundred is sent twice.
        """#,
    ]
}
