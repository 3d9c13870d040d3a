// Connections that carry streams have one timer, for what is not of one of the streams.
import MartletEventLoop
import MartletHTTP2
import MartletTelemetry

extension ProxyDriver {
    /// The timer of a client's connection has expired: it is idle for too long, or does not take what it was told at its end,
    /// or does not do what it must in time.
    mutating func multiplexedTimerExpired(_ owner: UInt32, on loop: inout EventLoop) {
        let index = clients[owner].multiplexer
        if multiplexers[index].isFailed { return abortMultiplexed(owner, on: &loop) }
        if let fault = multiplexers[index].machine.check(now: loop.milliseconds) {
            metrics.add(fault.counter(.server))
            return endConnection(index, on: &loop)
        }
        let areLeft = multiplexers[index].machine.resetLeft()
        if multiplexers[index].machine.outputCount > 0 { queueFlush(index) }
        if multiplexers[index].machine.streamCount > 0 {
            let next = areLeft ? min(settings.lingerTime, Self.lookTime) : Self.lookTime
            return loop.setTimer(clients[owner].socket, at: loop.milliseconds + next)
        }
        if loop.milliseconds < clients[owner].deadline {
            multiplexers[index].machine.trim()
            return loop.setTimer(clients[owner].socket, at: clients[owner].deadline)
        }
        if !isDraining { metrics.add(clients[owner].requests == 0 ? .timeoutRequestHead : .timeoutIdle) }
        failConnection(index, .noError, on: &loop)
    }

    /// How often a connection with streams is looked at, in milliseconds.
    private static var lookTime: UInt64 { 5_000 }

    /// Whether the client of a stream takes its response too slowly: this stream, if it is its own window that is closed, else
    /// all of the connection, on which it waits for its turn.
    mutating func isStreamReadingTooSlowly(_ client: UInt32, on loop: inout EventLoop) -> Bool {
        let channel = clients[client].socket
        if !loop.isSendPending(channel) || !hasPlace(client) {
            clients[client].download.pause()
            return false
        }
        let index = clients[client].multiplexer
        var taken = loop.bytesSent(channel)
        if !multiplexers[index].machine.isWindowClosed(clients[client].place) {
            let socket = multiplexers[index].socket
            let sent = loop.bytesSent(socket)
            taken = sent - min(sent, UInt64(loop.unacknowledged(socket)))
        }
        return clients[client].download.isTooSlow(
            total: taken, now: loop.milliseconds, minimum: settings.responseRate, grace: settings.rateGrace)
    }

    /// The peer does not take what it was told.
    private mutating func abortMultiplexed(_ owner: UInt32, on loop: inout EventLoop) {
        forgetMultiplexer(owner)
        abortClient(owner, on: &loop)
    }

    /// Connections that carry streams are told that there will be no more of them; what runs goes on.
    mutating func drainMultiplexers(on loop: inout EventLoop) {
        for place in 0..<multiplexers.places {
            guard let token = multiplexers.token(at: place) else { continue }
            if multiplexers[token.index].role == .server { drainMultiplexer(token.index, on: &loop) }
        }
    }

    /// The same of one client's connection.
    mutating func drainMultiplexer(_ index: UInt32, on loop: inout EventLoop) {
        multiplexers[index].machine.drain()
        metrics.add(.http2GoAwaysOut)
        queueFlush(index)
        if multiplexers[index].machine.streamCount > 0 { return }
        let owner = multiplexers[index].owner
        clients[owner].deadline = loop.milliseconds + Self.idleGrace
        loop.setTimer(clients[owner].socket, at: clients[owner].deadline)
    }
}
