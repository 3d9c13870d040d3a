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
        if servers[connection].isLink { return linkFailed(connection, .connectionReset, on: &loop) }
        if exchange == .max { return closeIdle(connection, .poolClosedByServer, on: &loop) }
        if exchanges[exchange].flags.contains(.isTunnel) { return tunnelServerEnded(exchange, on: &loop) }
        servers[connection].isPersistent = false
        if !servers[connection].isReadingContent { return serverGone(connection, .serverClosed, on: &loop) }
        let isCut = loop.isTruncated(servers[connection].socket)
        if servers[connection].decoder.ended() && !isCut { return endResponse(exchange, on: &loop) }
        metrics.add(.responsesTruncated)
        fail(exchange, .responseTruncated, on: &loop)
    }

    /// The connection could not be made, or was reset.
    mutating func serverFailed(_ connection: UInt32, _ error: SystemError, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if servers[connection].isLink { return linkFailed(connection, error, on: &loop) }
        if exchange == .max { return closeIdle(connection, .poolClosedByServer, on: &loop) }
        if servers[connection].state == .connecting {
            return connectFailed(connection, .connectFailed, error, on: &loop)
        }
        metrics.add(.upstreamResets)
        if exchanges[exchange].flags.contains(.isTunnel) { return tunnelServerFailed(exchange, error, on: &loop) }
        if !isHedge(connection) { exchanges[exchange].systemError = error.code }
        if !servers[connection].isReadingContent { return serverGone(connection, .serverReset, on: &loop) }
        metrics.add(.responsesTruncated)
        fail(exchange, .responseTruncated, on: &loop)
    }

    /// The server went away before a response's head. On a connection that was idle before, it most likely never saw the
    /// request: that is sent again on a fresh connection, once, if the method allows it (RFC 9110 section 9.2.2) or nothing
    /// of it was sent. Else the server has failed.
    private mutating func serverGone(_ connection: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if isHedge(connection) {
            if servers[connection].requests == 0 { recordLoss(exchange, connection, on: &loop) }
            return dropHedge(of: exchange, on: &loop)
        }
        if isStaleConnection(connection, exchange, on: &loop) { return resend(exchange, on: &loop) }
        recordLoss(exchange, connection, on: &loop)
        tryFailed(exchange, .lost, failure, on: &loop)
    }

    private mutating func isStaleConnection(
        _ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop
    ) -> Bool {
        let wasIdle = servers[connection].requests > 0
        let flags = exchanges[exchange].flags
        if !wasIdle || !flags.isDisjoint(with: [.resent, .responseBegun]) { return false }
        if exchanges[exchange].replay.isComplete { return isRepeatable(exchange, Int(exchanges[exchange].upstream)) }
        if !flags.contains(.replayable) { return false }
        let socket = servers[connection].socket
        let nothingSent = loop.hasSentNothing(since: servers[connection].sentBefore, on: socket)
        if !nothingSent && !isRepeatable(exchange, Int(exchanges[exchange].upstream)) { return false }
        if exchanges[exchange].request == nil { exchanges[exchange].request = loop.takeUnsent(socket) }
        return exchanges[exchange].request != nil
    }

    private mutating func resend(_ exchange: UInt32, on loop: inout EventLoop) {
        let server = Int(exchanges[exchange].server)
        let upstream = Int(exchanges[exchange].upstream)
        exchanges[exchange].flags.insert(.resent)
        metrics.add(.upstreamResent)
        dropTry(of: exchange, on: &loop)
        takeAnyPlace(server, upstream)
        if let link = isStreamed(exchange, at: server) ? linkWithRoom(server, on: &loop) : nil {
            giveBackConnection(server, upstream)
            return startStream(link, exchange, on: &loop)
        }
        connect(exchange, on: &loop)
    }

    mutating func serverTimerExpired(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if servers[connection].isLink { return linkTimerExpired(connection, on: &loop) }
        if exchange == .max { return closeIdle(connection, .poolIdleTimeout, on: &loop) }
        if servers[connection].state == .connecting {
            metrics.add(.timeoutConnect)
            return connectFailed(connection, .connectTimeout, SystemError.timedOut, on: &loop)
        }
        if isHedge(connection) { return }
        if servers[connection].isReadingContent { return checkStall(connection, on: &loop) }
        let isUploading = !exchanges[exchange].flags.contains(.requestComplete)
        let isServersTurn = loop.isSendPending(servers[connection].socket) || isAwaitingContinue(exchange, on: &loop)
        if isUploading && !isServersTurn { return scheduleResponseCheck(connection, on: &loop) }
        responseTimedOut(connection, exchange, on: &loop)
    }

    /// The try took too long: another server is asked, if one may be. Or the exchange did.
    private mutating func responseTimedOut(_ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        let deadline = exchanges[exchange].responseDeadline
        if loop.milliseconds >= deadline {
            metrics.add(.timeoutResponse)
            recordLoss(exchange, connection, on: &loop)
            return fail(exchange, .responseTimeout, on: &loop)
        }
        guard let decision = replacement(exchange, .lost, on: &loop) else {
            return loop.setTimer(servers[connection].socket, at: deadline)
        }
        metrics.add(.timeoutTry)
        recordLoss(exchange, connection, on: &loop)
        replaceTry(exchange, decision, on: &loop)
    }

    /// A server that stops in the middle of a response would hold its client for ever. While the client is the slower
    /// one, the server cannot go on and is not to blame.
    private mutating func checkStall(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        let limit = stallTime(exchange, Int(servers[connection].upstream))
        if limit == 0 { return }
        if loop.isSendPending(clients[exchanges[exchange].client].socket) {
            servers[connection].lastByte = loop.milliseconds
        }
        // In a call the client may be the one that speaks.
        let lastMove = exchanges[exchange].call.lastMove
        servers[connection].lastByte = max(servers[connection].lastByte, lastMove)
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
            && exchanges[exchange].flags.contains(.requestComplete)
            && !exchanges[exchange].flags.contains(.isReplaying) && !loop.isSendPending(servers[connection].socket)
            && !loop.isPeerEnded(servers[connection].socket)
            && servers[connection].epoch == serverStates[Int(servers[connection].server)].epoch
            && serverStates[Int(servers[connection].server)].isMember
        exchanges[exchange].connection = .max
        exchanges[exchange].flags.remove(.isReplaying)
        detach(connection)
        if servers[connection].isStream { return closeServer(connection, on: &loop) }
        // A server that was told of a client takes all that comes on the connection for that client's.
        let isOfOneClient = upstream.proxyProtocol != .none
        if !isClean || isOfOneClient || isDraining || servers[connection].requests + 1 >= upstream.maxRequests {
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

    /// Leaves whatever an exchange has of servers: it is over, or in the middle of something that nobody wants any more.
    mutating func dropServer(of exchange: UInt32, on loop: inout EventLoop) {
        leaveQueue(exchange)
        if exchanges[exchange].hedge != .max { dropHedge(of: exchange, on: &loop) }
        dropTry(of: exchange, on: &loop)
    }

    /// Closes the connection that serves an exchange, if there is one.
    mutating func dropTry(of exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        if connection == .max { return }
        exchanges[exchange].connection = .max
        exchanges[exchange].flags.remove(.isReplaying)
        endProbation(exchange, Int(servers[connection].server), nil)
        detach(connection)
        closeServer(connection, on: &loop)
    }

    /// The connection serves its exchange no more.
    mutating func detach(_ connection: UInt32) {
        let server = Int(servers[connection].server)
        if servers[connection].span != 0 { endSpan(connection) }
        if servers[connection].state == .active { metrics.decrement(.inFlight, server: server) }
        servers[connection].exchange = .max
        leave(server, Int(servers[connection].upstream))
    }

    private mutating func closeIdle(_ connection: UInt32, _ reason: Counter, on loop: inout EventLoop) {
        metrics.add(reason)
        metrics.decrement(.poolIdle)
        idle.remove(connection)
        closeServer(connection, on: &loop)
    }

    mutating func closeServer(_ connection: UInt32, on loop: inout EventLoop) {
        if servers[connection].isStream { return closeServerStream(connection, on: &loop) }
        if servers[connection].isLink { forgetLink(connection) }
        loop.close(servers[connection].socket)
        giveBackConnection(Int(servers[connection].server), Int(servers[connection].upstream))
        metrics.decrement(.upstreamConnectionsActive)
        if let token = servers.token(at: Int(connection)) { servers.remove(token) }
    }

    /// Bytes from a server that was not asked: whatever they are, the connection cannot be trusted any more.
    mutating func unexpectedBytes(_ connection: UInt32, on loop: inout EventLoop) {
        closeIdle(connection, .poolUnexpectedBytes, on: &loop)
    }
}
