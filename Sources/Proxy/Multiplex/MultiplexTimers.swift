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
        if isAnswerOverdue(index, now: loop.milliseconds) { multiplexers[index].machine.announce() }
        if let fault = multiplexers[index].machine.check(now: loop.milliseconds) {
            metrics.add(fault.counter(.server))
            return endConnection(index, on: &loop)
        }
        let areLeft = multiplexers[index].machine.resetLeft()
        if multiplexers[index].machine.outputCount > 0 { queueFlush(index) }
        if multiplexers[index].machine.streamCount > 0 {
            let next = areLeft ? min(settings.lingerTime, Self.lookTime) : Self.lookTime
            return setMultiplexedTimer(index, at: loop.milliseconds + next, on: &loop)
        }
        let socket = multiplexers[index].socket
        if loop.isSendPending(socket) || loop.unacknowledged(socket) > 0 { return checkLastResponses(owner, on: &loop) }
        if loop.milliseconds < clients[owner].deadline {
            multiplexers[index].machine.trim()
            return setMultiplexedTimer(index, at: clients[owner].deadline, on: &loop)
        }
        if !isDraining { metrics.add(clients[owner].requests == 0 ? .timeoutRequestHead : .timeoutIdle) }
        failConnection(index, .noError, on: &loop)
    }

    /// All streams have ended, and their client has not taken the last of them yet: it may be slow, but not too slow. It is idle
    /// when it has; what it says while it reads would meet a socket that is closed, and the kernel would drop the rest.
    private mutating func checkLastResponses(_ owner: UInt32, on loop: inout EventLoop) {
        if isReadingTooSlowly(owner, on: &loop) {
            metrics.add(.timeoutResponseRate)
            return abortMultiplexed(owner, on: &loop)
        }
        clients[owner].deadline = loop.milliseconds + (isDraining ? Self.idleGrace : settings.idleTime)
        setMultiplexedTimer(clients[owner].multiplexer, at: loop.milliseconds + Self.lookTime, on: &loop)
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
        // It is kept from sending by us.
        if multiplexers[index].machine.isAsking {
            clients[client].download.pause()
            return false
        }
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
}
