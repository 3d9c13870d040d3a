// A group of servers that do the same work, and how they are spoken to.

/// A group of servers that requests are spread over.
package struct UpstreamConfiguration: Sendable, Equatable {
    /// What routes call it: the key under `upstreams`. In code only; it is not a key of its own.
    package var name: String

    /// The servers, each with an address of its own.
    package var servers: [ServerConfiguration]

    /// How long connecting to a server may take before the next one is tried.
    package var connectTimeout: Duration = .seconds(2)

    /// How long a server may take from the end of the request to the first byte of its response. After that the
    /// request is answered with 504.
    package var responseTimeout: Duration = .seconds(60)

    /// How long a server may pause within its response while the client takes what comes. After that the response is
    /// cut. Raise it, or turn it `off`, for servers that send events now and then.
    package var stallTimeout: Duration? = .seconds(60)

    /// How many servers, or addresses of one, are tried for a request when no connection can be made. After that the
    /// request is answered with 502.
    package var connectAttempts: Int = 3

    /// How long the addresses of a host name are used before it is looked up again.
    package var resolveInterval: Duration = .seconds(10)

    /// The connections to servers that are kept for later requests.
    package var pool = PoolConfiguration()

    /// The upstream `name` with these servers and the defaults for the rest.
    package init(name: String, servers: [ServerConfiguration]) {
        self.name = name
        self.servers = servers
    }
}

extension UpstreamConfiguration: Section {
    static let noun = "an upstream"
    static var blank: UpstreamConfiguration { UpstreamConfiguration(name: "", servers: []) }

    static var keys: [Key<UpstreamConfiguration>] {
        [
            Key("servers", \.servers, .list(of: .shorthand(\.address, .serverAddress), minimum: 1), required: true),
            Key("connectTimeout", \.connectTimeout, .duration(.milliseconds(1) ... .hours(1))),
            Key("responseTimeout", \.responseTimeout, .duration(.milliseconds(1) ... .hours(24))),
            Key("stallTimeout", \.stallTimeout, .word("off", or: .duration(.milliseconds(1) ... .hours(24)))),
            Key("connectAttempts", \.connectAttempts, .integer(1...10)),
            Key("resolveInterval", \.resolveInterval, .duration(.milliseconds(100) ... .hours(24))),
            Key("pool", \.pool, .section()),
        ]
    }
}
