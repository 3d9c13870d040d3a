// Streams to servers: how they begin and end, and what comes back on them.
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// A stream on a link for an exchange; `nil` when there is no room for one. Its number it gets with its first frame.
    mutating func makeServerStream(_ link: UInt32, for exchange: UInt32, on loop: inout EventLoop) -> UInt32? {
        guard let channel = loop.openChannel(tag: .max) else { return nil }
        let index = servers[link].multiplexer
        var stream = ServerConnection(
            socket: channel, server: servers[link].server, upstream: servers[link].upstream, exchange: exchange,
            epoch: servers[link].epoch)
        stream.isStream = true
        stream.multiplexer = index
        stream.began = loop.nanoseconds
        stream.requests = multiplexers[index].served == 0 ? 0 : 1
        guard let token = servers.insert(stream) else {
            loop.close(channel)
            return nil
        }
        if exchanges[exchange].flags.contains(.isSampled) { beginSpan(token.index, exchange) }
        loop.setTag(channel, token.index | Self.serverTag)
        if multiplexers[index].streams == 0 && servers[link].state == .active {
            loop.cancelTimer(servers[link].socket)
        }
        multiplexers[index].streams += 1
        multiplexers[index].served += 1
        metrics.increment(.upstreamHTTP2StreamsActive)
        if servers[link].state == .active {
            if isUndecided(token.index) { awaitDecision(token.index, on: &loop) }
            if mayBegin(token.index) { servers[token.index].state = .active }
        }
        return token.index
    }

    /// A stream has something to send: now it gets its place, and its number with it. `false` when the link takes no more.
    mutating func placeServerStream(_ connection: UInt32) -> Bool {
        if servers[connection].place >= 0 { return true }
        if servers[connection].wasPlaced { return false }
        let index = servers[connection].multiplexer
        guard let place = multiplexers[index].machine.open() else { return false }
        multiplexers[index].machine.setTag(place, connection | Self.serverTag)
        servers[connection].place = place
        servers[connection].wasPlaced = true
        metrics.add(.upstreamHTTP2Streams)
        return true
    }

    /// The exchange has no more use for its stream.
    mutating func closeServerStream(_ connection: UInt32, on loop: inout EventLoop) {
        let index = servers[connection].multiplexer
        let place = servers[connection].place
        // Tunnels that do not end on both sides are broken (RFC 8441 section 5).
        let isOver = servers[connection].hasEnded && !servers[connection].isTunnel
        if place >= 0 { multiplexers[index].machine.reset(place, isOver ? .noError : .cancel) }
        loop.close(servers[connection].socket)
        multiplexers[index].streams -= 1
        metrics.decrement(.upstreamHTTP2StreamsActive)
        if let token = servers.token(at: Int(connection)) { servers.remove(token) }
        queueFlush(index)
    }

    /// The server, or the machine for it, has reset a stream.
    mutating func serverStreamReset(_ connection: UInt32, isUnprocessed: Bool, on loop: inout EventLoop) {
        servers[connection].place = -1
        let exchange = servers[connection].exchange
        if exchange == .max { return closeServerStream(connection, on: &loop) }
        if servers[connection].hasEnded {
            if servers[connection].isTunnel { streamServerLeft(connection, exchange, on: &loop) }
            return
        }
        // Whoever has answered has begun, whatever it says.
        if !isUnprocessed || servers[connection].isReadingContent {
            return streamLost(connection, .connectionReset, on: &loop)
        }
        metrics.add(.upstreamHTTP2StreamsRefused)
        if isHedge(connection) { return dropHedge(of: exchange, on: &loop) }
        // The server has said that it has not begun (RFC 9113 section 8.7).
        tryFailed(exchange, .notConnected, .streamUnprocessed, on: &loop)
    }

    /// The server has reset a stream, or its connection is gone. What has come before that goes on to the client, held or not:
    /// a server that closes right behind its last response has said all of it.
    mutating func streamLost(_ connection: UInt32, _ error: SystemError, on loop: inout EventLoop) {
        let stream = servers.token(at: Int(connection)) ?? .none
        if servers[connection].isReadingContent && !servers[connection].isTunnel {
            serverStreamResumed(connection, on: &loop)
        }
        if servers.contains(stream) { serverFailed(connection, error, on: &loop) }
    }

    // MARK: Responses

    /// The head of a response, or its trailers, in `section`.
    mutating func receiveResponse(
        _ connection: UInt32, endStream: Bool, on loop: inout EventLoop
    ) {
        let exchange = servers[connection].exchange
        if exchange == .max { return }
        if servers[connection].isTunnel { return fieldsInTunnel(connection, exchange, on: &loop) }
        if servers[connection].isReadingContent { return receiveResponseTrailers(connection, exchange, on: &loop) }
        if exchanges[exchange].hedge != .max { settleHedge(exchange, by: connection, on: &loop) }
        exchanges[exchange].flags.insert(.responseBegun)
        let fault = section.response(
            into: &response, endStream: endStream, requestMethod: exchanges[exchange].method,
            limits: settings.responseHead)
        if let fault { return responseBroken(connection, .responseMalformed(fault), on: &loop) }
        guard let arena = loop.pool.copy(section.arena) else { return fail(exchange, .noBuffers, on: &loop) }
        if response.isInformational { return passStreamInterim(arena, connection, on: &loop) }
        servers[connection].hasEnded = endStream
        if exchanges[exchange].upgrade >= 0 && (200..<300).contains(response.status) {
            return beginStreamTunnel(arena, connection, exchange, on: &loop)
        }
        noteFinalHead(connection)
        beginResponse(arena, exchange, on: &loop)
    }

    private mutating func passStreamInterim(
        _ arena: consuming Buffer, _ connection: UInt32, on loop: inout EventLoop
    ) {
        let failure = passInterim(arena.bytes, servers[connection].exchange, on: &loop)
        if let failure { responseBroken(connection, failure, on: &loop) }
    }

    /// Tells the machine what the head says of the content.
    private mutating func noteFinalHead(_ connection: UInt32) {
        let index = servers[connection].multiplexer
        let place = servers[connection].place
        multiplexers[index].machine.receivedFinalHead(place)
        if case .length(let length) = response.framing { multiplexers[index].machine.setContentLength(place, length) }
    }

    private mutating func responseBroken(_ connection: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        let exchange = servers[connection].exchange
        if failure.side != .server { return fail(exchange, failure, on: &loop) }
        recordLoss(exchange, connection, on: &loop)
        tryFailed(exchange, .lost, failure, on: &loop)
    }

    /// A piece of a response's content. What the client cannot take is held, and the window stays closed.
    mutating func receiveResponseData(
        _ bytes: Span<UInt8>, _ endStream: Bool, _ connection: UInt32, on loop: inout EventLoop
    ) {
        let exchange = servers[connection].exchange
        if endStream { servers[connection].hasEnded = true }
        if exchange == .max || !servers[connection].isReadingContent {
            return creditServer(connection, bytes.count, on: &loop)
        }
        if servers[connection].isHolding || !loop.isReceiving(servers[connection].socket) {
            if !servers[connection].hold(bytes, pool: loop.pool) { return fail(exchange, .noBuffers, on: &loop) }
            return loop.setHolding(servers[connection].socket, true)
        }
        if bytes.isEmpty { return responseEndedIfSaid(connection, on: &loop) }
        guard let buffer = Self.content(bytes, pool: loop.pool) else { return fail(exchange, .noBuffers, on: &loop) }
        passResponseContent(buffer, connection, on: &loop)
    }

    private mutating func passResponseContent(
        _ buffer: consuming Buffer, _ connection: UInt32, on loop: inout EventLoop
    ) {
        let token = servers.token(at: Int(connection)) ?? .none
        creditServer(connection, buffer.count, on: &loop)
        serverReceived(buffer, connection, on: &loop)
        if servers.contains(token) { responseEndedIfSaid(connection, on: &loop) }
    }

    /// The response's last byte has been passed on, and the server has said that it was the last.
    mutating func responseEndedIfSaid(_ connection: UInt32, on loop: inout EventLoop) {
        if servers[connection].exchange == .max || !servers[connection].hasEnded { return }
        serverEnded(connection, on: &loop)
    }

    private mutating func receiveResponseTrailers(_ connection: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        if section.trailers(into: &trailers, limits: settings.responseHead) != nil {
            return fail(exchange, .responseRefused(.badFieldName), on: &loop)
        }
        servers[connection].hasEnded = true
        if exchanges[exchange].flags.contains(.isCall) {
            noteCallTrailers(exchange, Self.callStatus(in: trailers, section.arena))
        }
        if exchanges[exchange].flags.contains(.dropsResponseTrailers) { trailers.removeAll() }
        hideSectionTrailers(exchange, on: &loop)
        let passes =
            exchanges[exchange].responseFraming == .chunked || exchanges[exchange].flags.contains(.isWebAnswered)
        if passes && trailers.count > 0 {
            Self.write(trailers, of: section, into: &tail)
            servers[connection].trailers = tail.overflowed ? nil : loop.pool.copy(tail.bytes)
        }
        if !servers[connection].isHolding { responseEndedIfSaid(connection, on: &loop) }
    }

    private mutating func hideSectionTrailers(_ exchange: UInt32, on loop: inout EventLoop) {
        if trailers.count == 0 || !hidesTrailers(exchange) { return }
        guard let arena = loop.pool.copy(section.arena) else { return trailers.removeAll() }
        hideTrailers(arena.bytes, exchange)
    }

    /// A stream that holds content may go on.
    mutating func serverStreamResumed(_ connection: UInt32, on loop: inout EventLoop) {
        loop.setHolding(servers[connection].socket, false)
        if servers[connection].exchange == .max { return }
        // The end alone may have been held: nothing is not passed on, as it would wait for a window.
        guard let held = servers[connection].pending.take(), !held.isEmpty else {
            return responseEndedIfSaid(connection, on: &loop)
        }
        passResponseContent(held, connection, on: &loop)
    }

    private mutating func creditServer(_ connection: UInt32, _ count: Int, on loop: inout EventLoop) {
        if count == 0 { return }
        let index = servers[connection].multiplexer
        multiplexers[index].machine.consumed(servers[connection].place, count, now: loop.milliseconds)
        queueFlush(index)
    }
}
