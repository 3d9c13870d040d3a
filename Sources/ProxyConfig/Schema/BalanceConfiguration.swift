// How the server of a request is chosen.

/// How a server is chosen.
package enum Balance: String, Sendable, CaseIterable {
    /// The less busy of two drawn at random.
    case leastBusy = "least-busy"
    /// The one with the fewest requests.
    case leastRequest = "least-request"
    /// In turn.
    case roundRobin = "round-robin"
    /// At random.
    case random
    /// The first one with room.
    case first
    /// By a key of the request.
    case hash

    /// What other proxies call the same.
    static let otherWords: [String: Balance] = [
        "least_conn": .leastRequest, "leastconn": .leastRequest, "least-conn": .leastRequest,
        "least-connections": .leastRequest, "least_request": .leastRequest, "least_time": .leastBusy,
        "p2c": .leastBusy, "ewma": .leastBusy, "peak-ewma": .leastBusy, "rr": .roundRobin, "wrr": .roundRobin,
        "static-rr": .roundRobin, "ip_hash": .hash, "ip-hash": .hash, "source": .hash, "uri": .hash, "maglev": .hash,
        "ring-hash": .hash, "ring_hash": .hash, "consistent": .hash,
    ]
}

/// How requests find their server with `balance: hash`. Requests with the same key go to the same server; when a
/// server leaves or joins, few keys but its own move (Maglev hashing). The short form is the key alone, as in `hash:
/// cookie id`.
package struct HashConfiguration: Sendable, Equatable {
    /// What the key of a request is: `client-address`, `path` (without the query), `header NAME`, `cookie NAME`, or
    /// `query NAME` for a parameter of the query. A request that has no such header, cookie or parameter goes by its
    /// client's address.
    package var key: HashKey = .clientAddress

    /// How much of the average load a server takes before its keys spill over to another one: at `125%`, and eight
    /// requests on average at each server, no more than ten at one. Two at a time are never too many. `off` for no bound,
    /// so that a popular key can overload its server.
    package var bound: Int? = 125

    /// The defaults: by client address, with a bound.
    package init() {}
}

/// What the key of a request is taken from.
package enum HashKey: Sendable, Equatable {
    case clientAddress
    case path
    case header(String)
    case cookie(String)
    case query(String)
}

extension HashConfiguration: Section {
    static let noun = "hash"
    static var blank: HashConfiguration { HashConfiguration() }

    static var keys: [Key<HashConfiguration>] {
        [
            Key("key", \.key, .hashKey),
            Key("bound", \.bound, .word("off", or: .percent(101...1000))),
        ]
    }
}
