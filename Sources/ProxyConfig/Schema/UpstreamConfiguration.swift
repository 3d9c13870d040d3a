// A group of servers that do the same work, and how they are spoken to.

/// A group of servers that requests are spread over.
package struct UpstreamConfiguration: Sendable, Equatable {
    /// What routes call it: the key under `upstreams`. In code only; it is not a key of its own.
    package var name: String

    /// The servers, each with an address of its own. They must be there unless `discover` is.
    package var servers: [ServerConfiguration]

    /// Where more servers are found. A server that is in `servers` as well is as it is written there.
    package var discover: DiscoverConfiguration?

    /// How the server of a request is chosen.
    ///
    /// `least-busy` compares servers, eight at most, and takes the one that will answer soonest, judged by its
    /// recent response times, its failures and its requests going on; it finds slow servers by itself.
    /// `least-request` takes the one with the fewest requests going on. `round-robin` takes them in turn, `random`
    /// at random. `first` fills one server up to its `maxInFlight` before the next one gets any. `hash` sends the
    /// same key to the same server.
    ///
    /// All but `first` keep to the servers' weights.
    package var balance: Balance = .leastBusy

    /// The key of `balance: hash`, which by default is the client's address. The short form is the key alone: `cookie
    /// id`.
    package var hash: HashConfiguration?

    /// A cookie that leads clients back to their server, whatever `balance` says. `off` for none; `{}` for one with the
    /// defaults.
    package var sticky: StickyConfiguration?

    /// How long the share of a server grows that has been down or is new, so that cold caches are not overrun: from a
    /// twentieth to the whole, in equal steps. `0s` gives it the whole at once.
    package var slowStart: Duration = .zero

    /// When a smaller share than this of the servers is well (backups aside), backups serve too, and if none of them is
    /// well, all servers do, ill or not: the fault may be that of the checks. With `0%` that happens only when none is
    /// well. Servers that are draining or in maintenance do not count, and never serve.
    package var panicThreshold: Int = 10

    /// How long the requests of a server may go on that is being drained. Then they are cut. `off` for any time.
    package var drainTimeout: Duration? = .seconds(30)

    /// Checks of the servers. `off` for none, so that only `ejection` notices failures; `{}` asks for `/` with the
    /// defaults. The short form is the path to ask for: `/healthz`.
    package var check: CheckConfiguration?

    /// Agents on the servers' hosts that say how much the servers want to do. `off` for none.
    package var agent: AgentConfiguration?

    /// When a server is left alone for the failures that requests have met there. `off` for never.
    package var ejection: EjectionConfiguration? = EjectionConfiguration()

    /// How long connecting to a server may take before the next one is tried.
    package var connectTimeout: Duration = .seconds(2)

    /// How long a request may wait for the first byte of its response, from the end of the request on, and over all
    /// tries. After that it is answered with 504.
    package var responseTimeout: Duration = .seconds(60)

    /// How long a server may pause within its response while the client takes what comes. After that the response is
    /// cut. Raise it, or turn it `off`, for servers that send events now and then.
    package var stallTimeout: Duration? = .seconds(60)

    /// When a request that has failed is sent again. `off` for never.
    package var retry: RetryConfiguration? = RetryConfiguration()

    /// When a request is sent to a second server because the first is slow. `off` for never.
    package var hedge: HedgeConfiguration?

    /// How requests wait when no server can take them.
    package var queue = QueueConfiguration()

    /// Limits for all servers of the upstream together.
    package var breaker = BreakerConfiguration()

    /// How long the addresses of a host name are used before it is looked up again.
    package var resolveInterval: Duration = .seconds(10)

    /// The connections to servers that are kept for later requests.
    package var pool = PoolConfiguration()

    /// TLS to the servers. `off` for none; `{}` for the defaults, which verify them.
    package var tls: UpstreamTLSConfiguration?

    /// What is spoken with the servers: `http1` is HTTP/1.1. `h2` is HTTP/2: over TLS a server must choose it (ALPN), without TLS
    /// it must know (prior knowledge). `h2c` says the latter, and is for upstreams without `tls`. With `auto` servers choose
    /// over TLS, and without it it is `http1`. Servers of gRPC need `h2` or `h2c`.
    package var `protocol`: UpstreamProtocolName = .http1

    /// How HTTP/2 is spoken with the servers.
    package var http2 = UpstreamHTTP2Configuration()

    /// What holds for calls of gRPC. They pass without a setting; their servers need `protocol: h2` or `h2c`.
    package var grpc = GRPCConfiguration()

    /// The version of the PROXY protocol with which servers are told, at the start of each connection, who the client
    /// is. With it a connection serves one client alone, and is not kept for others. `off` for none.
    package var proxyProtocol: ProxyProtocolForm?

    /// What responses do not show of the servers, for routes that say nothing of it. `off` for nothing. Without it, what the
    /// top level says counts.
    package var hideOrigin: HideOriginConfiguration??

    /// A time in which requests for it are answered with a page, besides what `maintenance` at the top says. A route may say
    /// something else. Its servers are watched as usual.
    package var maintenance: MaintenanceConfiguration?

    /// The upstream `name` with these servers and the defaults for the rest.
    package init(name: String, servers: [ServerConfiguration]) {
        self.name = name
        self.servers = servers
    }
}

