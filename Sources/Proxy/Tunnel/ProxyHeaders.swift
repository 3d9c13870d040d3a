// The PROXY protocol: who a client is that comes by another proxy, and telling servers who ours are.
import MartletEventLoop
import MartletHTTPCore
import MartletLayer4
import MartletTelemetry

extension ProxyDriver {
    // MARK: From clients

    /// Whether a peer is one of those who say whom they speak for.
    func awaitsProxyHeader(_ listener: UInt32, _ peer: PeerAddress) -> Bool {
        guard let networks = listeners[Int(listener)].proxyProtocol else { return false }
        return peer.isLocal || networks.contains(IPAddress(hi: peer.high, lo: peer.low))
    }

    mutating func readProxyHeader(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        guard var joined = joinPending(of: client, buffer, on: &loop) else {
            return refuseBeginning(client, .noBuffers, on: &loop)
        }
        switch ProxyProtocolReader.read(joined.bytes) {
        case .incomplete:
            clients[client].pending = KeptBytes.compact(joined, pool: loop.pool)
        case .refused(let refusal):
            metrics.add(.proxyHeadersRefused)
            refuseBeginning(client, .tunnel(.proxyHeaderRefused(refusal)), on: &loop)
        case .complete(let header):
            metrics.add(.proxyHeaders)
            joined.dropFirst(header.length)
            note(header, client)
            beginBehindHeader(joined, client, on: &loop)
        }
    }

    /// From now on the client is whom the header names, if it names anybody.
    private mutating func note(_ header: ProxyHeader, _ client: UInt32) {
        guard let source = header.source else { return }
        let peer = PeerAddress(high: source.address.hi, low: source.address.lo, port: source.port)
        clients[client].setPeer(peer)
        clients[client].flags.remove(.isTrusted)
        if isTrusted(peer) { clients[client].flags.insert(.isTrusted) }
        if let destination = header.destination { announced[client] = destination }
    }

    /// The connection begins where the header ends.
    private mutating func beginBehindHeader(_ rest: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        let peer = clients[client].peer
        if countsPerClient(peer) && !shared.take(for: peer, limit: settings.connectionsPerClient) {
            return shedClient(client, on: &loop)
        }
        let listener = Int(clients[client].listener)
        clients[client].state = .idle
        clients[client].deadline = loop.milliseconds + settings.requestHeadTime
        loop.setTimer(clients[client].socket, at: clients[client].deadline)
        if listeners[listener].tls != nil { return beginHandshake(client, received: rest, on: &loop) }
        guard let tunnel = listeners[listener].tunnel else {
            if !rest.isEmpty { readRequests(rest, client, on: &loop) }
            return
        }
        if rest.isEmpty { return beginTunnel(client, on: &loop) }
        if tunnel.names.isEmpty {
            clients[client].pending = KeptBytes.compact(rest, pool: loop.pool)
            return beginTunnel(client, on: &loop)
        }
        beginTunnel(client, on: &loop)
        readHello(rest, client, on: &loop)
    }

    /// The client has as many connections as it may have.
    private mutating func shedClient(_ client: UInt32, on loop: inout EventLoop) {
        metrics.add(.connectionsRefusedPerClient)
        shared.giveBack()
        clients[client].flags.insert(.isShed)
        if !mayAnswer(UInt32(clients[client].listener)) { return closeClient(client, on: &loop) }
        guard let exchange = openExchange(for: client, on: &loop) else { return closeClient(client, on: &loop) }
        clients[client].state = .exchanging
        clients[client].flags.insert(.closesAfter)
        fail(exchange, .tooManyConnectionsFromClient, on: &loop)
    }

    // MARK: To servers

    /// Has a server told, before all else, who the client is, where the upstream wants it; `false` when memory is used up.
    mutating func announce(
        _ exchange: UInt32, _ upstream: Int, on socket: Token, loop: inout EventLoop
    ) -> Bool {
        let version = upstreamStates[upstream].settings.proxyProtocol
        if version == .none { return true }
        let client = exchanges[exchange].client
        let source = ProxyEndpoint(clients[client].peer)
        let destination =
            announced[client] ?? loop.localAddress(of: clients[client].socket).flatMap { ProxyEndpoint($0) }
        guard let bytes = loop.pool.copy(version.header(from: source, to: destination).span) else { return false }
        loop.preface(socket, bytes)
        return true
    }
}

extension ProxyEndpoint {
    /// `nil` for one without an address.
    init?(_ peer: PeerAddress) {
        if peer.isLocal { return nil }
        self.init(IPAddress(hi: peer.high, lo: peer.low), port: peer.port)
    }
}

extension ProxyProtocolVersion {
    /// The header; without both ends one that says that there is no client.
    func header(from source: ProxyEndpoint?, to destination: ProxyEndpoint?) -> [UInt8] {
        switch self {
        case .none: []
        case .v1: ProxyProtocolWriter.text(from: source, to: destination)
        case .v2: ProxyProtocolWriter.binary(from: source, to: destination)
        }
    }
}
