// Which requests go where.
import MartletHTTPCore

/// A rule that sends requests to an upstream. It is for those that have all that it asks for; [routing.md](routing.md) says which
/// route is taken when several are for a request.
package struct RouteConfiguration: Sendable, Equatable {
    /// What it is called in logs and metrics: letters, digits, `-`, `_` and `.`. Without it that is what it is for, such as
    /// `example.com/api/*`. Several routes may have the same name: they are counted as one.
    package var name: String?

    /// The hosts it is for, one or a list: `example.com`, or `"*.example.com"` for every name below it (in quotes,
    /// because YAML gives the bare star a meaning of its own). Without it the route is for every host.
    package var host: [String] = []

    /// The paths it is for: `/a` is that path alone, `/api/*` is `/api` and everything below it, and a `*` between
    /// two slashes stands for any one segment, as in `/users/*/photo`; so does a name in braces, as in `/users/{id}/*`.
    /// Case matters. `%` with two digits is the character that it stands for.
    package var path: String = "/*"

    /// The paths it is for as a regular expression in the syntax of RE2, in place of `path`. It may match anywhere in the path
    /// unless it says `^` or `$`, as in `^/v[0-9]+/.*\.json$`, and takes linear time whatever a client sends. At most 1 KiB.
    package var regex: String?

    /// The methods it is for, one or a list. Without it the route is for all; `GET` alone is not for `HEAD`.
    package var methods: [String] = []

    /// Whether it is for requests that have come over TLS, `https`, or without, `http`. Without it the route is for both.
    package var scheme: RouteScheme?

    /// Header fields that a request must have, by their names: each with its value, or a test of it. Where a field has several
    /// lines, one of them has to do.
    package var headers: [ValueMatchConfiguration] = []

    /// Parameters that the query must have, by their names: each with its value, or a test of it. Both are compared decoded.
    package var query: [ValueMatchConfiguration] = []

    /// Cookies that a request must have, by their names: each with its value, or a test of it.
    package var cookies: [ValueMatchConfiguration] = []

    /// Parts of the certificate by which a client has proved who it is (`clientCertificates` of the listener's `tls`), each with its
    /// value, or a test of it: `subject` as RFC 4514 writes it, `dns` and `uri` for one of the alternative names, and `fingerprint`, the
    /// SHA-256 in small hexadecimal digits. A client without a certificate has no part.
    package var certificate: [ValueMatchConfiguration] = []

    /// The networks that its clients are in, one or a list. What counts is the address of the connection, or the one that the
    /// PROXY protocol says.
    package var clients: [Network] = []

    /// Conditions of which at least one must hold, beside all of the above.
    package var any: [ConditionConfiguration] = []

    /// Conditions that must all hold.
    package var all: [ConditionConfiguration] = []

    /// Conditions of which none may hold, one or a list.
    package var not: [ConditionConfiguration] = []

    /// What becomes of paths with an encoded slash or backslash, `%2F` or `%5C`: `refuse` answers with 400, because some servers
    /// take them for slashes and others do not; `keep` passes them on as they are, for servers that do not.
    package var encodedSlashes: EncodedSlashes = .refuse

    /// The upstream that gets the requests, one of `upstreams`. A route has this, `split`, `redirect`, `respond` or
    /// `files`.
    package var upstream: String = ""

    /// Several upstreams that get the requests, each its share: to try a new version with a few clients.
    @Seldom package var split: SplitConfiguration?

    /// A second upstream that gets a copy of the requests, or of a share of them, and whose answers are dropped. The short form
    /// is the upstream's name alone.
    @Seldom package var mirror: MirrorConfiguration?

    /// Whose turn it is first when requests wait for a server of the upstream: those of `high` before those of `normal`
    /// before those of `low`.
    package var priority: RoutePriority = .normal

    /// The protocols that requests may switch to by HTTP/1.1's `Upgrade`, as a list: `websocket`, which is the same by HTTP/2's
    /// extended CONNECT, or others by the names that clients ask for, such as `tcp` or `spdy/3.1`. From then on bytes pass
    /// both ways as they are, for up to `timeouts.tunnelIdle` of silence. A request for any other protocol is passed on
    /// without asking for it. `off` for none.
    package var upgrades: [String]? = ["websocket"]

    /// Who is let in, behind the rules for all routes: more rules, of which the first that is for a request decides.
    package var access: [AccessRuleConfiguration] = []

    /// How clients prove who they are, in place of what `auth` at the top says. `off` asks nobody.
    @Seldom package var auth: AuthConfiguration??

    /// A time in which its requests are answered with a page, besides what `maintenance` at the top says. `off` for none, whatever
    /// the top and the upstream say.
    @Seldom package var maintenance: MaintenanceConfiguration??

    /// Where clients are sent instead of an upstream. The short form is the address alone.
    @Seldom package var redirect: RedirectConfiguration?

    /// What Martlet answers by itself, instead of an upstream.
    @Seldom package var respond: RespondConfiguration?

    /// The files that are served, instead of an upstream. The short form is their folder alone.
    @Seldom package var files: FilesConfiguration?

    /// With which target and host servers get the requests.
    @Seldom package var rewrite: RewriteConfiguration?

    /// What becomes of the fields of requests on their way to servers.
    package var requestFields = RequestFieldsConfiguration()

    /// What becomes of the fields of responses, those of Martlet itself included.
    package var responseFields = ResponseFieldsConfiguration()

    /// What responses do not show of the servers. `off` for nothing. Without it, what the upstream says counts, or else what
    /// the top level says.
    @Seldom package var hideOrigin: HideOriginConfiguration??

    /// What browsers are told to be careful about, in place of what the top level says. `off` for nothing.
    package var secureHeaders: SecureHeadersConfiguration??

    /// Which pages of other sites may ask, in place of what the top level says. `off` leaves that to the servers.
    @Seldom package var cors: CORSConfiguration??

    /// How much a request may take.
    package var limits = RouteLimitsConfiguration()

    /// How long anything may take.
    package var timeouts = RouteTimeoutsConfiguration()

    /// How slow a client may be.
    package var rates = RouteRatesConfiguration()

    /// Whether requests are read as a whole before a server is chosen. `on` is with the defaults.
    @Seldom package var bufferRequest: BufferRequestConfiguration?

    /// What is changed in the content of servers' responses.
    @Seldom package var responseBody: ResponseBodyConfiguration?

    /// How responses are compressed, in place of what `compression` at the top says, all of it: the keys of two places are not put
    /// together. `on` is with the defaults, `off` not at all.
    @Seldom package var compression: CompressionConfiguration??

    /// Whether calls of gRPC-Web, which browsers can make, become calls of gRPC: a `POST` whose content is
    /// `application/grpc-web` or `application/grpc-web-text`. Other requests pass as they are. The upstream's servers must
    /// be spoken to by HTTP/2 (`protocol`).
    package var grpcWeb: Bool = false

    /// Which of its new traces are recorded, in place of what `tracing` at the top says. `off` leaves its requests out of traces:
    /// what clients say of them passes as it is.
    @Seldom package var tracing: RouteTracingConfiguration??

    /// All that may get its requests.
    package var upstreams: [String] { split?.upstreams.map(\.upstream) ?? (upstream.isEmpty ? [] : [upstream]) }

    /// Whether it says nothing but what it is called, for which hosts and paths it is, and which upstream gets its requests.
    package var isPlain: Bool {
        var rest = self
        (rest.name, rest.host, rest.path, rest.upstream) = (nil, [], Self.plain.path, "")
        return rest == Self.plain
    }

    private static let plain = RouteConfiguration(upstream: "")

    /// Whether it names files, or what else is looked for outside of the config.
    fileprivate var hasParts: Bool {
        !access.isEmpty || auth != nil || maintenance != nil || files != nil || compression != nil
    }

    /// A route for `path` on `host` (empty: any) to `upstream`.
    package init(host: [String] = [], path: String = "/*", upstream: String) {
        self.host = host
        self.path = path
        self.upstream = upstream
    }
}

