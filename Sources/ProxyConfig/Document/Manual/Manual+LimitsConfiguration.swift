// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let limitsConfiguration: [String: String] = [
        "LimitsConfiguration": #"""
        How much one client, one request, or all of them together may take. What goes beyond is answered with the status
        named.
        """#,
        "LimitsConfiguration.bufferMemory": #"""
        The most memory for buffers, of all event loops together. When it is used up, new connections are answered
        with 503 and reading waits.
        """#,
        "LimitsConfiguration.bufferedRequests": #"""
        The most content of requests that are being read before a server is chosen (`bufferRequest`), of all requests together.
        Beyond it: 503.
        """#,
        "LimitsConfiguration.compressionMemory": #"""
        The most memory for compressing responses, of all event loops together: 264 KiB a response for gzip, 1.5 MiB for zstd, 2 MiB
        for br with its usual level; less for gzip and zstd if a response is known to be short. Beyond it responses are not
        compressed.
        """#,
        "LimitsConfiguration.connections": #"""
        The most connections of clients at a time, over all listeners. Beyond it: 503, and the connection is closed.
        """#,
        "LimitsConfiguration.connectionsPerClient": #"""
        The most connections from one client address at a time. Beyond it: 503, and the connection is closed. `off`
        for any number.
        """#,
        "LimitsConfiguration.fileThreads": #"""
        How many threads wait for disks when files are served (`files`), so that event loops need not.
        """#,
        "LimitsConfiguration.handshakeRatePerClient": #"""
        How many TLS handshakes one client address may begin in a second. Beyond it connections are closed. `off` for any
        number.
        """#,
        "LimitsConfiguration.handshakes": #"""
        The most TLS handshakes of clients that are going on at a time, over all listeners. Beyond it connections are
        closed.
        """#,
        "LimitsConfiguration.handshakesPerClient": #"""
        The same with one client address.
        """#,
        "LimitsConfiguration.openFiles": #"""
        The most files that are open for clients at a time (`files`), or waited for, of all event loops together. Beyond it: 503.
        """#,
        "LimitsConfiguration.replayFiles": #"""
        The most space for files that hold requests which may have to be sent again (`retry.bodyFile`), of all requests
        together. They lie, without a name, in the folder that `TMPDIR` names, else in `/var/tmp` or `/tmp`. Requests
        beyond it are passed on but not kept.
        """#,
        "LimitsConfiguration.requestBody": #"""
        The largest content of a request. Beyond it: 413. `off` for any size.
        """#,
        "LimitsConfiguration.requestFields": #"""
        The most field lines of a request. Beyond it: 431.
        """#,
        "LimitsConfiguration.requestHead": #"""
        The largest request head: request line and fields together. Beyond it: 431.
        """#,
        "LimitsConfiguration.requestsPerConnection": #"""
        How many requests a client may make on one connection before it is closed. `off` for any number.
        """#,
        "LimitsConfiguration.responseFields": #"""
        The most field lines of a response. A server that sends more is answered for with 502.
        """#,
        "LimitsConfiguration.responseHead": #"""
        The largest response head. A server that sends more is answered for with 502.
        """#,
        "LimitsConfiguration.servers": #"""
        How many servers there is room for, those included that are added while Martlet runs, and those that have been removed and
        still finish what they have begun. `auto` is 4096, or twice as many as there are at the start if that is more. It takes
        effect at a start. Servers that are found (`discover`) count as many as there may be.
        """#,
        "LimitsConfiguration.suspendedRequests": #"""
        The most requests, of all event loops together, that wait until it is known whether their clients may come in (`auth`).
        Beyond it: 503.
        """#,
        "LimitsConfiguration.upstreams": #"""
        How many upstreams there is room for, in the same way. `auto` is 1024, or twice as many as there are at the start if that
        is more.
        """#,
        "LimitsConfiguration.uri": #"""
        The longest request target: path and query. Beyond it: 414.
        """#,
    ]
}
