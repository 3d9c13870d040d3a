// Asking a second server before the first has answered. Whoever answers first serves the exchange; the other is left.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    /// The request has been sent as a whole: when most responses would have come, a second server is asked.
    mutating func scheduleHedge(_ exchange: UInt32, on loop: inout EventLoop) {
        let upstream = Int(exchanges[exchange].upstream)
        let settings = upstreamStates[upstream].settings.hedge
        guard settings.percentile > 0, let usual = upstreamStates[upstream].latency.value else { return }
        if exchanges[exchange].request == nil || !isRepeatable(exchange, upstream) { return }
        let pause = min(max((usual + 999_999) / 1_000_000, settings.leastTime), settings.longestTime)
        _ = schedule(.hedge, exchange, after: pause, on: &loop)
    }

    /// The time has come. A hedge is a retry as far as budget and limits are concerned.
    mutating func hedge(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].phase != .awaitingResponse || exchanges[exchange].hedge != .max
            || exchanges[exchange].flags.contains(.responseBegun) || exchanges[exchange].request == nil
        {
            return
        }
        let upstream = Int(exchanges[exchange].upstream)
        let settings = upstreamStates[upstream].settings.retry
        if !hasOther(exchange) { return }
        if !upstreamStates[upstream].budget.take(
            now: loop.milliseconds, percent: settings.budgetPercent, floor: settings.budgetFloor)
            || !takeRetry(exchange, upstream)
        {
            return metrics.add(.retriesRefused)
        }
        let first = exchanges[exchange].server
        let claim = claim(exchange, on: &loop)
        let second = exchanges[exchange].server
        exchanges[exchange].server = first
        // The others have no room: the first one has the request already.
        if exchanges[exchange].tried.contains(Int(second)) {
            return giveBack(claim, Int(second), upstream, on: &loop)
        }
        switch claim {
        case .saturated, .nobody: return
        case .idle(let connection):
            metrics.add(.hedges)
            reuse(connection, for: exchange)
            beginHedge(exchange, connection)
            sendHedge(exchange, on: &loop)
        case .shared(let link):
            guard let stream = makeServerStream(link, for: exchange, on: &loop) else {
                return leave(Int(second), upstream)
            }
            metrics.add(.hedges)
            beginHedge(exchange, stream)
            if !isTaken(stream) { return dropHedge(of: exchange, on: &loop) }
            if servers[stream].state == .active { sendHedge(exchange, on: &loop) }
        case .fresh:
            metrics.add(.hedges)
            guard let connection = try? open(Int(second), for: exchange, on: &loop) else { return }
            beginHedge(exchange, connection)
        }
    }

    private mutating func beginHedge(_ exchange: UInt32, _ connection: UInt32) {
        exchanges[exchange].hedge = connection
        exchanges[exchange].tries &+= 1
        servers[connection].spanTry = exchanges[exchange].tries
        exchanges[exchange].tried.insert(Int(servers[connection].server))
    }

    func isHedge(_ connection: UInt32) -> Bool {
        let exchange = servers[connection].exchange
        return exchange != .max && exchanges[exchange].hedge == connection
    }

    /// Sends a copy of the request on the hedge's connection, which stands now.
    mutating func sendHedge(_ exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].hedge
        countTry(connection, on: &loop)
        guard var request = exchanges[exchange].request.take() else { return dropHedge(of: exchange, on: &loop) }
        if exchanges[exchange].call.timeoutPlace > 0 {
            writeTimeout(exchange, into: &request, now: loop.milliseconds)
        }
        if exchanges[exchange].flags.contains(.isSampled) { writeSpan(exchange, connection, into: &request) }
        let copy = Self.copy(of: request, loop.pool)
        exchanges[exchange].request = consume request
        guard let copy else { return dropHedge(of: exchange, on: &loop) }
        metrics.add(.upstreamBytesOut, UInt64(copy.count))
        _ = loop.send(copy, on: servers[connection].socket)
    }

    private static func copy(of request: borrowing Buffer, _ pool: borrowing BufferPool) -> Buffer? {
        pool.copy(request.bytes)
    }

    /// The first byte of a response has come, on the exchange's own connection or on the hedge's.
    mutating func settleHedge(_ exchange: UInt32, by connection: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].hedge == connection {
            noteOvertaken(exchange, now: loop.nanoseconds)
            promoteHedge(exchange, on: &loop)
        } else {
            dropHedge(of: exchange, on: &loop)
        }
    }

    /// How long the first server would have taken nobody will know: it is at least as slow as this.
    private mutating func noteOvertaken(_ exchange: UInt32, now: UInt64) {
        let upstream = Int(exchanges[exchange].upstream)
        let connection = exchanges[exchange].connection
        if connection == .max { return }
        let elapsed = now - servers[connection].began
        let server = Int(servers[connection].server)
        if elapsed > loads.latency(server) { loads.observe(latency: elapsed, server, now: now) }
        let percentile = upstreamStates[upstream].settings.hedge.percentile
        upstreamStates[upstream].latency.observe(elapsed, quantile: Float(percentile) / 1_000)
    }

    /// The second server answers first, or the first has failed: the exchange is the second one's now.
    mutating func promoteHedge(_ exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].hedge
        exchanges[exchange].hedge = .max
        if exchanges[exchange].connection != .max { dropTry(of: exchange, on: &loop) }
        exchanges[exchange].connection = connection
        exchanges[exchange].server = servers[connection].server
        exchanges[exchange].systemError = 0
        exchanges[exchange].phase = servers[connection].state == .connecting ? .connecting : .awaitingResponse
        metrics.add(.hedgesWon)
        if servers[connection].state == .active { scheduleResponseCheck(connection, on: &loop) }
    }

    /// The hedge came to nothing, or is not needed any more.
    mutating func dropHedge(of exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].hedge
        if connection == .max { return }
        exchanges[exchange].hedge = .max
        detach(connection)
        closeServer(connection, on: &loop)
    }
}