extension Configuration {
    /// The places of the routes that say something of access, authentication, maintenance, files or compression. Few do, and
    /// whoever looks after that need not look at all the others.
    package var routesWithParts: [Int] {
        routes.indices.filter { !routes.entries[$0].isPlain && routes.entries[$0].route.hasParts }
    }
}

/// How requests have come.
package enum RouteScheme: String, Sendable, CaseIterable {
    /// In clear.
    case http
    /// Over TLS.
    case https
}

/// What is done about slashes that are percent-encoded.
package enum EncodedSlashes: String, Sendable, CaseIterable {
    /// The request is refused.
    case refuse
    /// They are part of a segment.
    case keep
}

/// Which requests come first when several wait.
package enum RoutePriority: String, Sendable, CaseIterable {
    /// Before the others.
    case high
    /// As usual.
    case normal
    /// After the others.
    case low
}

extension RouteConfiguration: Section {
    static let noun = "a route"
    static var blank: RouteConfiguration { RouteConfiguration(upstream: "") }

    static var keys: [Key<RouteConfiguration>] {
        [
            Key("name", \.name, .optional(.name)),
            Key("host", \.host, .oneOrMore(of: .host)),
            Key("path", \.path, .path),
            Key("regex", \.regex, .optional(.expression)),
            Key("upstream", \.upstream, .routeUpstream),
            Key("split", \.split, .optional(.section())),
            Key("mirror", \.mirror, .optional(.shorthand(\.to, .upstreamName))),
            Key("priority", \.priority, .choice()),
            Key("auth", \.auth, .optional(.word("off", or: .section()))),
            Key("access", \.access, .list(of: .section())),
            Key("maintenance", \.maintenance, .optional(.word("off", or: .section()))),
            Key("upgrades", \.upgrades, .word("off", or: .list(of: .upgrade))),
            Key("methods", \.methods, .oneOrMore(of: .method)),
            Key("scheme", \.scheme, .optional(.choice())),
            Key("headers", \.headers, .matches(.field)),
            Key("query", \.query, .matches(.parameter)),
            Key("cookies", \.cookies, .matches(.cookie)),
            Key("certificate", \.certificate, .matches(.certificate)),
            Key("clients", \.clients, .oneOrMore(of: .network)),
            Key("any", \.any, .some(of: .section())),
            Key("all", \.all, .some(of: .section())),
            Key("not", \.not, .oneOrMore(of: .section())),
            Key("encodedSlashes", \.encodedSlashes, .choice()),
        ] + actionKeys
    }

