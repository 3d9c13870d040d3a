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

    /// Handshakes of one client.
    private struct Handshakes {
        var active = 0
        /// The second in which it began some, and how many.
        var second: UInt64 = 0
        var begun = 0
    }

    /// Which bound a client's handshakes have reached.
    enum HandshakeBound {
        case active, rate
    }

    private let handshakes = Atomic<Int>(0)
    private let handshakesByClient = Mutex<[ClientAddress: Handshakes]>([:])

    /// Bytes of requests that lie in files.
    private let replayBytes = Atomic<Int>(0)

    /// Bytes of content of requests that are read before a server is chosen.
    private let bufferedBytes = Atomic<Int>(0)

    /// Files that are open for clients, or waited for.
    private let files = Atomic<Int>(0)

    package init() {}

    /// Counts bytes of a request that is read before a server is chosen; `false`, and they are not counted, when there would be
    /// more than `limit`.
    func takeBuffered(_ bytes: Int, limit: Int) -> Bool {
        if bufferedBytes.wrappingAdd(bytes, ordering: .relaxed).newValue <= limit { return true }
        giveBackBuffered(bytes)
        return false
    }

    func giveBackBuffered(_ bytes: Int) { bufferedBytes.wrappingSubtract(bytes, ordering: .relaxed) }

    /// Counts a file; `false`, and it is not counted, when there are `limit` already.
    func takeFile(limit: Int) -> Bool {
        if files.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        files.wrappingSubtract(1, ordering: .relaxed)
        return false
    }

    /// Files that are open, or waited for, now.
    var openFiles: Int { files.load(ordering: .relaxed) }

    func giveBackFile() { files.wrappingSubtract(1, ordering: .relaxed) }

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

    // MARK: Handshakes

    /// Counts a handshake; `false`, and it is not counted, when there are `limit` already.
    func takeHandshake(limit: Int) -> Bool {
        if handshakes.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        giveBackHandshake()
        return false
    }

    func giveBackHandshake() { handshakes.wrappingSubtract(1, ordering: .relaxed) }

    /// How many clients are remembered for their rate alone before the old ones are forgotten.
    private static var rememberedClients: Int { 4_096 }

    /// The same for one client: how many go on, and how many it has begun in this second.
    func takeHandshake(for peer: PeerAddress, limit: Int, rate: Int, now: UInt64) -> HandshakeBound? {
        let address = ClientAddress(high: peer.high, low: peer.low)
        let second = now / 1_000
        return handshakesByClient.withLock { clients in
            if clients.count >= Self.rememberedClients {
                clients = clients.filter { $0.value.active > 0 || $0.value.second == second }
            }
            var own = clients[address, default: Handshakes()]
            if own.second != second { (own.second, own.begun) = (second, 0) }
            if own.active >= limit { return .active }
            if own.begun >= rate { return .rate }
            own.active += 1
            own.begun += 1
            clients[address] = own
            return nil
        }
    }

    func giveBackHandshake(for peer: PeerAddress) {
        let address = ClientAddress(high: peer.high, low: peer.low)
        handshakesByClient.withLock { clients in
            guard var own = clients[address] else { return }
            own.active -= 1
            clients[address] = own.active == 0 && own.begun <= 1 ? nil : own
        }
    }
}
