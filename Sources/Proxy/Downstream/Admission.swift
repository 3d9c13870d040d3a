// Who may connect.
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Takes a new connection in, or sheds it with a defined answer when a limit is reached.
    mutating func admit(_ socket: Token, _ listener: UInt32, _ peer: PeerAddress, on loop: inout EventLoop) {
        metrics.add(.connectionsAccepted)
        let isAdmin = listeners[Int(listener)].isAdmin
        let isSecure = listeners[Int(listener)].tls != nil
        // Whoever operates the proxy must get in when it is full.
        let awaitsHeader = awaitsProxyHeader(listener, peer)
        let adminFailure: FailureKind? = !isAdmin || makeAdminRoom(on: &loop) ? nil : .tooManyConnections
        if let failure = isAdmin ? adminFailure : refusal(of: peer, countsClient: !awaitsHeader) {
            return shed(socket, listener, peer, failure, on: &loop)
        }
        var flags: ClientFlags = isAdmin ? .isAdmin : []
        if listeners[Int(listener)].redirectPort != nil { flags.insert(.isRedirect) }
        if isTrusted(peer) { flags.insert(.isTrusted) }
        let deadline = loop.milliseconds + settings.requestHeadTime
        let connection = ClientConnection(
            socket: socket, peer: peer, listener: (listener, listeners[Int(listener)].counters), flags: flags,
            deadline: deadline)
        guard let token = clients.insert(connection) else {
            if !isAdmin { giveBackCounts(peer, countsClient: !awaitsHeader) }
            return loop.close(socket)
        }
        if isAdmin { adminConnections += 1 }
        metrics.increment(.connectionsActive)
        loop.setTag(socket, token.index)
        loop.setTimer(socket, at: deadline)
        loop.setReceiving(socket, true)
        if awaitsHeader {
            clients[token.index].state = .readingProxyHeader
        } else if isSecure {
            beginHandshake(token.index, on: &loop)
        } else if listeners[Int(listener)].tunnel != nil {
            beginTunnel(token.index, on: &loop)
        }
    }

    /// Whether a peer's forwarding fields are believed.
    func isTrusted(_ peer: PeerAddress) -> Bool {
        peer.isLocal || model.trust.proxies.contains(IPAddress(hi: peer.high, lo: peer.low))
    }

    /// Counts a connection; why there is no room for it, if there is none.
    /// - Parameter countsClient: whether it is known already who the client is.
    private func refusal(of peer: PeerAddress, countsClient: Bool) -> FailureKind? {
        if !shared.take(limit: settings.connections) { return .tooManyConnections }
        if !countsClient || !countsPerClient(peer) || shared.take(for: peer, limit: settings.connectionsPerClient) {
            return nil
        }
        shared.giveBack()
        return .tooManyConnectionsFromClient
    }

    /// Those who come through a Unix socket have no address to be told apart by.
    func countsPerClient(_ peer: PeerAddress) -> Bool {
        settings.connectionsPerClient != .max && !peer.isLocal
    }

    /// Whether clients of a listener speak HTTP in clear.
    func mayAnswer(_ listener: UInt32) -> Bool {
        listeners[Int(listener)].tls == nil && listeners[Int(listener)].tunnel == nil
    }

    /// Tells a client that it is beyond a limit, without reading what it wants.
    private mutating func shed(
        _ socket: Token, _ listener: UInt32, _ peer: PeerAddress, _ failure: FailureKind, on loop: inout EventLoop
    ) {
        let isForClient = failure == .tooManyConnectionsFromClient
        metrics.add(isForClient ? .connectionsRefusedPerClient : .connectionsRefusedTotal)
        // Without a handshake, which costs more than all else, nothing can be said to a client of TLS.
        if !mayAnswer(listener) { return loop.close(socket) }
        let deadline = loop.milliseconds + settings.lingerTime
        let connection = ClientConnection(
            socket: socket, peer: peer, listener: (listener, listeners[Int(listener)].counters), flags: .isShed,
            deadline: deadline)
        guard let token = clients.insert(connection) else { return loop.close(socket) }
        metrics.increment(.connectionsActive)
        loop.setTag(socket, token.index)
        guard let exchange = openExchange(for: token.index, on: &loop) else {
            return closeClient(token.index, on: &loop)
        }
        clients[token.index].state = .exchanging
        clients[token.index].flags.insert(.closesAfter)
        fail(exchange, failure, on: &loop)
    }

    /// Forgets a client connection and closes its socket.
    mutating func closeClient(_ index: UInt32, on loop: inout EventLoop) {
        endExchange(of: index, on: &loop)
        if clients[index].flags.contains(.isStream) { return closeStream(index, on: &loop) }
        loop.close(clients[index].socket)
        forgetClient(index)
    }

    /// The same with a reset, so that the client does not take a broken response for a complete one.
    mutating func abortClient(_ index: UInt32, on loop: inout EventLoop) {
        endExchange(of: index, on: &loop)
        if clients[index].flags.contains(.isStream) {
            // Of a tunnel that is how its end looks (RFC 8441 section 5).
            resetStream(index, clients[index].state == .tunnelling ? .cancel : .internalError)
            return forgetStream(index, on: &loop)
        }
        loop.abort(clients[index].socket)
        forgetClient(index)
    }

    /// An exchange does not outlive its client: one whose answer is still on its way is over.
    private mutating func endExchange(of index: UInt32, on loop: inout EventLoop) {
        let exchange = clients[index].exchange
        if exchange == .max || exchanges[exchange].flags.contains(.isTunnel) { return }
        exchanges[exchange].failure = exchanges[exchange].failure ?? .clientGone
        dropServer(of: exchange, on: &loop)
        closeExchange(exchange, on: &loop)
    }

    private mutating func forgetClient(_ index: UInt32) {
        endHandshake(index)
        forgetMultiplexer(index)
        if clients[index].flags.isDisjoint(with: [.isShed, .isAdmin]) {
            giveBackCounts(clients[index].peer, countsClient: clients[index].state != .readingProxyHeader)
        }
        if !announced.isEmpty { announced[index] = nil }
        if !hellos.isEmpty { hellos[index] = nil }
        if clients[index].flags.contains(.isAdmin) { adminConnections -= 1 }
        metrics.decrement(.connectionsActive)
        if let token = clients.token(at: Int(index)) { clients.remove(token) }
    }

    private func giveBackCounts(_ peer: PeerAddress, countsClient: Bool) {
        shared.giveBack()
        if countsClient && countsPerClient(peer) { shared.giveBack(for: peer) }
    }
}
