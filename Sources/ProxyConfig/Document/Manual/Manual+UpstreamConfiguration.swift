// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let upstreamConfiguration: [String: String] = [
        "UpstreamConfiguration": #"""
        A group of servers that requests are spread over.
        """#,
        "UpstreamConfiguration.agent": #"""
        Agents on the servers' hosts that say how much the servers want to do. `off` for none.
        """#,
        "UpstreamConfiguration.balance": #"""
        How the server of a request is chosen.

        `least-busy` compares servers, eight at most, and takes the one that will answer soonest, judged by its
        recent response times, its failures and its requests going on; it finds slow servers by itself.
        `least-request` takes the one with the fewest requests going on. `round-robin` takes them in turn, `random`
        at random. `first` fills one server up to its `maxInFlight` before the next one gets any. `hash` sends the
        same key to the same server.

        All but `first` keep to the servers' weights.
        """#,
        "UpstreamConfiguration.breaker": #"""
        Limits for all servers of the upstream together.
        """#,
        "UpstreamConfiguration.check": #"""
        Checks of the servers. `off` for none, so that only `ejection` notices failures; `{}` asks for `/` with the
        defaults. The short form is the path to ask for: `/healthz`.
        """#,
        "UpstreamConfiguration.connectTimeout": #"""
        How long connecting to a server may take before the next one is tried.
        """#,
        "UpstreamConfiguration.discover": #"""
        Where more servers are found. A server that is in `servers` as well is as it is written there.
        """#,
        "UpstreamConfiguration.drainTimeout": #"""
        How long the requests of a server may go on that is being drained. Then they are cut. `off` for any time.
        """#,
        "UpstreamConfiguration.ejection": #"""
        When a server is left alone for the failures that requests have met there. `off` for never.
        """#,
        "UpstreamConfiguration.grpc": #"""
        What holds for calls of gRPC. They pass without a setting; their servers need `protocol: h2` or `h2c`.
        """#,
        "UpstreamConfiguration.hash": #"""
        The key of `balance: hash`, which by default is the client's address. The short form is the key alone: `cookie
        id`.
        """#,
        "UpstreamConfiguration.hedge": #"""
        When a request is sent to a second server because the first is slow. `off` for never.
        """#,
        "UpstreamConfiguration.hideOrigin": #"""
        What responses do not show of the servers, for routes that say nothing of it. `off` for nothing. Without it, what the
        top level says counts.
        """#,
        "UpstreamConfiguration.http2": #"""
        How HTTP/2 is spoken with the servers.
        """#,
        "UpstreamConfiguration.maintenance": #"""
        A time in which requests for it are answered with a page, besides what `maintenance` at the top says. A route may say
        something else. Its servers are watched as usual.
        """#,
        "UpstreamConfiguration.panicThreshold": #"""
        When a smaller share than this of the servers is well (backups aside), backups serve too, and if none of them is
        well, all servers do, ill or not: the fault may be that of the checks. With `0%` that happens only when none is
        well. Servers that are draining or in maintenance do not count, and never serve.
        """#,
        "UpstreamConfiguration.pool": #"""
        The connections to servers that are kept for later requests.
        """#,
        "UpstreamConfiguration.protocol": #"""
        What is spoken with the servers: `http1` is HTTP/1.1. `h2` is HTTP/2: over TLS a server must choose it (ALPN), without TLS
        it must know (prior knowledge). `h2c` says the latter, and is for upstreams without `tls`. With `auto` servers choose
        over TLS, and without it it is `http1`. Servers of gRPC need `h2` or `h2c`.
        """#,
        "UpstreamConfiguration.proxyProtocol": #"""
        The version of the PROXY protocol with which servers are told, at the start of each connection, who the client
        is. With it a connection serves one client alone, and is not kept for others. `off` for none.
        """#,
        "UpstreamConfiguration.queue": #"""
        How requests wait when no server can take them.
        """#,
        "UpstreamConfiguration.resolveInterval": #"""
        How long the addresses of a host name are used before it is looked up again.
        """#,
        "UpstreamConfiguration.responseTimeout": #"""
        How long a request may wait for the first byte of its response, from the end of the request on, and over all
        tries. After that it is answered with 504.
        """#,
        "UpstreamConfiguration.retry": #"""
        When a request that has failed is sent again. `off` for never.
        """#,
        "UpstreamConfiguration.servers": #"""
        The servers, each with an address of its own. They must be there unless `discover` is.
        """#,
        "UpstreamConfiguration.slowStart": #"""
        How long the share of a server grows that has been down or is new, so that cold caches are not overrun: from a
        twentieth to the whole, in equal steps. `0s` gives it the whole at once.
        """#,
        "UpstreamConfiguration.stallTimeout": #"""
        How long a server may pause within its response while the client takes what comes. After that the response is
        cut. Raise it, or turn it `off`, for servers that send events now and then.
        """#,
        "UpstreamConfiguration.sticky": #"""
        A cookie that leads clients back to their server, whatever `balance` says. `off` for none; `{}` for one with the
        defaults.
        """#,
        "UpstreamConfiguration.tls": #"""
        TLS to the servers. `off` for none; `{}` for the defaults, which verify them.
        """#,
    ]
}
