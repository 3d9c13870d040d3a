// Getting a connection to a server: one that is idle, or a new one.
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Sends the exchange's request on an idle connection to its server, or connects first.
    mutating func sendOrConnect(_ exchange: UInt32, on loop: inout EventLoop) {
        while let connection = idle.take(server: Int(exchanges[exchange].server)) {
            metrics.decrement(.poolIdle)
            if loop.isPeerEnded(servers[connection].socket) {
                // The server closed it in this very turn; the event for it has not had its turn yet.
                metrics.add(.poolClosedByServer)
                closeServer(connection, on: &loop)
                continue
            }
            metrics.add(.upstreamConnectionsReused)
            servers[connection].state = .active
            servers[connection].requests += 1
            attach(connection, to: exchange, on: &loop)
            return sendRequest(exchange, on: &loop)
        }
        connect(exchange, on: &loop)
    }

    /// Starts a new connection to the exchange's server.
    mutating func connect(_ exchange: UInt32, on loop: inout EventLoop) {
        let server = exchanges[exchange].server
        let upstream = exchanges[exchange].upstream
        exchanges[exchange].attempts += 1
        exchanges[exchange].phase = .connecting
        guard let address = serverStates[Int(server)].nextAddress() else {
            return connectFailed(exchange, .noServerAddress, SystemError(0), on: &loop)
        }
        do throws(SystemError) {
            let socket = try loop.connect(to: address, tag: .max)
            let connection = ServerConnection(
                socket: socket, server: server, upstream: upstream, exchange: exchange,
                epoch: serverStates[Int(server)].epoch)
            guard let token = servers.insert(connection) else {
                loop.close(socket)
                throw SystemError.tooManyDescriptors
            }
            loop.setTag(socket, token.index | Self.serverTag)
            loop.setTimer(socket, at: loop.milliseconds + upstreamStates[Int(upstream)].settings.connectTime)
            exchanges[exchange].connection = token.index
            metrics.increment(.upstreamConnectionsActive)
            metrics.add(.upstreamConnectionsOpened)
        } catch {
            // Descriptors, ports or memory ran out here: no server is to blame, and trying the next one would not help.
            if error.isExhaustion || error == .addressNotAvailable {
                exchanges[exchange].systemError = error.code
                return fail(exchange, .noResources, on: &loop)
            }
            connectFailed(exchange, .connectFailed, error, on: &loop)
        }
    }

    mutating func serverConnected(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        servers[connection].state = .active
        attach(connection, to: exchange, on: &loop)
        sendRequest(exchange, on: &loop)
    }

    /// A connection could not be made: nothing was sent, so another server may always be tried.
    mutating func connectFailed(
        _ exchange: UInt32, _ failure: FailureKind, _ error: SystemError, on loop: inout EventLoop
    ) {
        metrics.add(.connectFailures)
        metrics.add(.connectFailures, server: Int(exchanges[exchange].server))
        exchanges[exchange].systemError = error.code
        let settings = upstreamStates[Int(exchanges[exchange].upstream)].settings
        if exchanges[exchange].attempts >= settings.retry.attempts || !chooseServer(for: exchange) {
            return fail(exchange, failure, on: &loop)
        }
        sendOrConnect(exchange, on: &loop)
    }

    /// Binds a connection that stands to an exchange.
    private mutating func attach(_ connection: UInt32, to exchange: UInt32, on loop: inout EventLoop) {
        let socket = servers[connection].socket
        servers[connection].exchange = exchange
        servers[connection].sentBefore = loop.bytesSent(socket)
        servers[connection].isReadingContent = false
        exchanges[exchange].connection = connection
        // That of a try before this one.
        exchanges[exchange].systemError = 0
        let isComplete = exchanges[exchange].flags.contains(.requestComplete)
        exchanges[exchange].phase = isComplete ? .awaitingResponse : .sendingRequest
        metrics.add(.requests, server: Int(servers[connection].server))
        metrics.increment(.inFlight, server: Int(servers[connection].server))
        loop.setReceiving(socket, true)
        scheduleResponseCheck(connection, on: &loop)
    }

    func responseTime(_ connection: UInt32) -> UInt64 {
        upstreamStates[Int(servers[connection].upstream)].settings.responseTime
    }

    mutating func scheduleResponseCheck(_ connection: UInt32, on loop: inout EventLoop) {
        loop.setTimer(servers[connection].socket, at: loop.milliseconds + responseTime(connection))
    }

    private mutating func sendRequest(_ exchange: UInt32, on loop: inout EventLoop) {
        guard let request = exchanges[exchange].request.take() else { return }
        let client = exchanges[exchange].client
        sendToServer(request, exchange, on: &loop)
        if exchanges[exchange].flags.contains(.requestComplete) { return }
        let token = exchanges.token(at: Int(exchange)) ?? .none
        if let pending = clients[client].pending.take() { relayRequestContent(pending, client, on: &loop) }
        // Content that waited was the reason to read no more. It may also have ended the exchange.
        if exchanges.contains(token) && exchanges[exchange].connection != .max { resumeUpload(exchange, on: &loop) }
    }

    /// Sends a buffer to the exchange's server; the client may go on when the server has taken it.
    mutating func sendToServer(_ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        metrics.add(.upstreamBytesOut, UInt64(buffer.count))
        switch loop.send(buffer, on: servers[connection].socket) {
        case .sent(let whole):
            requestSent(whole, connection)
        case .pending:
            let isComplete = exchanges[exchange].flags.contains(.requestComplete)
            if !isComplete { loop.setReceiving(clients[exchanges[exchange].client].socket, false) }
        }
    }

    /// The kernel has a piece of the request. The first one is kept if it is all there is and the connection was used
    /// before: should that turn out to be dead, the request can be sent again.
    mutating func requestSent(_ buffer: consuming Buffer, _ connection: UInt32) {
        let exchange = servers[connection].exchange
        if exchange == .max { return }
        if servers[connection].requests > 0 && exchanges[exchange].method.isIdempotent
            && exchanges[exchange].flags.contains(.replayable)
            && !exchanges[exchange].flags.contains(.responseBegun)
        {
            exchanges[exchange].request = consume buffer
        }
    }

    /// All that waited for a server has been sent.
    mutating func serverDrained(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if exchange == .max { return }
        scheduleResponseCheck(connection, on: &loop)
        resumeUpload(exchange, on: &loop)
    }

    private mutating func resumeUpload(_ exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        if exchanges[exchange].flags.contains(.requestComplete) || loop.isSendPending(servers[connection].socket) {
            return
        }
        loop.setReceiving(clients[exchanges[exchange].client].socket, true)
    }
}
