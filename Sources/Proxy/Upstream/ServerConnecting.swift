// Getting a connection to a server: one that is idle, or a new one.
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Starts a new connection to the exchange's server. What that takes of limits has been claimed.
    mutating func connect(_ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].phase = .connecting
        do throws(SystemError) {
            exchanges[exchange].connection = try open(Int(exchanges[exchange].server), for: exchange, on: &loop)
        } catch {
            exchanges[exchange].systemError = error.code
            endProbation(exchange, Int(exchanges[exchange].server), nil)
            // Descriptors, ports or memory ran out here: no server is to blame, and trying the next one would not help.
            if error.isExhaustion || error == .addressNotAvailable { return fail(exchange, .noResources, on: &loop) }
            metrics.add(.connectFailures)
            metrics.add(.connectFailures, server: Int(exchanges[exchange].server))
            recordFailure(exchange, Int(exchanges[exchange].server), .connection)
            tryFailed(exchange, .notConnected, .connectFailed, on: &loop)
        }
    }

    /// Makes a connection to a server for an exchange. If that fails at once, what was claimed for it is given back.
    mutating func open(
        _ server: Int, for exchange: UInt32, on loop: inout EventLoop
    ) throws(SystemError) -> UInt32 {
        let upstream = exchanges[exchange].upstream
        do throws(SystemError) {
            guard let address = serverStates[server].nextAddress() else { throw SystemError.addressNotAvailable }
            let socket = try loop.connect(to: address, tag: .max)
            if !secure(socket, server, exchange, on: &loop)
                || !announce(exchange, Int(upstream), on: socket, loop: &loop)
            {
                loop.close(socket)
                throw SystemError.noMemory
            }
            var connection = ServerConnection(
                socket: socket, server: Int32(server), upstream: upstream, exchange: exchange,
                epoch: serverStates[server].epoch)
            connection.began = loop.nanoseconds
            guard let token = servers.insert(connection) else {
                loop.close(socket)
                throw SystemError.tooManyDescriptors
            }
            var opened = token.index
            if isStreamed(exchange, at: server) {
                guard makeLink(token.index, on: &loop),
                    let stream = makeServerStream(token.index, for: exchange, on: &loop)
                else {
                    if servers[token.index].isLink { forgetLink(token.index) }
                    servers.remove(token)
                    loop.close(socket)
                    throw SystemError.noMemory
                }
                opened = stream
            } else if exchanges[exchange].flags.contains(.isSampled) {
                beginSpan(opened, exchange)
            }
            loop.setTag(socket, token.index | Self.serverTag)
            loop.setTimer(socket, at: loop.milliseconds + upstreamStates[Int(upstream)].settings.connectTime)
            metrics.increment(.upstreamConnectionsActive)
            metrics.add(.upstreamConnectionsOpened)
            return opened
        } catch {
            giveBackConnection(server, Int(upstream))
            leave(server, Int(upstream))
            throw error
        }
    }

    mutating func serverConnected(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if servers[connection].isLink { return linkConnected(connection, on: &loop) }
        servers[connection].state = .active
        noteConnected(connection, exchange, on: &loop)
        if !servers[connection].isStream { noteSecured(connection, on: &loop) }
        upstreamStates[Int(servers[connection].upstream)].outage.end()
        if exchanges[exchange].flags.contains(.isTunnel) { return tunnelConnected(connection, exchange, on: &loop) }
        if isHedge(connection) { return sendHedge(exchange, on: &loop) }
        attach(connection, to: exchange, on: &loop)
        sendRequest(exchange, on: &loop)
    }

    /// A connection stands: how long that took.
    /// - Parameter exchange: that waits for it; `.max` for none.
    mutating func noteConnected(_ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        let began = servers[connection].began
        // What a stream has waited for is counted where its link is.
        let stood = servers[connection].isStream ? loop.nanoseconds : loop.connectedAt(servers[connection].socket)
        let connecting = stood > began && began > 0 ? stood - began : 0
        let securing = loop.nanoseconds > stood ? loop.nanoseconds - stood : 0
        if exchange != .max {
            exchanges[exchange].times.connecting += connecting
            exchanges[exchange].times.securing += securing
        }
        if servers[connection].isStream { return }
        metrics.record(.connect, connecting / 1_000)
        if upstreamStates[Int(servers[connection].upstream)].tls != nil {
            metrics.record(.upstreamHandshake, securing / 1_000)
        }
    }

    /// A connection could not be made: nothing was sent, so another server may always be tried.
    mutating func connectFailed(
        _ connection: UInt32, _ failure: FailureKind, _ error: SystemError, on loop: inout EventLoop
    ) {
        let exchange = servers[connection].exchange
        let server = Int(servers[connection].server)
        metrics.add(.connectFailures)
        metrics.add(.connectFailures, server: server)
        recordLoss(exchange, connection, on: &loop)
        if isHedge(connection) { return dropHedge(of: exchange, on: &loop) }
        let trust = trustFailure(connection, exchange, on: &loop)
        exchanges[exchange].systemError = trust == nil ? error.code : 0
        tryFailed(exchange, .notConnected, trust ?? failure, on: &loop)
    }

    /// Binds a connection that stands to an exchange.
    mutating func attach(_ connection: UInt32, to exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].connection = connection
        // That of a try before this one. Should it have to wait again, its time begins anew, as a server was there.
        exchanges[exchange].systemError = 0
        exchanges[exchange].detail = nil
        exchanges[exchange].waitingSince = 0
        exchanges[exchange].times.sent = loop.nanoseconds
        let isComplete = exchanges[exchange].flags.contains(.requestComplete)
        exchanges[exchange].phase = isComplete ? .awaitingResponse : .sendingRequest
        countTry(connection, on: &loop)
        scheduleResponseCheck(connection, on: &loop)
    }

    /// A server gets a request on a connection that stands.
    mutating func countTry(_ connection: UInt32, on loop: inout EventLoop) {
        let socket = servers[connection].socket
        servers[connection].began = loop.nanoseconds
        servers[connection].sentBefore = loop.bytesSent(socket)
        servers[connection].isReadingContent = false
        metrics.add(.requests, server: Int(servers[connection].server))
        metrics.increment(.inFlight, server: Int(servers[connection].server))
        loop.setReceiving(socket, true)
    }

    /// Sets the time by which the response must have begun: that of this try, or that of the exchange as a whole.
    mutating func scheduleResponseCheck(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        let upstream = Int(servers[connection].upstream)
        let now = loop.milliseconds
        if exchanges[exchange].responseDeadline == 0 || !exchanges[exchange].flags.contains(.requestComplete) {
            exchanges[exchange].responseDeadline = now + responseTime(exchange, upstream)
        }
        let tryTime = upstreamStates[upstream].settings.retry.tryTime
        let deadline = exchanges[exchange].responseDeadline
        loop.setTimer(servers[connection].socket, at: tryTime == 0 ? deadline : min(deadline, now + tryTime))
    }

    mutating func sendRequest(_ exchange: UInt32, on loop: inout EventLoop) {
        guard var request = exchanges[exchange].request.take() else { return beginReplay(exchange, on: &loop) }
        if exchanges[exchange].call.timeoutPlace > 0 {
            writeTimeout(exchange, into: &request, now: loop.milliseconds)
        }
        if exchanges[exchange].flags.contains(.isSampled) {
            writeSpan(exchange, exchanges[exchange].connection, into: &request)
        }
        sendToServer(request, exchange, on: &loop)
        resumeAfterHead(exchange, on: &loop)
    }

    /// The first of the request has been handed over: what came of its content meanwhile follows, and then the rest.
    mutating func resumeAfterHead(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].flags.contains(.requestComplete) { return scheduleHedge(exchange, on: &loop) }
        let client = exchanges[exchange].client
        let token = exchanges.token(at: Int(exchange)) ?? .none
        if let pending = clients[client].pending.take() {
            relayRequestContent(pending, client, on: &loop)
        } else if clients[client].flags.isSuperset(of: [.isStream, .ended]) {
            streamResumed(client, on: &loop)
        }
        // Content that waited was the reason to read no more. It may also have ended the exchange.
        if exchanges.contains(token) && exchanges[exchange].connection != .max { resumeUpload(exchange, on: &loop) }
    }

    /// Sends a buffer to the exchange's server; the client may go on when the server has taken it.
    mutating func sendToServer(_ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        if exchanges[exchange].replay.isComplete { keepForReplay(buffer, exchange, on: &loop) }
        metrics.add(.upstreamBytesOut, UInt64(buffer.count))
        switch loop.send(buffer, on: servers[connection].socket) {
        case .sent(let whole):
            requestSent(whole, connection)
        case .pending:
            let isComplete = exchanges[exchange].flags.contains(.requestComplete)
            if !isComplete { loop.setReceiving(clients[exchanges[exchange].client].socket, false) }
        }
    }

    /// The kernel has a piece of the request. If it is all there is, and sending it again is safe, it is kept until the
    /// response has begun: the connection may turn out to be dead, or the server to be ill, or to say that it has not begun.
    mutating func requestSent(_ buffer: consuming Buffer, _ connection: UInt32) {
        let exchange = servers[connection].exchange
        if exchange == .max || exchanges[exchange].hedge == connection { return }
        let upstream = Int(servers[connection].upstream)
        let flags = exchanges[exchange].flags
        if !flags.contains(.replayable) || flags.contains(.responseHeadSent) || !fitsMemory(exchange) { return }
        if !isRepeatable(exchange, upstream) && !mayBeRefused(exchange, upstream) { return }
        let settings = upstreamStates[upstream].settings
        if servers[connection].requests > 0 || settings.retry.attempts > 1 || settings.hedge.percentile > 0 {
            exchanges[exchange].request = consume buffer
        }
    }

    /// All that waited for a server has been sent.
    mutating func serverDrained(_ connection: UInt32, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if servers[connection].isLink { return queueFlush(servers[connection].multiplexer) }
        if exchange == .max || isHedge(connection) { return }
        if exchanges[exchange].flags.contains(.isTunnel) { return tunnelDrained(exchange, .toServer, on: &loop) }
        scheduleResponseCheck(connection, on: &loop)
        if exchanges[exchange].flags.contains(.isReplaying) { return continueReplay(exchange, on: &loop) }
        // Only now is the request kept that a second server would be sent.
        if exchanges[exchange].flags.contains(.requestComplete) { return scheduleHedge(exchange, on: &loop) }
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
