// Where the loop's events go: by the tag to one side or the other.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver: LoopDriver {
    package mutating func accepted(
        _ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop
    ) {
        admit(socket, listener, peer, on: &loop)
    }

    package mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {
        metrics.add(error.isExhaustion ? .connectionsRefusedExhausted : .acceptErrors)
    }

    package mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        serverConnected(tag & ~Self.serverTag, on: &loop)
    }

    package mutating func secured(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        clientSecured(tag, on: &loop)
    }

    package mutating func received(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop
    ) {
        if tag & Self.serverTag == 0 {
            clientReceived(buffer, tag, on: &loop)
        } else {
            serverReceived(buffer, tag & ~Self.serverTag, on: &loop)
        }
    }

    package mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        if tag & Self.serverTag == 0 {
            clientEnded(tag, on: &loop)
        } else {
            serverEnded(tag & ~Self.serverTag, on: &loop)
        }
    }

    package mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {
        if tag & Self.serverTag == 0 {
            // Given up here, before more is produced: what is sent next finds it in the pool.
            _ = consume buffer
            if reserve == nil { reserve = loop.pool.takeSmall() }
            if isIdle { clientDrained(tag, on: &loop) }
        } else {
            requestSent(buffer, tag & ~Self.serverTag)
            if isIdle { serverDrained(tag & ~Self.serverTag, on: &loop) }
        }
    }

    package mutating func fileSent(_ outcome: FileOutcome, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        // Servers are sent no files.
        if tag & Self.serverTag == 0 { filePieceSent(outcome, tag, on: &loop) }
    }

    package mutating func sendingEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        let isClient = tag & Self.serverTag == 0
        let exchange = isClient ? clients[tag].exchange : servers[tag & ~Self.serverTag].exchange
        // A client that has only been refused has none.
        if exchange != .max { endTunnelIfOver(exchange, on: &loop) }
    }

    package mutating func resumed(_ channel: Token, tag: UInt32, on loop: inout EventLoop) {
        if tag & Self.serverTag == 0 {
            streamResumed(tag, on: &loop)
        } else {
            serverStreamResumed(tag & ~Self.serverTag, on: &loop)
        }
    }

    package mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        if tag & Self.serverTag == 0 {
            clientFailed(tag, on: &loop)
        } else {
            serverFailed(tag & ~Self.serverTag, error, on: &loop)
        }
    }

    package mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        if tag & Self.serverTag == 0 {
            clientTimerExpired(tag, on: &loop)
        } else {
            serverTimerExpired(tag & ~Self.serverTag, on: &loop)
        }
    }

    package mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        metrics.add(.bufferWaits)
        if tag & Self.serverTag == 0 { clientStarved(tag, on: &loop) } else { serverStarved(tag & ~Self.serverTag) }
    }

    package mutating func handle(_ message: Message, on loop: inout EventLoop) {
        switch message {
        case .drain: beginDrain(on: &loop)
        case .leave: leave(on: &loop)
        case .stop: stop(on: &loop)
        case .resolved(let server, let addresses): resolve(server, to: addresses, on: &loop)
        case .answer(let exchange, let answer): resume(exchange, with: answer, on: &loop)
        case .verdict(let exchange, let verdict): resume(exchange, verdict, on: &loop)
        case .networks(let list, let set): networkLists[list] = set
        case .maintenance(let place, let isOn): maintenances[place].isOn = isOn
        case .maintenancePage(let place, let page): maintenances[place].page = page
        case .folder(let site, let folder): folders[site] = folder
        case .file(let exchange, let finding): fileFound(exchange, finding, on: &loop)
        case .connections(let limit, let reply): reply(connectionReports(limit: limit))
        case .watch(let time, let reply): watch(for: time, reply, on: &loop)
        case .fileLoaded(let exchange, let end): fileLoaded(exchange, upTo: end, on: &loop)
        case .roster(let upstream, let roster, let revision):
            if isCurrent(upstream, revision) { update(upstream, roster, on: &loop) }
        case .serverDown(let server): evacuate(server, on: &loop)
        case .cutServer(let server): cut(server, on: &loop)
        case .model(let change): adopt(change, on: &loop)
        case .use(let reply): reply(slotUse())
        case .listen(let sockets): listen(on: sockets, loop: &loop)
        case .shareListeners(let reply): reply(shareListeners(&loop))
        case .ping(let reply): reply()
        // The end of the turn does it.
        case .serveWaiting: return
        }
    }

    package mutating func turnEnded(on loop: inout EventLoop) {
        serveDeadlines(on: &loop)
        cutStalledTunnels(on: &loop)
        serveWaiting(on: &loop)
        serveCoders(on: &loop)
        sendMirrors(on: &loop)
        yieldIdle(on: &loop)
        continuePausedFiles(on: &loop)
        flushMultiplexers(on: &loop)
        log.turnEnded(metrics, on: &loop)
        tracing.turnEnded(metrics, on: &loop)
        if watch.isOn { watchOn(on: &loop) }
        metrics.set(.bufferBytes, loop.pool.usedBytes)
        metrics.set(.loopBusyNanoseconds, Int(truncatingIfNeeded: loop.busyNanoseconds))
        // The one before this one, whose length is known by now.
        metrics.record(.turn, (loop.busyNanoseconds - busyBefore) / 1_000)
        busyBefore = loop.busyNanoseconds
        continueDrain(on: &loop)
    }
}