    /// The keys about what is done with requests and responses.
    private static var actionKeys: [Key<RouteConfiguration>] {
        [
            Key("redirect", \.redirect, .optional(.shorthand(\.to, .location))),
            Key("respond", \.respond, .optional(.section())),
            Key("files", \.files, .optional(.shorthand(\.root, .folderPath))),
            Key("rewrite", \.rewrite, .optional(.section())),
            Key("requestFields", \.requestFields, .section()),
            Key("responseFields", \.responseFields, .section()),
            Key("hideOrigin", \.hideOrigin, .optional(.word("off", or: .section()))),
            Key("secureHeaders", \.secureHeaders, .optional(.word("off", or: .shorthand(\.level, .secureLevel)))),
            Key("cors", \.cors, .optional(.word("off", or: .section()))),
            Key("limits", \.limits, .section()),
            Key("timeouts", \.timeouts, .section()),
            Key("rates", \.rates, .section()),
            Key("bufferRequest", \.bufferRequest, .onOrOff(otherWords: [:])),
            Key("responseBody", \.responseBody, .optional(.section())),
            Key(
                "compression", \.compression, .optional(.onOrOff(otherWords: CompressionConfiguration.otherWords))),
            Key("grpcWeb", \.grpcWeb, .boolean),
            Key("tracing", \.tracing, .optional(.word("off", or: .section()))),
        ]
    }
}
