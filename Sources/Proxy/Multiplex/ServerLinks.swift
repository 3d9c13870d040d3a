// Connections to servers that carry streams: links. Few of them serve many clients.
//
//   exchange ──▶ a stream's ServerConnection ──▶ channel ──▶ FrameSending ──frames──▶ link's socket ──▶ server
import MartletBalancing
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore
import MartletTLS
import MartletTelemetry

extension ProxyDriver {
    /// A link to a server on which another stream may begin: one that stands, or that is being made.
    mutating func linkWithRoom(_ server: Int, on loop: inout EventLoop) -> UInt32? {
        var index = serverStates[server].firstLink
        while index != .max {
            let link = multiplexers[index].owner
            let isUsable = servers[link].epoch == serverStates[server].epoch && servers[link].isPersistent
            if isUsable && multiplexers[index].hasRoom && !loop.isPeerEnded(multiplexers[index].socket) { return link }
            index = multiplexers[index].nextLink
        }
        return nil
    }

    /// Makes a link of a connection that has just been started.
    mutating func makeLink(_ connection: UInt32, on loop: inout EventLoop) -> Bool {
        let upstream = Int(servers[connection].upstream)
        let server = Int(servers[connection].server)
        let limits = HTTP2Limits(
            upstreamStates[upstream].settings.http2, heads: settings.responseHead, enablesConnect: false)
        var multiplexer = Multiplexer(
            socket: servers[connection].socket, owner: connection, role: .client, limits: limits,
            now: loop.milliseconds)
        multiplexer.nextLink = serverStates[server].firstLink
        multiplexer.streamLimit = UInt32(limits.maxStreams)
        multiplexer.requestLimit = upstreamStates[upstream].settings.maxRequests
        guard let token = multiplexers.insert(multiplexer) else { return false }
        serverStates[server].firstLink = token.index
        servers[connection].multiplexer = token.index
        servers[connection].isLink = true
        servers[connection].exchange = .max
        return true
    }

    /// A link stands: its streams begin.
    mutating func linkConnected(_ link: UInt32, on loop: inout EventLoop) {
        noteConnected(link, .max, on: &loop)
        noteSecured(link, on: &loop)
        let index = servers[link].multiplexer
        let upstream = Int(servers[link].upstream)
        upstreamStates[upstream].outage.end()
        if upstreamStates[upstream].tls != nil && !isSpoken(on: link, loop: &loop) {
            return linkUnspoken(link, on: &loop)
        }
        servers[link].state = .active
        metrics.add(.upstreamHTTP2Connections)
        metrics.increment(.upstreamHTTP2ConnectionsActive)
        multiplexers[index].machine.start()
        loop.setReceiving(servers[link].socket, true)
        loop.cancelTimer(servers[link].socket)
        queueFlush(index)
        for place in 0..<servers.places {
            guard let stream = stream(at: place, of: index) else { continue }
            if isUndecided(stream) { awaitDecision(stream, on: &loop) } else { serverConnected(stream, on: &loop) }
        }
    }

    /// The stream of a link at a place among the connections to servers; `nil` if it is not one of them.
    func stream(at place: Int, of index: UInt32) -> UInt32? {
        guard let token = servers.token(at: place), servers[token.index].isStream else { return nil }
        return servers[token.index].multiplexer == index ? token.index : nil
    }

    /// The server does not speak HTTP/2. Nothing has been sent to it.
    private mutating func linkUnspoken(_ link: UInt32, on loop: inout EventLoop) {
        let server = Int(servers[link].server)
        let isRequired = upstreamStates[Int(servers[link].upstream)].settings.version == .http2
        if isRequired {
            metrics.add(.upstreamProtocolsRefused)
            return failLink(link, .protocolNotSpoken, .protocolError, on: &loop)
        }
        serverStates[server].speaksHTTP2 = false
        let index = servers[link].multiplexer
        for place in 0..<servers.places {
            guard let stream = stream(at: place, of: index) else { continue }
            let exchange = servers[stream].exchange
            if isHedge(stream) { dropHedge(of: exchange, on: &loop) } else { tryAgain(exchange, on: &loop) }
        }
        closeServer(link, on: &loop)
    }

    /// Begins a try anew that came to nothing for no fault of anybody.
    mutating func tryAgain(_ exchange: UInt32, on loop: inout EventLoop) {
        dropTry(of: exchange, on: &loop)
        exchanges[exchange].attempts -= 1
        exchanges[exchange].tried = TriedServers()
        exchanges[exchange].phase = .connecting
        dispatch(exchange, on: &loop)
    }

