// Bytes both ways, as they are. Whoever is not taken from is not read from: at most a buffer waits in each direction.
import MartletBalancing
import MartletEventLoop
import MartletTLS
import MartletTelemetry

/// Where bytes of a tunnel go.
enum TunnelDirection {
    case toClient, toServer
}

extension ProxyDriver {
    /// Bytes have come from the client.
    mutating func relayToServer(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        let exchange = clients[client].exchange
        if !exchanges[exchange].flags.contains(.responseHeadSent) {
            return keepForServer(buffer, client, on: &loop)
        }
        let connection = exchanges[exchange].connection
        let count = UInt64(buffer.count)
        exchanges[exchange].bytesIn += count
        metrics.add(.upstreamBytesOut, count)
        servers[connection].lastByte = loop.milliseconds
        switch loop.send(buffer, on: servers[connection].socket) {
        case .sent: return
        case .pending: loop.setReceiving(clients[client].socket, false)
        }
    }

    /// There is no server yet: no more is read until there is.
    private mutating func keepForServer(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        loop.setReceiving(clients[client].socket, false)
        guard let joined = joinPending(of: client, buffer, on: &loop) else {
            return failTunnel(clients[client].exchange, .noBuffers, on: &loop)
        }
        clients[client].pending = KeptBytes.compact(joined, pool: loop.pool)
    }

    /// Bytes have come from the server.
    mutating func relayToClient(_ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        let count = UInt64(buffer.count)
        if exchanges[exchange].firstByte == 0 {
            exchanges[exchange].firstByte = loop.nanoseconds
            loads.succeeded(Int(exchanges[exchange].server))
        }
        exchanges[exchange].bytesOut += count
        if exchanges[exchange].isWebSocket { exchanges[exchange].frames.pass(buffer.bytes) }
        metrics.add(.downstreamBytesOut, count)
        servers[connection].lastByte = loop.milliseconds
        switch loop.send(buffer, on: clients[exchanges[exchange].client].socket) {
        case .sent: return
        case .pending: loop.setReceiving(servers[connection].socket, false)
        }
    }

    /// All that waited for one side has been sent: the other one may go on.
    mutating func tunnelDrained(_ exchange: UInt32, _ direction: TunnelDirection, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        if connection == .max { return }
        servers[connection].lastByte = loop.milliseconds
        switch direction {
        case .toClient:
            if exchanges[exchange].flags.contains(.responseComplete) { return endTunnelIfOver(exchange, on: &loop) }
            loop.setReceiving(servers[connection].socket, true)
        case .toServer:
            if exchanges[exchange].flags.contains(.requestComplete) { return endTunnelIfOver(exchange, on: &loop) }
            loop.setReceiving(clients[exchanges[exchange].client].socket, true)
        }
    }

    /// The client will send no more: the server is told so, when it has all that came before.
    mutating func tunnelClientEnded(_ client: UInt32, on loop: inout EventLoop) {
        let exchange = clients[client].exchange
        if !exchanges[exchange].flags.contains(.responseHeadSent) {
            // Whoever waits in line, has sent nothing and leaves is not waiting for an answer. But a server that is about to
            // be reached may speak first, to a client that says nothing at all.
            let isWaiting = exchanges[exchange].phase == .waiting
            if isWaiting && clients[client].pending == nil { failTunnel(exchange, .clientGone, on: &loop) }
            return
        }
        // A server that takes nothing any more needs not know.
        if exchanges[exchange].flags.contains(.requestComplete) { return endTunnelIfOver(exchange, on: &loop) }
        exchanges[exchange].flags.insert(.requestComplete)
        loop.endSending(servers[exchanges[exchange].connection].socket)
        noteHalfEnd(exchange, on: &loop)
        endTunnelIfOver(exchange, on: &loop)
    }

    /// The same of the server.
    mutating func tunnelServerEnded(_ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].flags.insert(.responseComplete)
        loop.endSending(clients[exchanges[exchange].client].socket)
        noteHalfEnd(exchange, on: &loop)
        endTunnelIfOver(exchange, on: &loop)
    }

    mutating func tunnelServerFailed(_ exchange: UInt32, _ error: SystemError, on loop: inout EventLoop) {
        // One that resets what it has just accepted is not well.
        if exchanges[exchange].firstByte == 0 { recordFailure(exchange, Int(exchanges[exchange].server), .connection) }
        exchanges[exchange].systemError = error.code
        let session = loop.cipher(of: servers[exchanges[exchange].connection].socket) as? TLSSession
        exchanges[exchange].detail = session?.failure?.text
        failTunnel(exchange, .tunnel(.serverReset), on: &loop)
    }

    /// There is no buffer for somebody: tunnels that hold one, as their peers have not taken anything for long, are cut. While
    /// there is memory for all they may rest as they like.
    mutating func cutStalledTunnels(on loop: inout EventLoop) {
        if !loop.isStarving || metrics.read(.tunnelsActive) == 0 { return }
        let now = loop.milliseconds
        // Those who wait already will not say so again.
        if now < nextStallCheck { return loop.wake(at: nextStallCheck) }
        nextStallCheck = now + max(1, settings.rateGrace / 4)
        loop.wake(at: nextStallCheck)
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            let exchange = UInt32(index)
            let connection = exchanges[exchange].connection
            if !exchanges[exchange].flags.isSuperset(of: [.isTunnel, .responseHeadSent]) || connection == .max {
                continue
            }
            if now - servers[connection].lastByte < settings.rateGrace { continue }
            let isClientSlow = loop.isSendPending(clients[exchanges[exchange].client].socket)
            if !isClientSlow && !loop.isSendPending(servers[connection].socket) { continue }
            metrics.add(.timeoutTunnelStall)
            failTunnel(exchange, isClientSlow ? .responseReadTooSlowly : .tunnel(.serverStalled), on: &loop)
        }
    }

    /// The client's timer has expired: has anything moved meanwhile?
    mutating func checkTunnel(_ client: UInt32, on loop: inout EventLoop) {
        let exchange = clients[client].exchange
        let connection = exchanges[exchange].connection
        let isRelaying = connection != .max && exchanges[exchange].flags.contains(.responseHeadSent)
        // How long a server is waited for has bounds of its own.
        let last = isRelaying ? servers[connection].lastByte : loop.milliseconds
        let deadline = last + (isHalfOpen(exchange) ? halfOpenTime(exchange) : tunnelIdleTime(exchange))
        if loop.milliseconds < deadline { return loop.setTimer(clients[client].socket, at: deadline) }
        if isHalfOpen(exchange) { return endHalfOpen(exchange, on: &loop) }
        metrics.add(.timeoutTunnelIdle)
        failTunnel(exchange, .tunnel(.idle), on: &loop)
    }
}
