// How tunnels end, and how those are refused that do not become one.
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Both sides have ended, and all has been sent: the connections are closed.
    mutating func endTunnelIfOver(_ exchange: UInt32, on loop: inout EventLoop) {
        if !exchanges[exchange].flags.isSuperset(of: [.requestComplete, .responseComplete]) { return }
        let client = exchanges[exchange].client
        let server = servers[exchanges[exchange].connection].socket
        if loop.isEnding(clients[client].socket) || loop.isEnding(server) { return }
        if !exchanges[exchange].isUpgraded { exchanges[exchange].status = 200 }
        if exchanges[exchange].firstByte == 0 { loads.succeeded(Int(exchanges[exchange].server)) }
        dropServer(of: exchange, on: &loop)
        closeTunnel(exchange, on: &loop)
        closeClient(client, on: &loop)
    }

    /// Breaks a tunnel: with resets, so that neither side takes what it has for all there is. Clients of WebSockets know where
    /// those end; they are told why, if the reason is ours.
    mutating func failTunnel(_ exchange: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        let connection = exchanges[exchange].connection
        exchanges[exchange].failure = failure
        if !exchanges[exchange].isUpgraded { exchanges[exchange].status = UInt16(failure.status) }
        metrics.add(.tunnelsFailed)
        if exchanges[exchange].isWebSocket && failure.side == .proxy { return leaveWebSocket(exchange, on: &loop) }
        if connection != .max { loop.abort(servers[connection].socket) }
        dropServer(of: exchange, on: &loop)
        closeTunnel(exchange, on: &loop)
        abortClient(client, on: &loop)
    }

    /// Counts a tunnel, writes its line and forgets it.
    mutating func closeTunnel(_ exchange: UInt32, on loop: inout EventLoop) {
        accountTunnel(exchange, on: &loop)
        endRetrying(exchange)
        if exchanges[exchange].flags.contains(.isCountedTunnel) { metrics.decrement(.tunnelsActive) }
        clients[exchanges[exchange].client].exchange = .max
        if let token = exchanges.token(at: Int(exchange)) { exchanges.remove(token) }
    }

    // MARK: Refusing

    /// Closes a connection whose beginning is not what it must be, and writes a line for it.
    mutating func refuseBeginning(_ client: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        noteRefusal(client, name: nil, failure, on: &loop)
        abortClient(client, on: &loop)
    }

    private mutating func noteRefusal(
        _ client: UInt32, name: String?, _ failure: FailureKind, on loop: inout EventLoop
    ) {
        guard let exchange = makeTunnelExchange(client, on: &loop) else { return }
        exchanges[exchange].serverName = name
        exchanges[exchange].failure = failure
        exchanges[exchange].status = UInt16(failure.status)
        closeTunnel(exchange, on: &loop)
    }

    /// A fatal alert in clear: "unrecognized_name" (RFC 6066 section 3).
    private static let unrecognizedName: [UInt8] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x70]

    /// Tells a client that there is no server of the name that it wants.
    mutating func refuseName(_ client: UInt32, _ name: String?, on loop: inout EventLoop) {
        metrics.add(.tunnelsRefusedName)
        noteRefusal(client, name: name, .tunnel(.nameUnmatched), on: &loop)
        let isSecure = clients[client].flags.contains(.isSecure)
        guard !isSecure, let alert = loop.pool.copy(Self.unrecognizedName.span) else {
            return abortClient(client, on: &loop)
        }
        sayLast(alert, to: client, on: &loop)
    }

    /// Sends a client of a tunnel the last bytes that it gets. It is read from until it ends its side, so that they arrive.
    mutating func sayLast(_ bytes: consuming Buffer, to client: UInt32, on loop: inout EventLoop) {
        let socket = clients[client].socket
        clients[client].state = .lingering
        clients[client].pending = nil
        _ = loop.send(bytes, on: socket)
        loop.endSending(socket)
        clients[client].deadline = loop.milliseconds + settings.lingerTime
        loop.setTimer(socket, at: clients[client].deadline)
        loop.setReceiving(socket, true)
    }

    /// What must come first has not come in time.
    mutating func beginningTimedOut(_ client: UInt32, on loop: inout EventLoop) {
        if clients[client].state == .readingProxyHeader {
            metrics.add(.timeoutProxyHeader)
            metrics.add(.proxyHeadersRefused)
            return refuseBeginning(client, .tunnel(.proxyHeaderTimeout), on: &loop)
        }
        metrics.add(.timeoutClientHello)
        metrics.add(.tunnelsRefusedHello)
        refuseBeginning(client, .tunnel(.helloTimeout), on: &loop)
    }

    /// The client has ended its side before that. One that has sent nothing only wanted to know whether we are here.
    mutating func endedInBeginning(_ client: UInt32, on loop: inout EventLoop) {
        if clients[client].pending == nil { return closeClient(client, on: &loop) }
        metrics.add(clients[client].state == .readingProxyHeader ? .proxyHeadersRefused : .tunnelsRefusedHello)
        refuseBeginning(client, .clientGone, on: &loop)
    }
}
