// What the loops count together: connections, in all and by client.
import MartletEventLoop
import Synchronization

/// Counts of client connections over all loops. Touched when a connection comes and goes, never for a request.
package final class SharedLimits: Sendable {
    private struct ClientAddress: Hashable {
        let high: UInt64
        let low: UInt64
    }

    private let connections = Atomic<Int>(0)
    private let byClient = Mutex<[ClientAddress: Int]>([:])

    /// Bytes of requests that lie in files.
    private let replayBytes = Atomic<Int>(0)

    package init() {}

    /// Bytes of requests that lie in files now.
    var replayed: Int { replayBytes.load(ordering: .relaxed) }

    /// How many of `wanted` bytes may be put into files.
    func replayRoom(_ wanted: Int, limit: Int) -> Int {
        max(0, min(wanted, limit - replayBytes.load(ordering: .relaxed)))
    }

    func replayChanged(by bytes: Int) {
        if bytes != 0 { replayBytes.wrappingAdd(bytes, ordering: .relaxed) }
    }

    /// Client connections that are open now.
    package var current: Int { connections.load(ordering: .relaxed) }

    /// Counts a connection; `false`, and it is not counted, when there are `limit` already.
    func take(limit: Int) -> Bool {
        if connections.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        connections.wrappingSubtract(1, ordering: .relaxed)
        return false
    }

    func giveBack() { connections.wrappingSubtract(1, ordering: .relaxed) }

    /// The same for the connections of one address.
    func take(for peer: PeerAddress, limit: Int) -> Bool {
        let address = ClientAddress(high: peer.high, low: peer.low)
        return byClient.withLock { counts in
            let count = counts[address, default: 0]
            if count >= limit { return false }
            counts[address] = count + 1
            return true
        }
    }

    func giveBack(for peer: PeerAddress) {
        let address = ClientAddress(high: peer.high, low: peer.low)
        byClient.withLock { counts in
            guard let count = counts[address] else { return }
            counts[address] = count > 1 ? count - 1 : nil
        }
    }
}
