// What lives for each upstream and each server in a loop.
import MartletBalancing
import MartletEventLoop

/// An upstream as this loop sees it.
struct UpstreamState {
    /// Its servers' places among all.
    let servers: Range<Int>
    /// Copied from the model, which is an object: what is looked up for every request shall not count references.
    let settings: UpstreamSettings
    var policy: RoundRobin
}

/// A server as this loop sees it.
struct ServerState {
    /// Where to connect; changes when a name is resolved anew.
    private(set) var addresses: [SocketAddress]
    /// Counts how often an address was lost: connections made before are not used again.
    private(set) var epoch: UInt32 = 0
    /// The address to use next.
    var next = 0

    /// What Host says to it when the client has not said any.
    let host: String

    init(_ model: ServerModel) {
        addresses = model.addresses
        host = model.addresses.first?.path == nil ? model.name : "localhost"
    }

    /// Takes the new addresses; whether one of the old ones is not among them.
    mutating func resolve(to new: [SocketAddress]) -> Bool {
        let hasLost = addresses.contains { !new.contains($0) }
        addresses = new
        if hasLost { epoch &+= 1 }
        return hasLost
    }

    /// The addresses in turn; `nil` while the name has none.
    mutating func nextAddress() -> SocketAddress? {
        if addresses.isEmpty { return nil }
        next = (next + 1) % addresses.count
        return addresses[next]
    }
}