    // MARK: Ends

    /// A link could not be made, was reset, or the server has ended it: so have its streams.
    mutating func linkFailed(_ link: UInt32, _ error: SystemError, on loop: inout EventLoop) {
        failLink(link, servers[link].state == .connecting ? .connectFailed : .serverReset, error, on: &loop)
    }

    mutating func failLink(
        _ link: UInt32, _ failure: FailureKind, _ error: SystemError, on loop: inout EventLoop
    ) {
        let index = servers[link].multiplexer
        // No stream begins on it any more.
        servers[link].isPersistent = false
        multiplexers[index].isFailed = true
        for place in 0..<servers.places {
            guard let stream = stream(at: place, of: index) else { continue }
            servers[stream].place = -1
            if servers[stream].state == .connecting {
                connectFailed(stream, failure, error, on: &loop)
            } else {
                streamLost(stream, error, on: &loop)
            }
        }
        closeServer(link, on: &loop)
    }

    /// The link's timer: it does not stand in time, has been idle for long enough, or the server does not do what it must.
    mutating func linkTimerExpired(_ link: UInt32, on loop: inout EventLoop) {
        let index = servers[link].multiplexer
        if servers[link].state == .connecting {
            metrics.add(.timeoutConnect)
            return failLink(link, .connectTimeout, .timedOut, on: &loop)
        }
        if multiplexers[index].streams == 0 || multiplexers[index].isFailed {
            metrics.add(.poolIdleTimeout)
            metrics.add(.upstreamHTTP2GoAwaysOut)
            multiplexers[index].machine.finish(.noError)
            return endLink(link, on: &loop)
        }
    }

    /// The server has broken a rule, and is told so.
    mutating func endBrokenLink(_ link: UInt32, on loop: inout EventLoop) {
        let index = servers[link].multiplexer
        metrics.add(.upstreamHTTP2GoAwaysOut)
        if let last = multiplexers[index].takeOutput(pool: loop.pool) {
            _ = loop.send(last, on: servers[link].socket)
        }
        failLink(link, .serverBrokeHTTP2, .protocolError, on: &loop)
    }

    /// Closes a link that has no streams, when the server has been told so.
    private mutating func endLink(_ link: UInt32, on loop: inout EventLoop) {
        let index = servers[link].multiplexer
        if let last = multiplexers[index].takeOutput(pool: loop.pool) {
            _ = loop.send(last, on: servers[link].socket)
        }
        closeServer(link, on: &loop)
    }

    /// All has been sent that there was. A link without streams is kept for a while, or closed when none may begin on it.
    mutating func linkFlushed(_ link: UInt32, on loop: inout EventLoop) {
        let index = servers[link].multiplexer
        if servers[link].state == .connecting || multiplexers[index].streams > 0 { return }
        let server = Int(servers[link].server)
        let isUseful =
            servers[link].isPersistent && !multiplexers[index].isFailed && multiplexers[index].mayServe
            && servers[link].epoch == serverStates[server].epoch && serverStates[server].isMember
        if !isUseful || isDraining { return closeServer(link, on: &loop) }
        let idleTime = upstreamStates[Int(servers[link].upstream)].settings.idleTime
        loop.setTimer(servers[link].socket, at: loop.milliseconds + idleTime)
    }

    /// A server may not be chosen any more, or is elsewhere: no stream begins on its links.
    mutating func retireLinks(_ server: Int, on loop: inout EventLoop) {
        var index = serverStates[server].firstLink
        while index != .max {
            servers[multiplexers[index].owner].isPersistent = false
            queueFlush(index)
            index = multiplexers[index].nextLink
        }
    }

    /// Takes a link out of its server's list.
    mutating func forgetLink(_ link: UInt32) {
        let index = servers[link].multiplexer
        let server = Int(servers[link].server)
        if servers[link].state == .active { metrics.decrement(.upstreamHTTP2ConnectionsActive) }
        if serverStates[server].firstLink == index {
            serverStates[server].firstLink = multiplexers[index].nextLink
        } else {
            var before = serverStates[server].firstLink
            while before != .max && multiplexers[before].nextLink != index { before = multiplexers[before].nextLink }
            if before != .max { multiplexers[before].nextLink = multiplexers[index].nextLink }
        }
        if let token = multiplexers.token(at: Int(index)) { multiplexers.remove(token) }
    }

    private mutating func isSpoken(on link: UInt32, loop: inout EventLoop) -> Bool {
        guard let session = loop.cipher(of: servers[link].socket) as? TLSSession else { return false }
        return session.isHTTP2
    }
}
