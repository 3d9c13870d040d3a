// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let queueConfiguration: [String: String] = [
        "QueueConfiguration": #"""
        How requests wait when no server can take them. They go on in the order of their routes' `priority`, and among the
        same in the order in which they came. One whose client leaves, leaves the queue.
        """#,
        "QueueConfiguration.noServerTimeout": #"""
        How long a request waits while there is no server that it could be sent to, or none that can be reached: a restart
        of all servers that takes less disturbs nobody. Beyond it: 503 with `Retry-After`. With `0s` it is answered at
        once: 503, or 502 when the servers could not be reached.
        """#,
        "QueueConfiguration.saturatedTimeout": #"""
        How long a request waits while every server has as many requests as `maxInFlight` allows, or a limit of `breaker`
        is reached. Beyond it: 503 with `Retry-After`.
        """#,
        "QueueConfiguration.size": #"""
        How many requests may wait at a time, over all event loops. Beyond it: 503 with `Retry-After`. 0 lets none wait.
        """#,
    ]
}
