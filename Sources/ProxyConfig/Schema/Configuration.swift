// The whole file. Each section of it is a type of its own, in a file of its own, beside this one.
import MartletHTTPCore

/// The keys of the file. Only `listeners` must be there; everything else has a default. A key that is not in this
/// list is an error, as is one in the wrong place.
package struct Configuration: Sendable, Equatable {
    /// How many event loops serve, each on a thread of its own. `auto` is one per core.
    package var workers: Int?

    /// What the event loops stand on: `io_uring`, `epoll`, or what `auto` finds: `io_uring` where it works.
    package var engine: EngineChoice = .auto

    /// The account that a process which is started as root becomes once its listeners, logs and certificates are open. It keeps
    /// the right to listen on ports below 1024, and no other. What is read anew later, such as certificates, must be readable for
    /// this account.
    package var user: String?

    /// The group that it is in, instead of the account's own. The account's other groups are added.
    package var group: String?

    /// The networks whose word is taken: from a client in one of them, `X-Forwarded-*`, `Forwarded` and
    /// `X-Request-ID` are kept and added to, and `clientAddressField` says whom a request is from. From everybody else they are
    /// dropped and written anew, because anybody can claim anything in them.
    package var trustedProxies: [Network] = []

    /// The field in which `trustedProxies` say whom a request is from, such as `X-Forwarded-For`, `Forwarded` or `X-Real-IP`: the last
    /// address in it that is not of a trusted proxy is the client's, for access rules, routes, `hash`, logs and all else. `off`
    /// takes whoever has connected for the client.
    package var clientAddressField: String? = "X-Forwarded-For"

    /// Where clients connect.
    package var listeners: [ListenerConfiguration] = []

    /// Which requests go where. The order does not matter: the most exact host wins, then the longest path. A request
    /// that no route matches is answered with 404.
    package var routes: RouteList = []

    /// Who is let in, on all routes: rules, of which the first that is for a request decides. A request that no rule is for is
    /// let in. Routes may have more rules of their own, which are asked afterwards.
    package var access: [AccessRuleConfiguration] = []

    /// What clients have to do that meet a rule with `action: challenge`.
    package var challenge = ChallengeConfiguration()

    /// How clients prove who they are, on all routes that say nothing else. `off` asks nobody.
    package var auth: AuthConfiguration?

    /// A time in which nobody is served, or only some are: clients get a page instead. Routes that say `maintenance: off` are not
    /// part of it.
    package var maintenance: MaintenanceConfiguration?

    /// The groups of servers that requests are spread over, by name. A name has letters, digits, `-`, `_` and `.`.
    package var upstreams: [UpstreamConfiguration] = []

    /// Who is asked about the names of `discover`.
    package var resolvers = ResolversConfiguration()

    /// What responses do not show of the servers, for upstreams and routes that say nothing of it. `off` for nothing. Whoever
    /// says something says all of it: the keys of two places are not put together.
    package var hideOrigin: HideOriginConfiguration? = HideOriginConfiguration()

    /// What browsers are told to be careful about, on all routes that say nothing else and where there is no route. `off` for
    /// nothing; the short form is the level alone.
    package var secureHeaders: SecureHeadersConfiguration?

    /// Which pages of other sites may ask, on all routes that say nothing else and where there is no route. `off` leaves that to
    /// the servers.
    package var cors: CORSConfiguration?

    /// How responses are compressed, on all routes that say nothing else. `on` is with the defaults below, `off` not at all.
    package var compression: CompressionConfiguration?

    /// How much one client, one request, or all of them together may take.
    package var limits = LimitsConfiguration()

    /// How long anything may take.
    package var timeouts = TimeoutsConfiguration()

    /// How slow a peer may be.
    package var rates = RatesConfiguration()

    /// The record of the requests served. `off` for none.
    package var accessLog: AccessLogConfiguration? = AccessLogConfiguration()

    /// Requests that take long: told of in the log, with the time that each step took. `off` for none.
    package var slowRequests: SlowRequestsConfiguration?

    /// Traces: servers are told which trace a request belongs to, and spans are exported. `off` for none: what clients say of traces
    /// passes as it is then.
    package var tracing: TracingConfiguration?

    /// The log of the proxy itself, which goes to the standard error output.
    package var log = LogConfiguration()

    /// What is counted by name.
    package var metrics = MetricsConfiguration()

    /// The listener for operators. `off` for none. Without this section it is on a Unix socket.
    package var admin: AdminConfiguration? = AdminConfiguration()

    /// More files that belong to the config, one or a list: paths, or patterns such as `sites/*.yaml`, relative to the file that
    /// names them. They may have all keys that this one may have, this key among them. Lists go on in the order of the files, a
    /// pattern's sorted by name; sections and `upstreams` are put together; nothing may be set in two files. A pattern that no file
    /// matches makes a warning.
    package var include: [String] = []

    /// A config with the defaults for everything but these.
    package init(
        listeners: [ListenerConfiguration], routes: RouteList = [], upstreams: [UpstreamConfiguration] = []
    ) {
        self.listeners = listeners
        self.routes = routes
        self.upstreams = upstreams
    }
}

