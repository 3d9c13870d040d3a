// Copies of a route's requests for another upstream.

/// A second upstream that gets a copy of some of a route's requests, to try a new version with real traffic. What it answers is
/// dropped, and nothing that it does is noticed by clients: a copy is sent when the request has come whole, never sent again,
/// and never waited for. Calls of gRPC, WebSockets and other upgrades are not copied.
package struct MirrorConfiguration: Sendable, Equatable {
    /// The upstream that gets the copies, one of `upstreams`.
    package var to: String

    /// How many of the requests are copied. Which ones is left to chance.
    package var share: Int = 100

    /// The most content that a request may have whose copy is sent; a larger one is not copied, and counted.
    package var content: Int = 64 << 10

    /// The most copies at a time, from the request's head to the end of what the upstream answers, over all loops. A request
    /// beyond that is not copied, and counted.
    package var inFlight: Int = 100

    /// How long a copy may take, the time for its content to come included. Then it is given up.
    package var timeout: Duration = .seconds(10)

    /// Copies of all requests for `to`.
    package init(to: String) {
        self.to = to
    }
}

extension MirrorConfiguration: Section {
    static let noun = "mirror"
    static var blank: MirrorConfiguration { MirrorConfiguration(to: "") }

    static var keys: [Key<MirrorConfiguration>] {
        [
            Key("to", \.to, .upstreamName, required: true),
            Key("share", \.share, .percent(1...100)),
            Key("content", \.content, .size(0...(1 << 20))),
            Key("inFlight", \.inFlight, .integer(1...10_000)),
            Key("timeout", \.timeout, .duration(.milliseconds(10) ... .minutes(10))),
        ]
    }
}
