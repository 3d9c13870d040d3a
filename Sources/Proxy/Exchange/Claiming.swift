// Choosing a server, and making sure of it: an exchange in flight, and a connection, both within their limits.
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

/// What an exchange has got hold of.
enum Claim: BitwiseCopyable {
    /// An idle connection to the server that the exchange names now.
    case idle(UInt32)
    /// A link to that server on which another stream may begin.
    case shared(UInt32)
    /// The right to make a connection to that server.
    case fresh
    /// All servers are at their limits.
    case saturated
    /// There is no server.
    case nobody
}

extension ProxyDriver {
    /// How many servers are looked at that turn out to be full after they were chosen.
    private static var claimLimit: Int { 4 }

    /// Chooses the server for an exchange's next try and counts the exchange there.
    mutating func claim(_ exchange: UInt32, on loop: inout EventLoop) -> Claim {
        let upstream = Int(exchanges[exchange].upstream)
        if !takeRequest(upstream) { return .saturated }
        var question = Question(now: loop.nanoseconds)
        question.key = exchanges[exchange].key
        question.tried = exchanges[exchange].tried
        for _ in 0..<Self.claimLimit {
            switch pick(exchange, question, upstream) {
            case .server(let server):
                if let claim = take(server, for: exchange, on: &loop) { return claim }
                question.tried.insert(server)
            case .saturated:
                giveBackRequest(upstream)
                return .saturated
            case .nobody:
                giveBackRequest(upstream)
                return .nobody
            }
        }
        giveBackRequest(upstream)
        return .saturated
    }

    private mutating func pick(_ exchange: UInt32, _ question: Question, _ upstream: Int) -> Choice {
        if !upstreamStates[upstream].probation.isEmpty, let server = probationer(exchange, upstream) {
            return .server(server)
        }
        let stuckTo = Int(exchanges[exchange].stuckTo)
        if stuckTo >= 0 && serverStates[stuckTo].isMember && !question.tried.contains(stuckTo)
            && loads.inFlight(stuckTo) < serverStates[stuckTo].inFlightLimit
        {
            return .server(stuckTo)
        }
        return upstreamStates[upstream].chooser.choose(question, loads)
    }

    /// A server on probation gets one exchange, which another server can serve should it fail.
    private mutating func probationer(_ exchange: UInt32, _ upstream: Int) -> Int? {
        if !exchanges[exchange].tried.isEmpty || !isRepeatable(exchange, upstream)
            || !exchanges[exchange].flags.contains(.replayable)
        {
            return nil
        }
        for server in upstreamStates[upstream].probation where loads.takeProbation(Int(server)) {
            exchanges[exchange].probation = Int32(server)
            return Int(server)
        }
        return nil
    }

    /// Counts the exchange at a server, and finds an idle connection or makes sure that there may be a new one.
    private mutating func take(_ server: Int, for exchange: UInt32, on loop: inout EventLoop) -> Claim? {
        if serverStates[server].addresses.isEmpty || !loads.begin(server, limit: serverStates[server].inFlightLimit) {
            endProbation(exchange, server, nil)
            return nil
        }
        // What a tunnel's server has seen of another client must not be mixed with it.
        let isTunnel = exchanges[exchange].flags.contains(.isTunnel)
        if isStreamed(exchange, at: server) {
            if let link = linkWithRoom(server, on: &loop) {
                exchanges[exchange].server = Int32(server)
                return .shared(link)
            }
        } else if !isTunnel, let connection = takeIdle(server, on: &loop) {
            exchanges[exchange].server = Int32(server)
            return .idle(connection)
        }
        if takeConnection(server, Int(exchanges[exchange].upstream), on: &loop) {
            exchanges[exchange].server = Int32(server)
            return .fresh
        }
        loads.end(server)
        endProbation(exchange, server, nil)
        return nil
    }

    /// Whether an exchange's request is a stream at a server. What is a tunnel has a connection of its own, and so has what may
    /// become one, but for WebSockets where they can be streams.
    func isStreamed(_ exchange: UInt32, at server: Int) -> Bool {
        if !serverStates[server].speaksHTTP2 || exchanges[exchange].flags.contains(.isTunnel) { return false }
        return exchanges[exchange].upgrade < 0 || isConnectStream(exchange, at: server)
    }

