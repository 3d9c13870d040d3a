// WebSockets as streams to servers (RFC 8441): an extended CONNECT, whose stream is a tunnel when the server answers with 2xx.
// Whether a server takes that, it says in its first SETTINGS, for which such a stream waits.
//
//   link stands ─▶ SETTINGS known? ─▶ taken? ─▶ CONNECT ─▶ 2xx ─▶ 101 to a client of HTTP/1.1, 200 to one of HTTP/2
//                  └─ no: wait        └─ no: in HTTP/1.1, where that may be; else another server, or 501
import MartletBalancing
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    // MARK: Which they are

    /// Whether an exchange that may become a tunnel is a stream at a server that speaks HTTP/2.
    func isConnectStream(_ exchange: UInt32, at server: Int) -> Bool {
        if Int(exchanges[exchange].upgrade) != UpgradeTable.webSocket { return false }
        return isOnlyHTTP2(Int(exchanges[exchange].upstream)) || !serverStates[server].refusesConnect
    }

    /// Whether a stream to a server is such a one.
    func isConnectStream(_ connection: UInt32) -> Bool {
        let exchange = servers[connection].exchange
        return exchange != .max && exchanges[exchange].upgrade >= 0
    }

    /// Whether the servers of an upstream may not be asked in HTTP/1.1.
    func isOnlyHTTP2(_ upstream: Int) -> Bool { upstreamStates[upstream].settings.version == .http2 }

    // MARK: The beginning

    /// Whether it is not known yet if the server of a stream takes it.
    func isUndecided(_ stream: UInt32) -> Bool {
        isConnectStream(stream) && !multiplexers[servers[stream].multiplexer].machine.peer.isKnown
    }

    /// Lets a stream wait for the server's first SETTINGS, which belong to making the connection.
    mutating func awaitDecision(_ stream: UInt32, on loop: inout EventLoop) {
        multiplexers[servers[stream].multiplexer].hasUndecided = true
        let time = upstreamStates[Int(servers[stream].upstream)].settings.connectTime
        loop.setTimer(servers[stream].socket, at: loop.milliseconds + time)
    }

    /// The server has said what it takes.
    mutating func noteConnect(_ index: UInt32) {
        let server = Int(servers[multiplexers[index].owner].server)
        serverStates[server].refusesConnect = !multiplexers[index].machine.peer.enablesConnect
    }

    /// Streams that have waited for that begin, or not, when all is read that has come: there are servers that say it in two
    /// SETTINGS, one behind the other.
    mutating func decideLink(_ index: UInt32, on loop: inout EventLoop) {
        if !multiplexers[index].machine.peer.isKnown { return }
        multiplexers[index].hasUndecided = false
        for place in 0..<servers.places {
            guard let stream = stream(at: place, of: index), servers[stream].state == .connecting else { continue }
            if isTaken(stream) { serverConnected(stream, on: &loop) } else { connectStreamRefused(stream, on: &loop) }
        }
    }

    /// Whether the server is known to take a stream.
    func mayBegin(_ stream: UInt32) -> Bool { !isUndecided(stream) && isTaken(stream) }

    /// Whether the server takes a stream, as far as is known.
    func isTaken(_ stream: UInt32) -> Bool {
        let multiplexer = servers[stream].multiplexer
        return !isConnectStream(stream) || !multiplexers[multiplexer].machine.peer.isKnown
            || multiplexers[multiplexer].machine.peer.enablesConnect
    }

    /// The server takes no such stream. Nothing of it has been sent.
    mutating func connectStreamRefused(_ stream: UInt32, on loop: inout EventLoop) {
        let exchange = servers[stream].exchange
        if isHedge(stream) { return dropHedge(of: exchange, on: &loop) }
        if !isOnlyHTTP2(Int(servers[stream].upstream)) {
            // Another link may have said otherwise meanwhile, and would be asked for ever.
            serverStates[Int(servers[stream].server)].refusesConnect = true
            return tryAgain(exchange, on: &loop)
        }
        if hasOther(exchange) { return tryFailed(exchange, .notConnected, .webSocketNotEnabled, on: &loop) }
        fail(exchange, .webSocketNotEnabled, on: &loop)
    }

    // MARK: The tunnel

    /// The server has answered with 2xx: its head is in `response`.
    mutating func beginStreamTunnel(
        _ arena: consuming Buffer, _ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let token = servers.token(at: Int(connection)) ?? .none
        servers[connection].isTunnel = true
        servers[connection].isReadingContent = true
        multiplexers[servers[connection].multiplexer].machine.receivedFinalHead(servers[connection].place)
        beginUpgraded(arena, exchange, on: &loop)
        if servers.contains(token) { responseEndedIfSaid(connection, on: &loop) }
    }

    /// Fields have no place in a tunnel (RFC 9113 section 8.5).
    mutating func fieldsInTunnel(_ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        metrics.add(.upstreamHTTP2FaultProtocol)
        multiplexers[servers[connection].multiplexer].machine.reset(servers[connection].place, .protocolError)
        servers[connection].place = -1
        failTunnel(exchange, .serverBrokeHTTP2, on: &loop)
    }

    /// The server has ended its side, and then reset the stream: it takes nothing any more. What it has said is passed on
    /// whole.
    mutating func streamServerLeft(_ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        let channel = servers[connection].socket
        exchanges[exchange].flags.insert(.requestComplete)
        while let unsent = loop.takeFirst(channel) { _ = consume unsent }
        loop.noteEnded(channel)
        endTunnelIfOver(exchange, on: &loop)
    }
}
