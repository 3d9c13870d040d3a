// A client connection has one timer; what its expiry means depends on the state.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// How often rates are looked at, in milliseconds. Evicting a client takes at most the grace and twice this.
    private static var checkInterval: UInt64 { 2_000 }

    mutating func clientTimerExpired(_ index: UInt32, on loop: inout EventLoop) {
        if clients[index].flags.contains(.isHandshaking) {
            metrics.add(.timeoutHandshake)
            metrics.add(.handshakesFailed)
            return closeClient(index, on: &loop)
        }
        switch clients[index].state {
        case .lingering:
            closeClient(index, on: &loop)
        case .readingProxyHeader, .readingHello:
            beginningTimedOut(index, on: &loop)
        case .tunnelling:
            checkTunnel(index, on: &loop)
        case .multiplexing:
            multiplexedTimerExpired(index, on: &loop)
        case .readingHead:
            metrics.add(.timeoutRequestHead)
            refuse(index, .requestHeadTimeout, on: &loop)
        case .idle:
            idleTimerExpired(index, on: &loop)
        case .exchanging:
            checkExchange(clients[index].exchange, on: &loop)
        }
    }

    private mutating func idleTimerExpired(_ index: UInt32, on loop: inout EventLoop) {
        if isReadingTooSlowly(index, on: &loop) {
            metrics.add(.timeoutResponseRate)
            return abortClient(index, on: &loop)
        }
        if loop.milliseconds < clients[index].deadline {
            return scheduleIdleCheck(index, mayHoldResponse: clients[index].download.isMeasuring, on: &loop)
        }
        // A client that has not asked for anything gets no answer either; it may be a connection made in advance.
        if !isDraining { metrics.add(clients[index].requests == 0 ? .timeoutRequestHead : .timeoutIdle) }
        closeClient(index, on: &loop)
    }

    /// Sets the timer of an idle connection: early while the kernel may still hold a response that a slow client does not
    /// take, then at the end of the idle time.
    mutating func scheduleIdleCheck(_ index: UInt32, mayHoldResponse: Bool, on loop: inout EventLoop) {
        let deadline = clients[index].deadline
        let next = mayHoldResponse ? min(loop.milliseconds + Self.checkInterval, deadline) : deadline
        loop.setTimer(clients[index].socket, at: next)
    }

    /// Sets the timer for the first look at a new exchange, or the next one.
    /// - Parameter deadline: of a call, in milliseconds; 0 for none.
    mutating func scheduleCheck(_ index: UInt32, deadline: UInt64 = 0, on loop: inout EventLoop) {
        var next = loop.milliseconds + Self.checkInterval
        let exchange = clients[index].exchange
        let exchangeTime = exchangeTime(exchange)
        if exchangeTime > 0 {
            let end = exchanges[exchange].began / 1_000_000 + exchangeTime
            next = min(next, max(end, loop.milliseconds + 1))
        }
        if deadline > 0 { next = min(next, max(deadline, loop.milliseconds + 1)) }
        loop.setTimer(clients[index].socket, at: next)
    }

    /// Looks after an exchange that takes longer: its total time, and the rates at which its client sends and reads.
    private mutating func checkExchange(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].flags.contains(.isMirror) { return fail(exchange, .exchangeTimeout, on: &loop) }
        let client = exchanges[exchange].client
        let now = loop.milliseconds
        if exchanges[exchange].answer != nil && !loop.isSendPending(clients[client].socket) {
            scheduleCheck(client, on: &loop)
            return continueAnswer(exchange, on: &loop)
        }
        if exchanges[exchange].flags.contains(.servesFile) && lookAfterFile(exchange, on: &loop) { return }
        let isAnswered = exchanges[exchange].flags.contains(.responseComplete)
        let exchangeTime = exchangeTime(exchange)
        if exchangeTime > 0 && now >= exchanges[exchange].began / 1_000_000 + exchangeTime && !isAnswered {
            metrics.add(.timeoutExchange)
            return fail(exchange, .exchangeTimeout, on: &loop)
        }
        let isCall = exchanges[exchange].flags.contains(.isCall)
        if isCall && !isAnswered, let failure = callFailure(exchange, on: &loop) {
            return fail(exchange, failure, on: &loop)
        }
        if !(isCall && setsOwnPace(exchange)) && isSendingTooSlowly(exchange, client, on: &loop) {
            metrics.add(.timeoutRequestRate)
            return fail(exchange, .requestTooSlow, on: &loop)
        }
        if isReadingTooSlowly(client, on: &loop) {
            metrics.add(.timeoutResponseRate)
            exchanges[exchange].failure = .responseReadTooSlowly
            return abandon(exchange, on: &loop)
        }
        scheduleCheck(client, deadline: isAnswered ? 0 : exchanges[exchange].call.deadline, on: &loop)
    }

    private mutating func isSendingTooSlowly(
        _ exchange: UInt32, _ client: UInt32, on loop: inout EventLoop
    ) -> Bool {
        let connection = exchanges[exchange].connection
        let isServerBusy =
            exchanges[exchange].flags.contains(.isCollecting)
            ? isHeldBack(exchange)
            : connection == .max || isHeldBack(exchange) || loop.isSendPending(servers[connection].socket)
        // A client that may not send yet, or waits for 100 (Continue) by right, is not slow.
        let waits = isAwaitingContinue(exchange, on: &loop)
        if exchanges[exchange].flags.contains(.requestComplete) || isServerBusy || waits {
            clients[client].upload.pause()
            return false
        }
        return clients[client].upload.isTooSlow(
            total: clients[client].decoder.contentBytes, now: loop.milliseconds, minimum: requestRate(exchange),
            grace: settings.rateGrace)
    }

    /// How long a client may wait for 100 (Continue), in nanoseconds. It is told not to wait for ever, as there are servers
    /// that never say it (RFC 9110 section 10.1.1); afterwards it is measured like any other.
    private static var continueTime: UInt64 { 5_000_000_000 }

    /// The client waits for the server's word before it sends content.
    func isAwaitingContinue(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        exchanges[exchange].flags.contains(.expectsContinue) && !exchanges[exchange].flags.contains(.continued)
            && clients[exchanges[exchange].client].decoder.contentBytes == 0
            && loop.nanoseconds - exchanges[exchange].began < Self.continueTime
    }

    /// Whether a client takes what it is sent too slowly.
    mutating func isReadingTooSlowly(_ client: UInt32, on loop: inout EventLoop) -> Bool {
        if settings.responseRate == 0 { return false }
        if clients[client].flags.contains(.isStream) { return isStreamReadingTooSlowly(client, on: &loop) }
        let socket = clients[client].socket
        let held = loop.unacknowledged(socket)
        if held == 0 && !loop.isSendPending(socket) {
            clients[client].download.pause()
            return false
        }
        // On a Unix socket the kernel counts its own overhead as well, which may be more than was sent.
        let sent = loop.bytesSent(socket)
        let taken = sent - min(sent, UInt64(held))
        return clients[client].download.isTooSlow(
            total: taken, now: loop.milliseconds, minimum: settings.responseRate, grace: settings.rateGrace)
    }
}