/// A version of the PROXY protocol.
package enum ProxyProtocolForm: String, Sendable, CaseIterable {
    /// A line of text.
    case v1
    /// Binary.
    case v2
}

extension UpstreamConfiguration: Section {
    static let noun = "an upstream"
    static var blank: UpstreamConfiguration { UpstreamConfiguration(name: "", servers: []) }

    static var keys: [Key<UpstreamConfiguration>] {
        [
            Key("servers", \.servers, .some(of: .shorthand(\.address, .serverAddress))),
            Key("discover", \.discover, .optional(.section())),
            Key("balance", \.balance, .choice(otherWords: Balance.otherWords)),
            Key("hash", \.hash, .optional(.shorthand(\.key, .hashKey))),
            Key("sticky", \.sticky, .word("off", or: .section())),
            Key("slowStart", \.slowStart, .duration(.zero ... .hours(1))),
            Key("panicThreshold", \.panicThreshold, .percent(0...100)),
            Key("drainTimeout", \.drainTimeout, .word("off", or: .duration(.milliseconds(1) ... .hours(24)))),
            Key("check", \.check, .word("off", or: .shorthand(\.path, .requestPath))),
            Key("agent", \.agent, .word("off", or: .section())),
            Key("ejection", \.ejection, .word("off", or: .section())),
        ] + exchangeKeys
    }

    /// The keys about a single exchange.
    private static var exchangeKeys: [Key<UpstreamConfiguration>] {
        [
            Key("connectTimeout", \.connectTimeout, .duration(.milliseconds(1) ... .hours(1))),
            Key("responseTimeout", \.responseTimeout, .duration(.milliseconds(1) ... .hours(24))),
            Key("stallTimeout", \.stallTimeout, .word("off", or: .duration(.milliseconds(1) ... .hours(24)))),
            Key("retry", \.retry, .word("off", or: .section())),
            Key("hedge", \.hedge, .word("off", or: .section())),
            Key("queue", \.queue, .section()),
            Key("breaker", \.breaker, .section()),
            Key("resolveInterval", \.resolveInterval, .duration(.milliseconds(100) ... .hours(24))),
            Key("pool", \.pool, .section()),
            Key("tls", \.tls, .word("off", or: .section())),
            Key(
                "protocol", \.protocol,
                .choice(otherWords: UpstreamProtocolName.otherWords, advice: UpstreamProtocolName.advice)),
            Key("http2", \.http2, .section(insteadOfWord: "write 'protocol: h2' to have HTTP/2 spoken with servers")),
            Key("grpc", \.grpc, .section(insteadOfWord: "calls pass without a setting; write 'protocol: h2' or 'h2c'")),
            Key("proxyProtocol", \.proxyProtocol, .word("off", or: .choice())),
            Key("hideOrigin", \.hideOrigin, .optional(.word("off", or: .section()))),
            Key("maintenance", \.maintenance, .word("off", or: .section())),
        ]
    }
}
