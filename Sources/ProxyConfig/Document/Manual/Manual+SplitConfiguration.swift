// Generated from the doc comments in Sources/ProxyConfig/Schema by dev/schema. Do not edit.

extension Manual {
    static let splitConfiguration: [String: String] = [
        "SplitConfiguration": #"""
        Upstreams that share a route's requests. Which one gets a request depends on whom it comes from, so that a client stays with
        the one that it has had; a change of weights moves as few of them as it can. When no server of that upstream can be
        reached, the request is answered as such: it does not go to another one.
        """#,
        "SplitConfiguration.key": #"""
        What is the same for all requests that are to go to the same upstream: `client-address`, `path`, `header NAME`,
        `cookie NAME` or `query NAME`; a request without that is placed by its client's address. `random` places each by itself.
        """#,
        "SplitConfiguration.override": #"""
        A header field that names the upstream, for trying one on purpose: `X-Upstream: api-next`. It comes before everything
        else; a name that is not one of these upstreams is as good as none. Whoever knows a name can send it.
        """#,
        "SplitConfiguration.sticky": #"""
        A cookie that keeps a client at the upstream that it has had first, even when weights or addresses change. Its name must
        differ from those of the upstreams' own cookies.
        """#,
        "SplitConfiguration.upstreams": #"""
        The upstreams by their names, each with its weight: of 90 and 10, the first gets nine in ten. One of weight 0 gets only
        what `override` or a cookie sends there.
        """#,
    ]
}
