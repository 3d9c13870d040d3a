// What lives for each upstream and each server in a loop.
import MartletBalancing
import MartletEventLoop

/// An upstream as this loop sees it.
struct UpstreamState {
    var policy: RoundRobin
}

/// A server as this loop sees it.
struct ServerState {
    /// Where to connect; changes when a name is resolved anew.
    var addresses: [SocketAddress]
    /// The address to use next.
    var next = 0

    /// The addresses in turn; `nil` while the name has none.
    mutating func nextAddress() -> SocketAddress? {
        if addresses.isEmpty { return nil }
        next = (next + 1) % addresses.count
        return addresses[next]
    }
}
