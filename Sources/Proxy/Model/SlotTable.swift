// Which places upstreams and servers have, from one config to the next (decision 0020). Pure.

/// A server as the config names it.
package struct ServerIdentity: Hashable, Sendable {
    package let upstream: String
    package let address: String
    /// Which of the servers with the same address in the upstream it is.
    package let number: Int

    package init(upstream: String, address: String, number: Int = 0) {
        self.upstream = upstream
        self.address = address
        self.number = number
    }
}

/// Places for things that are known by names. Who is in the config keeps its place. The place of what has been removed stays its
/// own until nothing refers to it any more: what comes back takes it again.
package struct Slots<Name: Hashable & Sendable>: Sendable {
    /// By place; `nil` for one that is free.
    package private(set) var names: [Name?] = []
    private var places: [Name: Int] = [:]
    private var claimed: Set<Int> = []
    /// Free places, the lowest last.
    private var free: [Int] = []

    package init() {}

    /// How many places there are, free ones included.
    package var count: Int { names.count }

    /// Places of what is not in the config, and may be referred to still.
    package var retired: [Int] { names.indices.filter { names[$0] != nil && !claimed.contains($0) } }

    /// Whether the place is that of something in the config.
    package func isCurrent(_ place: Int) -> Bool { claimed.contains(place) }

    /// Another config begins, in which nothing is yet.
    /// - Parameter inUse: retired places that something refers to; the others are free from now on.
    package mutating func begin(inUse: Set<Int>) {
        for place in retired where !inUse.contains(place) {
            if let name = names[place] { places[name] = nil }
            names[place] = nil
        }
        while let last = names.last, last == nil { names.removeLast() }
        claimed = []
        free = names.indices.reversed().filter { names[$0] == nil }
    }

    /// The place of something that is in the config.
    package mutating func claim(_ name: Name) -> Int {
        let place = places[name] ?? free.popLast() ?? names.count
        if place == names.count { names.append(name) } else { names[place] = name }
        places[name] = place
        claimed.insert(place)
        return place
    }
}

/// The places of a model.
package struct SlotTable: Sendable {
    package var upstreams = Slots<String>()
    package var servers = Slots<ServerIdentity>()

    package init() {}

    /// The retired places that nobody may give away.
    package var retired: SlotUse { SlotUse(upstreams: Set(upstreams.retired), servers: Set(servers.retired)) }

    /// Another config begins.
    package mutating func begin(inUse: SlotUse) {
        upstreams.begin(inUse: inUse.upstreams)
        servers.begin(inUse: inUse.servers)
    }
}

/// Places that somebody refers to.
package struct SlotUse: Sendable, Equatable {
    package var upstreams: Set<Int> = []
    package var servers: Set<Int> = []

    package init(upstreams: Set<Int> = [], servers: Set<Int> = []) {
        self.upstreams = upstreams
        self.servers = servers
    }

    package var isEmpty: Bool { upstreams.isEmpty && servers.isEmpty }

    package mutating func formUnion(_ other: SlotUse) {
        upstreams.formUnion(other.upstreams)
        servers.formUnion(other.servers)
    }
}