    /// An idle connection that is alive, as far as is known.
    private mutating func takeIdle(_ server: Int, on loop: inout EventLoop) -> UInt32? {
        while let connection = idle.take(server: server) {
            metrics.decrement(.poolIdle)
            if !loop.isPeerEnded(servers[connection].socket) { return connection }
            // The server closed it in this very turn; the event for it has not had its turn yet.
            metrics.add(.poolClosedByServer)
            closeServer(connection, on: &loop)
        }
        return nil
    }

    // MARK: Limits

    /// Gives back what was claimed for an exchange that has changed its mind.
    mutating func giveBack(_ claim: Claim, _ server: Int, _ upstream: Int, on loop: inout EventLoop) {
        switch claim {
        case .idle(let connection):
            if idle.offer(connection, server: server, limit: .max) { metrics.increment(.poolIdle) }
        case .fresh: giveBackConnection(server, upstream)
        case .shared: break
        case .saturated, .nobody: return
        }
        leave(server, upstream)
    }

    /// Counts a connection about to be made; `false` at the server's or the upstream's limit.
    private mutating func takeConnection(_ server: Int, _ upstream: Int, on loop: inout EventLoop) -> Bool {
        if !loads.connect(server, limit: serverStates[server].connectionLimit) { return false }
        let limit = upstreamStates[upstream].settings.breaker.connections
        if upstreamLoads.take(.connections, upstream, limit: limit) { return true }
        // One that does nothing must not keep others from being made.
        if closeOneIdle(upstream, on: &loop) && upstreamLoads.take(.connections, upstream, limit: limit) {
            return true
        }
        loads.disconnect(server)
        return false
    }

    private mutating func closeOneIdle(_ upstream: Int, on loop: inout EventLoop) -> Bool {
        for server in upstreamStates[upstream].servers {
            guard let connection = idle.take(server: server) else { continue }
            metrics.decrement(.poolIdle)
            metrics.add(.poolLimit)
            closeServer(connection, on: &loop)
            return true
        }
        return false
    }

    /// Where connections are limited, those that are idle here may be what another loop's exchange waits for.
    mutating func yieldIdle(on loop: inout EventLoop) {
        if limitedUpstreams.isEmpty || idle.count == 0 { return }
        for upstream in limitedUpstreams {
            guard let other = loopBefore(upstream) else { continue }
            for server in upstreamStates[upstream].servers { closeAllIdle(server, .poolLimit, on: &loop) }
            tell(other, .serveWaiting)
        }
    }

    /// Counts an exchange and a connection without asking for limits: they take the place of what has just died.
    func takeAnyPlace(_ server: Int, _ upstream: Int) {
        _ = loads.begin(server)
        _ = loads.connect(server)
        _ = upstreamLoads.take(.connections, upstream, limit: .max)
        if upstreamStates[upstream].settings.breaker.requests != .max {
            _ = upstreamLoads.take(.requests, upstream, limit: .max)
        }
    }

    func giveBackConnection(_ server: Int, _ upstream: Int) {
        loads.disconnect(server)
        upstreamLoads.giveBack(.connections, upstream)
    }

    /// Counts an exchange of the upstream, if there is a limit.
    func takeRequest(_ upstream: Int) -> Bool {
        let limit = upstreamStates[upstream].settings.breaker.requests
        return limit == .max || upstreamLoads.take(.requests, upstream, limit: limit)
    }

    func giveBackRequest(_ upstream: Int) {
        if upstreamStates[upstream].settings.breaker.requests != .max {
            upstreamLoads.giveBack(.requests, upstream)
        }
    }

    /// The exchange is no longer at the server: whoever waits may have its place.
    mutating func leave(_ server: Int, _ upstream: Int) {
        loads.end(server)
        giveBackRequest(upstream)
        wakeWaiting(upstream)
    }

    /// Whether a request may be sent twice. A tunnel is tried only as long as nothing of it has been sent.
    func isRepeatable(_ exchange: UInt32, _ upstream: Int) -> Bool {
        exchanges[exchange].flags.contains(.isTunnel) || exchanges[exchange].method.isIdempotent
            || upstreamStates[upstream].settings.retry.allMethods
    }
}
