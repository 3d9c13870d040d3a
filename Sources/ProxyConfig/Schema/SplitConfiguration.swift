// Requests of one route for several upstreams.

/// Upstreams that share a route's requests. Which one gets a request depends on whom it comes from, so that a client stays with
/// the one that it has had; a change of weights moves as few of them as it can. When no server of that upstream can be
/// reached, the request is answered as such: it does not go to another one.
package struct SplitConfiguration: Sendable, Equatable {
    /// The upstreams by their names, each with its weight: of 90 and 10, the first gets nine in ten. One of weight 0 gets only
    /// what `override` or a cookie sends there.
    package var upstreams: [SplitShare] = []

    /// What is the same for all requests that are to go to the same upstream: `client-address`, `path`, `header NAME`,
    /// `cookie NAME` or `query NAME`; a request without that is placed by its client's address. `random` places each by itself.
    package var key: HashKey? = .clientAddress

    /// A cookie that keeps a client at the upstream that it has had first, even when weights or addresses change. Its name must
    /// differ from those of the upstreams' own cookies.
    package var sticky: StickyConfiguration?

    /// A header field that names the upstream, for trying one on purpose: `X-Upstream: api-next`. It comes before everything
    /// else; a name that is not one of these upstreams is as good as none. Whoever knows a name can send it.
    package var override: String?

    /// No upstreams.
    package init() {}
}

/// An upstream and its part of the requests.
package struct SplitShare: Sendable, Equatable {
    /// One of the upstreams.
    package let upstream: String
    /// Its part of the sum of all weights.
    package let weight: Int

    /// `weight` for the upstream called `upstream`.
    package init(upstream: String, weight: Int) {
        self.upstream = upstream
        self.weight = weight
    }
}

extension SplitConfiguration: Section {
    static let noun = "a split"
    static var blank: SplitConfiguration { SplitConfiguration() }

    static var keys: [Key<SplitConfiguration>] {
        [
            Key("upstreams", \.upstreams, .shares, required: true),
            Key("key", \.key, .word("random", or: .hashKey)),
            Key("sticky", \.sticky, .optional(.section())),
            Key("override", \.override, .optional(.fieldName)),
        ]
    }
}
