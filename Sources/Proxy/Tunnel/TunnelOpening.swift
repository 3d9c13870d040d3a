// How a connection of a TCP listener gets its server. It is an exchange like a request: servers are chosen, waited for and
// tried in the same way. Nothing is sent before a server is reached, so that until then another one can always be tried.
//
//   accepted ─▶ PROXY header ─▶ TLS ─▶ begin ─▶ ClientHello ─▶ open ─▶ choose, connect ─▶ relay both ways ─▶ end
//               └─ if one is expected     └─ if it is ours    └─ if names decide
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletLayer4
import MartletRouting
import MartletTLS
import MartletTelemetry

extension ProxyDriver {
    /// Begins the tunnel of a client that has nothing else to say before.
    mutating func beginTunnel(_ client: UInt32, on loop: inout EventLoop) {
        guard let tunnel = listeners[Int(clients[client].listener)].tunnel else {
            preconditionFailure("a listener without a tunnel")
        }
        if tunnel.names.isEmpty { return openTunnel(client, to: tunnel.upstream, name: nil, on: &loop) }
        if clients[client].flags.contains(.isSecure) {
            let session = loop.cipher(of: clients[client].socket) as? TLSSession
            return openTunnel(client, tunnel, name: session?.serverName, on: &loop)
        }
        clients[client].state = .readingHello
        clients[client].deadline = loop.milliseconds + settings.handshakeTime
        loop.setTimer(clients[client].socket, at: clients[client].deadline)
    }

    /// Looks for the name that the client wants. All that has come is kept, and goes to the server as it is.
    mutating func readHello(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        guard let tunnel = listeners[Int(clients[client].listener)].tunnel else { return }
        guard let joined = joinPending(of: client, buffer, on: &loop) else {
            return refuseBeginning(client, .noBuffers, on: &loop)
        }
        let result = hello(in: joined, of: client)
        clients[client].pending = KeptBytes.compact(joined, pool: loop.pool)
        switch result {
        case .incomplete: return
        case .complete(let hello): openTunnel(client, tunnel, name: hello.serverName, on: &loop)
        // Where those go who want no name. What they speak is between them and the server.
        case .refused(.notTLS) where tunnel.upstream != nil:
            openTunnel(client, to: tunnel.upstream, name: nil, on: &loop)
        case .refused(let refusal):
            metrics.add(.tunnelsRefusedHello)
            refuseBeginning(client, .tunnel(.helloRefused(refusal)), on: &loop)
        }
    }

    /// It nearly always comes in one piece.
    private mutating func hello(in buffer: borrowing Buffer, of client: UInt32) -> ClientHelloResult {
        var reader = hellos[client] ?? ClientHelloReader()
        let result = reader.read(buffer.bytes)
        hellos[client] = result == .incomplete ? reader : nil
        return result
    }

    private mutating func openTunnel(
        _ client: UInt32, _ tunnel: TunnelModel, name: String?, on loop: inout EventLoop
    ) {
        let place = name.flatMap { name in tunnel.names.first { $0.host.matches(name) }?.upstream }
        openTunnel(client, to: place ?? tunnel.upstream, name: name, on: &loop)
    }

    /// Opens the exchange of a tunnel, and has a server chosen for it.
    private mutating func openTunnel(
        _ client: UInt32, to upstream: Int?, name: String?, on loop: inout EventLoop
    ) {
        guard let upstream else { return refuseName(client, name, on: &loop) }
        guard let exchange = makeTunnelExchange(client, on: &loop) else { return abortClient(client, on: &loop) }
        metrics.add(.tunnels)
        metrics.increment(.tunnelsActive)
        exchanges[exchange].flags.formUnion([.replayable, .isCountedTunnel])
        exchanges[exchange].serverName = name
        exchanges[exchange].upstream = Int32(upstream)
        exchanges[exchange].key = KeyHash.hash(clients[client].peer.high, clients[client].peer.low)
        exchanges[exchange].phase = .connecting
        clients[client].state = .tunnelling
        clients[client].requests = 1
        // One buffer of what comes before the server is reached is kept, not more.
        loop.setReceiving(clients[client].socket, clients[client].pending == nil)
        setTunnelTimer(client, on: &loop)
        dispatch(exchange, on: &loop)
    }

    /// From now on the client's timer is that of a tunnel.
    mutating func setTunnelTimer(_ client: UInt32, on loop: inout EventLoop) {
        let idleTime = tunnelIdleTime(clients[client].exchange)
        if idleTime > 0 {
            loop.setTimer(clients[client].socket, at: loop.milliseconds + idleTime)
        } else {
            loop.cancelTimer(clients[client].socket)
        }
    }

    /// A record for a connection that is not one of HTTP; `nil` when there is no room for one.
    mutating func makeTunnelExchange(_ client: UInt32, on loop: inout EventLoop) -> UInt32? {
        let id = (random.next(), random.next())
        guard let token = exchanges.insert(Exchange(client: client, began: loop.nanoseconds, id: id)) else {
            return nil
        }
        exchanges[token.index].flags = .isTunnel
        exchanges[token.index].logLayout = log.number
        clients[client].exchange = token.index
        return token.index
    }

    /// A server has been reached.
    mutating func tunnelConnected(_ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        let server = Int(servers[connection].server)
        exchanges[exchange].connection = connection
        exchanges[exchange].systemError = 0
        exchanges[exchange].detail = nil
        // Of a server that is only relayed to, this is all that is known of its speed. Whether it is well is seen when it says
        // something: there are those that accept whatever they cannot serve.
        loads.observe(latency: loop.nanoseconds - servers[connection].began, server, now: loop.nanoseconds)
        endProbation(exchange, server, true)
        countTry(connection, on: &loop)
        endRetrying(exchange)
        beginRelaying(exchange, on: &loop)
    }

    /// Sends what has come for the server meanwhile, and from now on all that comes.
    mutating func beginRelaying(_ exchange: UInt32, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        let connection = exchanges[exchange].connection
        exchanges[exchange].phase = .relaying
        exchanges[exchange].flags.insert(.responseHeadSent)
        loop.cancelTimer(servers[connection].socket)
        servers[connection].lastByte = loop.milliseconds
        if clients[client].flags.contains(.isStream) { return beginRelayingStream(client, on: &loop) }
        if let pending = clients[client].pending.take() { relayToServer(pending, client, on: &loop) }
        if clients[client].flags.contains(.ended) { return tunnelClientEnded(client, on: &loop) }
        let isBusy = loop.isSendPending(servers[connection].socket)
        loop.setReceiving(clients[client].socket, !isBusy)
    }
}
