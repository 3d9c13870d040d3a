// How WebSockets end that neither client nor server has ended.
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    /// A Close frame that says "going away" (1001, RFC 6455 sections 5.5.1 and 7.4.1).
    private static let goingAway: [UInt8] = [0x88, 2, 0x03, 0xE9]

    /// Ends a WebSocket for a reason of ours. Its client is told so, in a frame, if it has all of the frame before and may
    /// still get one; clients then know that they may connect again. The server sees the connection end.
    mutating func leaveWebSocket(_ exchange: UInt32, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        let isOver = exchanges[exchange].flags.contains(.responseComplete)
        let isOpen = exchanges[exchange].frames.isOpen && !isOver
        let hasEnded = clients[client].flags.contains(.ended)
        dropServer(of: exchange, on: &loop)
        closeTunnel(exchange, on: &loop)
        if hasEnded || !isOpen { return closeClient(client, on: &loop) }
        guard let frame = loop.pool.copy(Self.goingAway.span) else { return closeClient(client, on: &loop) }
        sayLast(frame, to: client, on: &loop)
    }

    // MARK: One side has ended

    /// How long an end of a WebSocket may be silent when the other has ended its side, in milliseconds. Both have said all that
    /// there was by then (RFC 6455 section 7.1.1); whoever does not end is not there any more, or not well.
    func halfOpenTime(_ exchange: UInt32) -> UInt64 {
        let idleTime = tunnelIdleTime(exchange)
        return idleTime == 0 ? Self.longestHalfOpen : min(Self.longestHalfOpen, idleTime)
    }

    private static var longestHalfOpen: UInt64 { 10_000 }

    /// Whether one of the sides of a WebSocket has ended.
    func isHalfOpen(_ exchange: UInt32) -> Bool {
        exchanges[exchange].isWebSocket
            && !exchanges[exchange].flags.isDisjoint(with: [.requestComplete, .responseComplete])
    }

    /// A side of a tunnel has ended: from now on the other one is waited for.
    mutating func noteHalfEnd(_ exchange: UInt32, on loop: inout EventLoop) {
        servers[exchanges[exchange].connection].lastByte = loop.milliseconds
        if !exchanges[exchange].isWebSocket { return }
        loop.setTimer(clients[exchanges[exchange].client].socket, at: loop.milliseconds + halfOpenTime(exchange))
    }

    /// The other side has not ended. If it has been sent all that there was, nothing is lost, and nothing has failed.
    mutating func endHalfOpen(_ exchange: UInt32, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        let server = servers[exchanges[exchange].connection].socket
        if loop.isSendPending(clients[client].socket) || loop.isSendPending(server) {
            metrics.add(.timeoutTunnelIdle)
            return failTunnel(exchange, .tunnel(.idle), on: &loop)
        }
        dropServer(of: exchange, on: &loop)
        closeTunnel(exchange, on: &loop)
        closeClient(client, on: &loop)
    }
}