/// Which of the kernel's interfaces the event loops stand on. What clients and servers see is the same.
package enum EngineChoice: String, Sendable, CaseIterable {
    /// `io_uring` where all that is needed of it works, and `epoll` elsewhere. A line in the log says which, and why.
    case auto
    /// epoll(7), which every Linux has: a system call for each receive and send.
    case epoll
    /// io_uring(7), Linux 6.1 or later: one system call for all that happens in a turn of a loop. Containers and
    /// hardened hosts often forbid it; the proxy does not start then.
    case ioUring = "io_uring"
}

extension Configuration: Section {
    static let noun = "the file"
    static var blank: Configuration { Configuration(listeners: []) }

    static var keys: [Key<Configuration>] {
        [
            Key("workers", \.workers, .word("auto", or: .integer(1...256))),
            Key("engine", \.engine, .choice()),
            Key("user", \.user, .optional(.name)),
            Key("group", \.group, .optional(.name)),
            Key("trustedProxies", \.trustedProxies, .list(of: .network)),
            Key("clientAddressField", \.clientAddressField, .word("off", or: .fieldName)),
            Key("listeners", \.listeners, .list(of: .section(), minimum: 1), required: true),
            Key("routes", \.routes, .routes),
            Key("access", \.access, .list(of: .section())),
            Key("challenge", \.challenge, .section()),
            Key("auth", \.auth, .word("off", or: .section())),
            Key("maintenance", \.maintenance, .word("off", or: .section())),
            Key("upstreams", \.upstreams, .named(\.name)),
            Key("resolvers", \.resolvers, .section(insteadOfWord: "write 'resolvers: {addresses: [10.0.0.2]}'")),
            Key("hideOrigin", \.hideOrigin, .word("off", or: .section())),
            Key("secureHeaders", \.secureHeaders, .word("off", or: .shorthand(\.level, .secureLevel))),
            Key("cors", \.cors, .word("off", or: .section())),
            Key("compression", \.compression, .onOrOff(otherWords: CompressionConfiguration.otherWords)),
            Key("limits", \.limits, .section()),
            Key("timeouts", \.timeouts, .section()),
            Key("rates", \.rates, .section()),
            Key("accessLog", \.accessLog, .word("off", or: .section())),
            Key("slowRequests", \.slowRequests, .word("off", or: .section())),
            Key("tracing", \.tracing, .word("off", or: .section())),
            Key("log", \.log, .section()),
            Key("metrics", \.metrics, .section()),
            Key("admin", \.admin, .word("off", or: .section())),
            Key("include", \.include, .oneOrMore(of: .includedPath, minimum: 0)),
        ]
    }
}
