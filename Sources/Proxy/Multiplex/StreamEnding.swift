// How streams end, and the connections that carry them.
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    // MARK: Streams

    /// A stream's exchange is over. A client that is still sending gets time to end its side, as with HTTP/1.1.
    mutating func closeStream(_ client: UInt32, on loop: inout EventLoop) {
        if clients[client].outgoing.isComplete {
            leaveStream(client, on: &loop)
        } else {
            resetStream(client, .internalError)
        }
        forgetStream(client, on: &loop)
    }

    private mutating func leaveStream(_ client: UInt32, on loop: inout EventLoop) {
        let index = clients[client].multiplexer
        let place = clients[client].place
        if !hasPlace(client) { return }
        clients[client].place = -1
        multiplexers[index].machine.leave(place)
        if !multiplexers[index].machine.isOpen(place) { return }
        setMultiplexedTimer(index, at: loop.milliseconds + settings.lingerTime, on: &loop)
    }

    /// Breaks a stream that broke a rule, or that cannot be served: its exchange ends.
    mutating func failStream(_ client: UInt32, _ code: HTTP2ErrorCode, on loop: inout EventLoop) {
        resetStream(client, code)
        let exchange = clients[client].exchange
        if exchange == .max { return forgetStream(client, on: &loop) }
        if code == .protocolError { exchanges[exchange].failure = .streamBroken }
        abandon(exchange, on: &loop)
    }

    /// Whether something can be told to the peer of a stream: it has not been reset, and its connection is there.
    func hasPlace(_ client: UInt32) -> Bool { !clients[client].isStreamGone && hasConnection(client) }

    /// Whether the connection of a stream is there: a stream that has sent its whole response may outlive it.
    func hasConnection(_ client: UInt32) -> Bool {
        let index = clients[client].multiplexer
        return multiplexers.contains(Token(index: index, generation: clients[client].multiplexerGeneration))
    }

    /// Tells the peer that a stream is no more, if it does not know. What is held of its content is credited.
    mutating func resetStream(_ client: UInt32, _ code: HTTP2ErrorCode) {
        let index = clients[client].multiplexer
        if !hasPlace(client) { return }
        multiplexers[index].machine.reset(clients[client].place, code)
        clients[client].place = -1
        queueFlush(index)
    }

    /// The peer, or the machine for it, has reset a stream.
    mutating func streamReset(_ index: UInt32, _ place: Int32, isUnprocessed: Bool = false, on loop: inout EventLoop) {
        let tag = multiplexers[index].machine.tag(place)
        if tag == .max { return }
        if tag & Self.serverTag != 0 {
            return serverStreamReset(tag & ~Self.serverTag, isUnprocessed: isUnprocessed, on: &loop)
        }
        clients[tag].place = -1
        clientFailed(tag, on: &loop)
    }

    /// Forgets a stream of a client.
    mutating func forgetStream(_ client: UInt32, on loop: inout EventLoop) {
        if clients[client].flags.contains(.isMirror) { return forgetMirror(client, on: &loop) }
        let index = clients[client].multiplexer
        let isConnected = hasConnection(client)
        loop.close(clients[client].socket)
        streamCount -= 1
        metrics.decrement(.http2StreamsActive)
        if let token = clients.token(at: Int(client)) { clients.remove(token) }
        if isConnected { queueFlush(index) }
    }

    /// Breaks a stream whose message makes no sense, or for which memory is used up.
    mutating func breakStream(_ tag: UInt32, on loop: inout EventLoop) {
        if tag & Self.serverTag == 0 { return failStream(tag, .internalError, on: &loop) }
        let exchange = servers[tag & ~Self.serverTag].exchange
        if exchange != .max { fail(exchange, .noBuffers, on: &loop) }
    }

    // MARK: Connections

    /// Nothing more is read of a connection: its streams end, and it is closed when the peer has been told why.
    mutating func endConnection(_ index: UInt32, on loop: inout EventLoop) {
        if multiplexers[index].isFailed { return }
        if multiplexers[index].role == .client { return endBrokenLink(multiplexers[index].owner, on: &loop) }
        multiplexers[index].isFailed = true
        multiplexers[index].pending = nil
        endStreams(index, on: &loop)
        queueFlush(index)
        let owner = multiplexers[index].owner
        metrics.add(.http2GoAwaysOut)
        clients[owner].deadline = loop.milliseconds + settings.lingerTime
        loop.setTimer(multiplexers[index].socket, at: clients[owner].deadline)
    }

    /// Ends all streams of a connection that is gone.
    private mutating func endStreams(_ index: UInt32, on loop: inout EventLoop) {
        for number in 0..<multiplexers[index].machine.places {
            guard let place = multiplexers[index].machine.stream(at: number) else { continue }
            streamReset(index, place, on: &loop)
            // The machine, which has failed, keeps the stream; the client that it named is gone.
            multiplexers[index].machine.setTag(place, .max)
        }
    }

    /// All has been sent that there was. A connection that is over is closed.
    mutating func endIfOver(_ index: UInt32, on loop: inout EventLoop) {
        let owner = multiplexers[index].owner
        if multiplexers[index].role == .client { return linkFlushed(owner, on: &loop) }
        if !multiplexers[index].isFailed && !multiplexers[index].machine.isFinished {
            if multiplexers[index].machine.streamCount > 0 { return }
            return connectionIdle(owner, on: &loop)
        }
        forgetMultiplexer(owner)
        clients[owner].state = .lingering
        if clients[owner].flags.contains(.ended) { return closeClient(owner, on: &loop) }
        loop.shutdownSend(clients[owner].socket)
        clients[owner].deadline = loop.milliseconds + settings.lingerTime
        loop.setTimer(clients[owner].socket, at: clients[owner].deadline)
        loop.setReceiving(clients[owner].socket, true)
    }

    /// A client's connection has no streams: the time until the next one begins.
    private mutating func connectionIdle(_ owner: UInt32, on loop: inout EventLoop) {
        if clients[owner].flags.contains(.ended) { return closeClient(owner, on: &loop) }
        if clients[owner].requests == 0 { return }
        let index = clients[owner].multiplexer
        let time = isDraining ? Self.idleGrace : settings.idleTime
        clients[owner].deadline = askingEnd(index, now: loop.milliseconds) + time
        let soon = loop.milliseconds + Self.trimTime
        setMultiplexedTimer(index, at: min(soon, clients[owner].deadline), on: &loop)
    }

    /// How long a connection keeps the memory of its last streams for the next ones, in milliseconds.
    private static var trimTime: UInt64 { 1_000 }

    /// A client's connection is about to be closed, or has been reset.
    mutating func forgetMultiplexer(_ owner: UInt32) {
        let index = clients[owner].multiplexer
        if index == .max { return }
        clients[owner].multiplexer = .max
        metrics.decrement(.http2ConnectionsActive)
        if let token = multiplexers.token(at: Int(index)) { multiplexers.remove(token) }
    }

    /// The client's connection was reset, or a send failed.
    mutating func multiplexedClientFailed(_ owner: UInt32, on loop: inout EventLoop) {
        let index = clients[owner].multiplexer
        multiplexers[index].isFailed = true
        endStreams(index, on: &loop)
        closeClient(owner, on: &loop)
    }

    /// The client sends no more. What it has asked for is still answered.
    mutating func multiplexedClientEnded(_ owner: UInt32, on loop: inout EventLoop) {
        let index = clients[owner].multiplexer
        for number in 0..<multiplexers[index].machine.places {
            guard let place = multiplexers[index].machine.stream(at: number) else { continue }
            let client = multiplexers[index].machine.tag(place)
            if client == .max || clients[client].flags.contains(.ended) { continue }
            failStream(client, .cancel, on: &loop)
        }
        _ = multiplexers[index].machine.resetLeft(all: true)
        // It cannot answer a question any more.
        multiplexers[index].machine.announce()
        queueFlush(index)
    }
}
