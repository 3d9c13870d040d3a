// Who may connect.
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Takes a new connection in, or sheds it with a defined answer when a limit is reached.
    mutating func admit(_ socket: Token, _ listener: UInt32, _ peer: PeerAddress, on loop: inout EventLoop) {
        metrics.add(.connectionsAccepted)
        let isAdmin = model.listeners[Int(listener)].isAdmin
        if !shared.take(limit: settings.connections) { return shed(socket, peer, .tooManyConnections, on: &loop) }
        if settings.connectionsPerClient != .max && !shared.take(for: peer, limit: settings.connectionsPerClient) {
            shared.giveBack()
            return shed(socket, peer, .tooManyConnectionsFromClient, on: &loop)
        }
        var flags: ClientFlags = isAdmin ? .isAdmin : []
        if peer.isLocal || model.trustedProxies.contains(IPAddress(hi: peer.high, lo: peer.low)) {
            flags.insert(.isTrusted)
        }
        let deadline = loop.milliseconds + settings.requestHeadTime
        let connection = ClientConnection(socket: socket, peer: peer, flags: flags, deadline: deadline)
        guard let token = clients.insert(connection) else {
            giveBackCounts(peer)
            return loop.close(socket)
        }
        metrics.increment(.connectionsActive)
        loop.setTag(socket, token.index)
        loop.setTimer(socket, at: deadline)
        loop.setReceiving(socket, true)
    }

    /// Tells a client that it is beyond a limit, without reading what it wants.
    private mutating func shed(
        _ socket: Token, _ peer: PeerAddress, _ failure: FailureKind, on loop: inout EventLoop
    ) {
        let isForClient = failure == .tooManyConnectionsFromClient
        metrics.add(isForClient ? .connectionsRefusedPerClient : .connectionsRefusedTotal)
        let deadline = loop.milliseconds + settings.lingerTime
        let connection = ClientConnection(socket: socket, peer: peer, flags: .isShed, deadline: deadline)
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
        loop.close(clients[index].socket)
        forgetClient(index)
    }

    /// The same with a reset, so that the client does not take a broken response for a complete one.
    mutating func abortClient(_ index: UInt32, on loop: inout EventLoop) {
        loop.abort(clients[index].socket)
        forgetClient(index)
    }

    private mutating func forgetClient(_ index: UInt32) {
        if !clients[index].flags.contains(.isShed) { giveBackCounts(clients[index].peer) }
        metrics.decrement(.connectionsActive)
        if let token = clients.token(at: Int(index)) { clients.remove(token) }
    }

    private func giveBackCounts(_ peer: PeerAddress) {
        shared.giveBack()
        if settings.connectionsPerClient != .max { shared.giveBack(for: peer) }
    }
}
