// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let retryConfiguration: [String: String] = [
        "RetryConfiguration": #"""
        When a request that has failed is sent again: to a server that has not failed it, if there is one, and only as long
        as nothing of a response has gone to the client. What a server may have begun to carry out is sent again only if
        `methods` lets it, what has content only if the content has been kept.
        """#,
        "RetryConfiguration.attempts": #"""
        How many times a request is tried in all, the first included. After that the client gets what the last try came
        to, or an answer of our own: 502 or 504. If no server could be reached, the request waits in `queue` first. 1
        for no retry.
        """#,
        "RetryConfiguration.bodyFile": #"""
        How much of a request's content beyond `bodyMemory` is kept in a temporary file. `off` for nothing.
        """#,
        "RetryConfiguration.bodyMemory": #"""
        How much of a request's content is kept in memory until its response has begun. A request that is larger is
        not sent again unless `bodyFile` has room for it.
        """#,
        "RetryConfiguration.budget": #"""
        The most retries in percent of requests, so that retries do not multiply an outage. Beyond it a request that has
        failed is not tried again. A connection that could not be made is not counted, as it loads no server.
        """#,
        "RetryConfiguration.budgetFloor": #"""
        How many retries a second are allowed whatever the budget says.
        """#,
        "RetryConfiguration.grpcStatuses": #"""
        The statuses of gRPC after which a call is sent to another server, if it was answered with nothing but the status. To name
        one is to say that a call that ends with it may be sent again whatever it does, so `methods` does not matter:
        `[unavailable]` is what most servers mean by it. An answer of HTTP that is none of gRPC counts as the status that clients
        take it for, 503 as `unavailable`. `[]` for none.
        """#,
        "RetryConfiguration.longestPause": #"""
        The longest pause.
        """#,
        "RetryConfiguration.methods": #"""
        Which requests are sent again that a server may have begun to carry out: `idempotent` ones (GET, HEAD, PUT,
        DELETE, OPTIONS, TRACE), or `all`, which may do the same thing twice. A request that no server has seen, as
        no connection could be made, is always tried again.
        """#,
        "RetryConfiguration.pause": #"""
        The pause before a request goes to a server that has failed it already, as there is no other. It doubles each
        time, and is up to a half shorter at random. Another server is tried at once.
        """#,
        "RetryConfiguration.statuses": #"""
        The statuses after which another server is tried, single ones and ranges. The last try's answer goes to the
        client whatever it is. `[]` for none.
        """#,
        "RetryConfiguration.tryTimeout": #"""
        How long one try may take from the request sent to the first byte of a response. Beyond it another server is
        tried. `off` for as long as `responseTimeout`, which holds for all tries together.
        """#,
    ]
}
