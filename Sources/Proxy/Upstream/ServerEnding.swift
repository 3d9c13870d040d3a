// How connections to servers end, and what becomes of them after an exchange.
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The server has closed its side.
    mutating func serverEnded(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if exchange == .max { return closeIdle(connection, .poolClosedByServer, on: &loop) }
        servers[connection].isPersistent = false
        if !exchanges[exchange].flags.contains(.responseBegun) {
            return serverGone(exchange, .serverClosed, on: &loop)
        }
        if !servers[connection].isReadingContent { return fail(exchange, .serverClosed, on: &loop) }
        if servers[connection].decoder.ended() { return endResponse(exchange, on: &loop) }
        metrics.add(.responsesTruncated)
        fail(exchange, .responseTruncated, on: &loop)
    }

    /// The connection could not be made, or was reset.
    mutating func serverFailed(_ connection: UInt32, _ error: SystemError, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if exchange == .max { return closeIdle(connection, .poolClosedByServer, on: &loop) }
        exchanges[exchange].systemError = error.code
        if servers[connection].state == .connecting {
            detach(connection, from: exchange)
            closeServer(connection, on: &loop)
            return connectFailed(exchange, .connectFailed, error, on: &loop)
        }
        metrics.add(.upstreamResets)
        if !exchanges[exchange].flags.contains(.responseBegun) {
            return serverGone(exchange, .serverReset, on: &loop)
        }
        if servers[connection].isReadingContent { metrics.add(.responsesTruncated) }
        fail(exchange, servers[connection].isReadingContent ? .responseTruncated : .serverReset, on: &loop)
    }

    /// The server went away before a byte of the response. On a connection that was idle before, it most likely never saw
    /// the request: that is sent again on a fresh connection, once, if the method allows it (RFC 9110 section 9.2.2) or
    /// nothing of it was sent.
    private mutating func serverGone(_ exchange: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        let socket = servers[connection].socket
        let wasIdle = servers[connection].requests > 0
        let nothingSent = loop.bytesSent(socket) == servers[connection].sentBefore
        let isSafe = exchanges[exchange].method.isIdempotent || nothingSent
        if !wasIdle || !isSafe || !exchanges[exchange].flags.isSuperset(of: .replayable)
            || exchanges[exchange].flags.contains(.resent)
        {
            return fail(exchange, failure, on: &loop)
        }
        if exchanges[exchange].request == nil { exchanges[exchange].request = loop.takeUnsent(socket) }
        if exchanges[exchange].request == nil { return fail(exchange, failure, on: &loop) }
        exchanges[exchange].flags.insert(.resent)
        metrics.add(.upstreamResent)
        detach(connection, from: exchange)
        closeServer(connection, on: &loop)
        connect(exchange, on: &loop)
    }

    mutating func serverTimerExpired(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if exchange == .max { return closeIdle(connection, .poolIdleTimeout, on: &loop) }
        if servers[connection].state == .connecting {
            metrics.add(.timeoutConnect)
            detach(connection, from: exchange)
            closeServer(connection, on: &loop)
            return connectFailed(exchange, .connectTimeout, SystemError.timedOut, on: &loop)
        }
        if servers[connection].isReadingContent { return checkStall(connection, on: &loop) }
        let isUploading = !exchanges[exchange].flags.contains(.requestComplete)
        let isServersTurn = loop.isSendPending(servers[connection].socket) || isAwaitingContinue(exchange, on: &loop)
        if isUploading && !isServersTurn { return scheduleResponseCheck(connection, on: &loop) }
        metrics.add(.timeoutResponse)
        fail(exchange, .responseTimeout, on: &loop)
    }

    /// A server that stops in the middle of a response would hold its client for ever. While the client is the slower
    /// one, the server cannot go on and is not to blame.
    private mutating func checkStall(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        let limit = upstreamStates[Int(servers[connection].upstream)].settings.stallTime
        if limit == 0 { return }
        if loop.isSendPending(clients[exchanges[exchange].client].socket) {
            servers[connection].lastByte = loop.milliseconds
        }
        let deadline = servers[connection].lastByte + limit
        if loop.milliseconds < deadline { return loop.setTimer(servers[connection].socket, at: deadline) }
        metrics.add(.timeoutStall)
        metrics.add(.responsesTruncated)
        fail(exchange, .responseStalled, on: &loop)
    }

    /// Gives the connection of a finished exchange to the pool, if it may serve another, and closes it otherwise.
    mutating func releaseServer(of exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        let upstream = upstreamStates[Int(servers[connection].upstream)].settings
        let isClean =
            servers[connection].isPersistent && servers[connection].pending == nil
            && exchanges[exchange].flags.contains(.requestComplete) && !loop.isSendPending(servers[connection].socket)
            && !loop.isPeerEnded(servers[connection].socket)
            && servers[connection].epoch == serverStates[Int(servers[connection].server)].epoch
        detach(connection, from: exchange)
        if !isClean || isDraining || servers[connection].requests + 1 >= upstream.maxRequests {
            return closeServer(connection, on: &loop)
        }
        if !idle.offer(connection, server: Int(servers[connection].server), limit: upstream.maxIdle) {
            metrics.add(.poolLimit)
            return closeServer(connection, on: &loop)
        }
        metrics.increment(.poolIdle)
        servers[connection].state = .idle
        loop.setReceiving(servers[connection].socket, true)
        loop.setTimer(servers[connection].socket, at: loop.milliseconds + upstream.idleTime)
    }

    /// Closes the connection that serves an exchange, if there is one: it is in the middle of something.
    mutating func dropServer(of exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        if connection == .max { return }
        detach(connection, from: exchange)
        closeServer(connection, on: &loop)
    }

    private mutating func detach(_ connection: UInt32, from exchange: UInt32) {
        if servers[connection].state == .active {
            metrics.decrement(.inFlight, server: Int(servers[connection].server))
        }
        servers[connection].exchange = .max
        exchanges[exchange].connection = .max
    }

    private mutating func closeIdle(_ connection: UInt32, _ reason: Counter, on loop: inout EventLoop) {
        metrics.add(reason)
        metrics.decrement(.poolIdle)
        idle.remove(connection)
        closeServer(connection, on: &loop)
    }

    mutating func closeServer(_ connection: UInt32, on loop: inout EventLoop) {
        loop.close(servers[connection].socket)
        metrics.decrement(.upstreamConnectionsActive)
        if let token = servers.token(at: Int(connection)) { servers.remove(token) }
    }

    /// Bytes from a server that was not asked: whatever they are, the connection cannot be trusted any more.
    mutating func unexpectedBytes(_ connection: UInt32, on loop: inout EventLoop) {
        closeIdle(connection, .poolUnexpectedBytes, on: &loop)
    }
}
