// One server of an upstream.
import MartletHTTPCore

/// A server. The short form is its address alone.
package struct ServerConfiguration: Sendable, Equatable {
    /// The address: `127.0.0.1:9001`, `[::1]:9001`, `app.internal:9001` (all addresses of the name are used), or
    /// `unix:/run/app.sock`.
    package var address: ServerAddress

    /// Its share of the requests: a server of weight 3 gets three times as many as one of weight 1.
    package var weight: Int = 1

    /// Whether it is kept for when the others are down: it gets requests only while none of them can serve, or fewer
    /// than `panicThreshold` says.
    package var backup: Bool = false

    /// What it starts as: `up`, `draining` (no new requests, but still checked), or `maintenance` (not checked
    /// either).
    package var state: ServerState = .up

    /// The most requests at a time, over all event loops. When every server is at its limit, requests wait in `queue`.
    /// `off` for any number.
    package var maxInFlight: Int?

    /// The most connections at a time, idle ones included, over all event loops. `off` for any number.
    package var maxConnections: Int?

    /// Who has named it. In code only; it is not a key.
    package var origin = ServerOrigin.config

    /// The server at `address`.
    package init(address: ServerAddress) {
        self.address = address
    }
}

/// Who has named a server.
package enum ServerOrigin: String, CaseIterable, Sendable {
    /// It is in the config's file.
    case config
    /// It was added at run time, until the next start.
    case runtime
    /// It was added at run time, and saved.
    case saved
    /// It was found by a name of the DNS.
    case dns
    /// It is in a file of a folder.
    case folder
}

/// What an operator wants of a server.
package enum ServerState: String, Sendable, CaseIterable {
    /// It serves when it is well.
    case up
    /// It finishes what it has.
    case draining
    /// It is being worked on.
    case maintenance

    /// What other proxies call the same.
    static let otherWords: [String: ServerState] = [
        "drain": .draining, "maint": .maintenance, "disabled": .maintenance, "down": .maintenance, "ready": .up,
        "enabled": .up,
    ]
}

extension ServerConfiguration: Section {
    static let noun = "a server"
    static var blank: ServerConfiguration { ServerConfiguration(address: .unix(path: "")) }

    static var keys: [Key<ServerConfiguration>] {
        [
            Key("address", \.address, .serverAddress, required: true),
            Key("weight", \.weight, .integer(1...1000)),
            Key("backup", \.backup, .boolean),
            Key("state", \.state, .choice(otherWords: ServerState.otherWords)),
            Key("maxInFlight", \.maxInFlight, .word("off", or: .integer(1...1_000_000))),
            Key("maxConnections", \.maxConnections, .word("off", or: .integer(1...1_000_000))),
        ]
    }
}
