// How client connections end, and what becomes of them after an exchange.
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// The client has half-closed: it will send no more, and may still read.
    mutating func clientEnded(_ index: UInt32, on loop: inout EventLoop) {
        clients[index].flags.insert(.ended)
        switch clients[index].state {
        case .lingering:
            closeClient(index, on: &loop)
        case .readingProxyHeader, .readingHello:
            endedInBeginning(index, on: &loop)
        case .tunnelling:
            tunnelClientEnded(index, on: &loop)
        case .multiplexing:
            multiplexedClientEnded(index, on: &loop)
        case .idle, .readingHead:
            clientEndedBetweenRequests(index, on: &loop)
        case .exchanging:
            let exchange = clients[index].exchange
            // Requests that came before the end are still answered.
            if clients[index].pending == nil { clients[index].flags.insert(.closesAfter) }
            let isOver = !exchanges[exchange].flags.isDisjoint(with: [.requestComplete, .responseComplete])
            if !isOver { return fail(exchange, .requestTruncated, on: &loop) }
            // Whoever leaves frees the place in the queue; who has only half-closed learns that it was not waited for.
            if waiting.list(of: exchange) != nil || exchanges[exchange].flags.contains(.isAtGate) {
                fail(exchange, .clientLeft, on: &loop)
            }
        }
    }

    mutating func clientEndedBetweenRequests(_ index: UInt32, on loop: inout EventLoop) {
        // Who has ended its side may still read (RFC 9112 section 9.6).
        if clients[index].state == .readingHead { return refuse(index, .requestTruncated, on: &loop) }
        closeClient(index, on: &loop)
    }

    /// The connection was reset, or a send failed.
    mutating func clientFailed(_ index: UInt32, on loop: inout EventLoop) {
        if clients[index].flags.contains(.isHandshaking) { return handshakeFailed(index, on: &loop) }
        if clients[index].state == .multiplexing { return multiplexedClientFailed(index, on: &loop) }
        if clients[index].exchange != .max { return abandon(clients[index].exchange, on: &loop) }
        closeClient(index, on: &loop)
    }

    /// The client can no longer be answered: its exchange ends, and the connection with it.
    mutating func abandon(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].flags.contains(.isTunnel) {
            return failTunnel(exchange, exchanges[exchange].failure ?? .clientGone, on: &loop)
        }
        let client = exchanges[exchange].client
        let failure = exchanges[exchange].failure ?? reasonForLeaving(exchange, on: &loop)
        dropServer(of: exchange, on: &loop)
        if failure.side != .client && !exchanges[exchange].flags.contains(.responseHeadSent) {
            metrics.add(.unanswered)
        }
        exchanges[exchange].failure = failure
        // Who has left at the deadline was not answered, and has a status as if it had left before.
        let status = failure == .deadlinePassed ? FailureKind.clientGone.status : failure.status
        if exchanges[exchange].status == 0 { exchanges[exchange].status = UInt16(status) }
        closeExchange(exchange, on: &loop)
        abortClient(client, on: &loop)
    }

    /// An exchange is over and its response is sent: the connection serves the next request, or ends.
    mutating func continueClient(_ index: UInt32, on loop: inout EventLoop) {
        clients[index].exchange = .max
        let flags = clients[index].flags
        if flags.contains(.isStream) { return closeStream(index, on: &loop) }
        if !flags.isDisjoint(with: [.closesAfter, .isShed]) { return closeGracefully(index, on: &loop) }
        clients[index].state = .idle
        // A client that has not been told of the drain may have sent its next request already.
        clients[index].deadline = loop.milliseconds + (isDraining ? Self.idleGrace : settings.idleTime)
        scheduleIdleCheck(index, mayHoldResponse: true, on: &loop)
        // The caller goes on with what is pending, unless nobody up the stack does.
        if flags.contains(.isBeingRead) { return }
        if let pending = clients[index].pending.take() {
            readRequests(pending, index, on: &loop)
        } else if flags.contains(.ended) {
            closeClient(index, on: &loop)
        } else {
            loop.setReceiving(clients[index].socket, true)
        }
    }

    /// Closes so that what was sent arrives. Closing over bytes that were not read would make the kernel send a reset,
    /// which may destroy the answer before the client has read it (RFC 9112 section 9.6).
    private mutating func closeGracefully(_ index: UInt32, on loop: inout EventLoop) {
        let mayStillSend = clients[index].pending != nil || !clients[index].decoder.isComplete
        let hasEnded = clients[index].flags.contains(.ended)
        if hasEnded || (!mayStillSend && !clients[index].flags.contains(.isShed) && clients[index].requests > 0) {
            return closeClient(index, on: &loop)
        }
        clients[index].state = .lingering
        clients[index].pending = nil
        loop.shutdownSend(clients[index].socket)
        clients[index].deadline = loop.milliseconds + settings.lingerTime
        loop.setTimer(clients[index].socket, at: clients[index].deadline)
        loop.setReceiving(clients[index].socket, true)
    }

    /// There is no buffer to read this client's request into: it is told so rather than left waiting.
    mutating func clientStarved(_ index: UInt32, on loop: inout EventLoop) {
        if clients[index].state == .idle {
            refuse(index, .noBuffers, on: &loop)
        }
    }
}