extension ProxyDriver {
    /// Other servers of an upstream may be chosen. Idle connections to those that may not are closed.
    mutating func update(_ upstream: Int, _ roster: Roster, on loop: inout EventLoop) {
        upstreamStates[upstream].update(roster)
        for server in upstreamStates[upstream].servers { serverStates[server].isMember = false }
        for member in roster.members {
            serverStates[Int(member.server)].isMember = true
            serverStates[Int(member.server)].inFlightLimit = member.limit == .max ? .max : Int(member.limit)
        }
        for server in upstreamStates[upstream].servers
        where !serverStates[server].isMember && !roster.probation.contains(UInt32(server)) {
            closeAllIdle(server, .poolServerGone, on: &loop)
        }
        if !roster.members.isEmpty { upstreamStates[upstream].outage.end() }
    }

    /// A server is down: exchanges that wait for its response are sent to another one, where that is safe.
    private mutating func evacuate(_ server: Int, on loop: inout EventLoop) {
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            let exchange = UInt32(index)
            if exchanges[exchange].server != Int32(server) || exchanges[exchange].connection == .max { continue }
            if exchanges[exchange].flags.contains(.responseHeadSent) { continue }
            if servers[exchanges[exchange].connection].state == .connecting {
                tryFailed(exchange, .notConnected, .serverDown, on: &loop)
            } else {
                _ = replaceTry(exchange, .lost, on: &loop)
            }
        }
    }

    /// The time for draining a server is over.
    private mutating func cut(_ server: Int, on loop: inout EventLoop) {
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            let exchange = UInt32(index)
            if exchanges[exchange].server != Int32(server) || exchanges[exchange].connection == .max { continue }
            metrics.add(.exchangesCut)
            if exchanges[exchange].flags.contains(.responseHeadSent) {
                fail(exchange, .serverDrained, on: &loop)
            } else {
                let isConnecting = servers[exchanges[exchange].connection].state == .connecting
                tryFailed(exchange, isConnecting ? .notConnected : .lost, .serverDrained, on: &loop)
            }
        }
    }

    /// Closes the idle connections to a server.
    mutating func closeAllIdle(_ server: Int, _ reason: Counter, on loop: inout EventLoop) {
        retireLinks(server, on: &loop)
        while let connection = idle.take(server: server) {
            metrics.decrement(.poolIdle)
            metrics.add(reason)
            closeServer(connection, on: &loop)
        }
    }

    /// A server's name leads elsewhere now. Idle connections to where it is no longer are closed; busy ones are when they
    /// are free.
    private mutating func resolve(_ server: Int, to addresses: [SocketAddress], on loop: inout EventLoop) {
        let before = serverStates[server].addresses
        if serverStates[server].resolve(to: addresses) { closeAllIdle(server, .poolAddressGone, on: &loop) }
        // They come in another order each time.
        let isSame = before.count == addresses.count && addresses.allSatisfy { before.contains($0) }
        if !isSame { learnOrigin(server) }
    }
}
