// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let routeConfiguration: [String: String] = [
        "RouteConfiguration": #"""
        A rule that sends requests to an upstream.
        """#,
        "RouteConfiguration.host": #"""
        The hosts it is for, one or a list: `example.com`, or `"*.example.com"` for every name below it (in quotes,
        because YAML gives the bare star a meaning of its own). Without it the route is for every host.
        """#,
        "RouteConfiguration.path": #"""
        The paths it is for: `/a` is that path alone, `/api/*` is `/api` and everything below it, and a `*` between
        two slashes stands for any one segment, as in `/users/*/photo`.
        """#,
        "RouteConfiguration.priority": #"""
        Whose turn it is first when requests wait for a server of the upstream: those of `high` before those of `normal`
        before those of `low`.
        """#,
        "RouteConfiguration.upgrades": #"""
        The protocols that requests may switch to by HTTP/1.1's `Upgrade`, as a list: `websocket`, which is the same by HTTP/2's
        extended CONNECT, or others by the names that clients ask for, such as `tcp` or `spdy/3.1`. From then on bytes pass
        both ways as they are, for up to `timeouts.tunnelIdle` of silence. A request for any other protocol is passed on
        without asking for it. `off` for none.
        """#,
        "RouteConfiguration.upstream": #"""
        The upstream that gets the requests, one of `upstreams`.
        """#,
    ]
}
