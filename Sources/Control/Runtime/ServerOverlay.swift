// Servers that an operator adds, removes and changes while Martlet runs, laid over what the config says. Pure.
import MartletHTTPCore
import MartletProxyConfig

/// What differs from the config.
struct ServerOverlay: Equatable, Sendable {
    /// A server of an upstream, by its address.
    struct Key: Hashable, Sendable {
        let upstream: String
        let server: ServerAddress
    }

    /// What there is to be said of a server.
    struct Attributes: Equatable, Sendable {
        var weight = 1
        var backup = false
        var state = ServerState.up
        var maxInFlight: Int?
        var maxConnections: Int?
    }

    /// A difference.
    struct Entry: Equatable, Sendable {
        let key: Key
        /// What the server is to be; `nil` for one that is removed.
        var wanted: Attributes?
        /// What the config said when the difference was made; `nil` if it had no such server. Only as long as it says that
        /// does the difference count: whoever edits a server in the file wants that to be in force.
        var basis: Attributes?
    }

    /// What becomes of a difference.
    enum Fate: Equatable, Sendable {
        case inForce
        /// The config says the same.
        case needless
        /// The config has another word for the server than when the difference was made.
        case overruled
        /// There is no such upstream, or no such server in it.
        case dormant
        /// Without the server its upstream would have none.
        case lastServer
    }

    /// The most differences that there may be.
    static let limit = 10_000

    private(set) var entries: [Entry] = []
    private var places: [Key: Int] = [:]

    /// The difference for a server, if there is one.
    subscript(key: Key) -> Entry? { places[key].map { entries[$0] } }

    /// Says what a server is to be from now on.
    /// - Parameters:
    ///   - wanted: `nil` for one that is removed.
    ///   - basis: what the config says of it.
    /// - Returns: `false` when there are too many differences already.
    mutating func set(_ key: Key, wanted: Attributes?, basis: Attributes?) -> Bool {
        remove(key)
        if wanted == basis { return true }
        if entries.count >= Self.limit { return false }
        append(Entry(key: key, wanted: wanted, basis: basis))
        return true
    }

    /// Takes over what another overlay says of a server, be it nothing.
    mutating func copy(_ key: Key, from other: ServerOverlay) {
        remove(key)
        if let entry = other[key] { append(entry) }
    }

    /// Adds a difference for a server that has none.
    mutating func append(_ entry: Entry) {
        places[entry.key] = entries.count
        entries.append(entry)
    }

    private mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        entries.remove(at: place)
        for index in place..<entries.count { places[entries[index].key] = index }
    }

    /// The config with all differences that count, and what becomes of each.
    func applied(to configuration: Configuration) -> (configuration: Configuration, fates: [Fate]) {
        var result = configuration
        var places: [String: Int] = [:]
        for (place, upstream) in configuration.upstreams.enumerated() { places[upstream.name] = place }
        let fates = entries.map { entry in
            guard let place = places[entry.key.upstream] else { return Fate.dormant }
            return Self.apply(entry, to: &result.upstreams[place])
        }
        return (result, fates)
    }

    private static func apply(_ entry: Entry, to upstream: inout UpstreamConfiguration) -> Fate {
        let index = upstream.servers.firstIndex { $0.address == entry.key.server }
        let current = index.map { Attributes(upstream.servers[$0]) }
        if current == entry.wanted { return .needless }
        if current != entry.basis { return current == nil ? .dormant : .overruled }
        switch (entry.wanted, index) {
        case (let wanted?, let index?): upstream.servers[index].set(wanted)
        case (let wanted?, nil):
            var server = ServerConfiguration(address: entry.key.server)
            server.set(wanted)
            upstream.servers.append(server)
        case (nil, let index?):
            if upstream.servers.count == 1 && upstream.discover == nil { return .lastServer }
            upstream.servers.remove(at: index)
        case (nil, nil): return .needless
        }
        return .inForce
    }
}

extension ServerOverlay.Attributes {
    /// What a config says.
    init(_ server: ServerConfiguration) {
        weight = server.weight
        backup = server.backup
        state = server.state
        maxInFlight = server.maxInFlight
        maxConnections = server.maxConnections
    }
}

extension ServerConfiguration {
    fileprivate mutating func set(_ attributes: ServerOverlay.Attributes) {
        weight = attributes.weight
        backup = attributes.backup
        state = attributes.state
        maxInFlight = attributes.maxInFlight
        maxConnections = attributes.maxConnections
    }
}

extension ServerOverlay.Entry {
    /// For a line: `app/127.0.0.1:9001 added`.
    var text: String {
        let what =
            switch (wanted, basis) {
            case (nil, _): "removed"
            case (_, nil): "added"
            default: "changed"
            }
        return "\(key.upstream)/\(key.server) \(what)"
    }
}

extension ServerOverlay.Fate {
    /// Why a difference does not count; `nil` if it does.
    var reason: String? {
        switch self {
        case .inForce: nil
        case .needless: "the config says the same"
        case .overruled: "the config says something else since, and counts"
        case .dormant: "there is no such upstream or server in the config"
        case .lastServer: "the upstream would have no server"
        }
    }
}
