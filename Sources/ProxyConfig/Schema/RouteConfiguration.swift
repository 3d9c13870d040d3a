// Which requests go where.

/// A rule that sends requests to an upstream.
package struct RouteConfiguration: Sendable, Equatable {
    /// The hosts it is for, one or a list: `example.com`, or `"*.example.com"` for every name below it (in quotes,
    /// because YAML gives the bare star a meaning of its own). Without it the route is for every host.
    package var host: [String] = []

    /// The paths it is for: `/a` is that path alone, `/api/*` is `/api` and everything below it, and a `*` between
    /// two slashes stands for any one segment, as in `/users/*/photo`.
    package var path: String = "/*"

    /// The upstream that gets the requests, one of `upstreams`.
    package var upstream: String

    /// Whose turn it is first when requests wait for a server of the upstream: those of `high` before those of `normal`
    /// before those of `low`.
    package var priority: RoutePriority = .normal

    /// The protocols that requests may switch to by HTTP/1.1's `Upgrade`, as a list: `websocket`, which is the same by HTTP/2's
    /// extended CONNECT, or others by the names that clients ask for, such as `tcp` or `spdy/3.1`. From then on bytes pass
    /// both ways as they are, for up to `timeouts.tunnelIdle` of silence. A request for any other protocol is passed on
    /// without asking for it. `off` for none.
    package var upgrades: [String]? = ["websocket"]

    /// A route for `path` on `host` (empty: any) to `upstream`.
    package init(host: [String] = [], path: String = "/*", upstream: String) {
        self.host = host
        self.path = path
        self.upstream = upstream
    }
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
            Key("host", \.host, .oneOrMore(of: .host)),
            Key("path", \.path, .path),
            Key("upstream", \.upstream, .upstreamName, required: true),
            Key("priority", \.priority, .choice()),
            Key("upgrades", \.upgrades, .word("off", or: .list(of: .upgrade))),
        ]
    }
}
