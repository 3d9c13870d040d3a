// Content that comes on streams. What nobody can take is held, and the peer's windows stay closed meanwhile: flow control is
// our back-pressure.
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// A piece of a stream's content.
    mutating func receiveData(
        _ bytes: Span<UInt8>, _ what: (place: Int32, endStream: Bool), _ index: UInt32, on loop: inout EventLoop
    ) {
        let tag = multiplexers[index].machine.tag(what.place)
        if tag == .max { return multiplexers[index].machine.consumed(what.place, bytes.count, now: loop.milliseconds) }
        if tag & Self.serverTag != 0 {
            return receiveResponseData(bytes, what.endStream, tag & ~Self.serverTag, on: &loop)
        }
        if bytes.isEmpty {
            if what.endStream { streamContentEnded(tag, on: &loop) }
            return
        }
        if what.endStream { clients[tag].flags.insert(.ended) }
        takeStreamContent(bytes, tag, on: &loop)
    }

    private mutating func takeStreamContent(_ bytes: Span<UInt8>, _ client: UInt32, on loop: inout EventLoop) {
        metrics.add(.downstreamBytesIn, UInt64(bytes.count))
        let exchange = clients[client].exchange
        if exchange == .max || isUnwanted(exchange) { return credit(client, bytes.count, on: &loop) }
        if exchanges[exchange].upgrade >= 0 { return takeTunnelBytes(bytes, client, exchange, on: &loop) }
        if exchanges[exchange].flags.contains(.requestComplete) {
            metrics.add(.http2FaultProtocol)
            return failStream(client, .protocolError, on: &loop)
        }
        if mustHold(client, exchange, on: &loop) {
            guard clients[client].hold(bytes, pool: loop.pool) else { return fail(exchange, .noBuffers, on: &loop) }
            return loop.setHolding(clients[client].socket, true)
        }
        guard let buffer = Self.content(bytes, pool: loop.pool) else { return fail(exchange, .noBuffers, on: &loop) }
        passStreamContent(buffer, client, on: &loop)
    }

    /// Bytes of a tunnel, or of what becomes one with the server's answer: until then they wait.
    private mutating func takeTunnelBytes(
        _ bytes: Span<UInt8>, _ client: UInt32, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let isRelaying = exchanges[exchange].flags.isSuperset(of: [.isTunnel, .responseHeadSent])
        if !isRelaying || clients[client].isHolding || !loop.isReceiving(clients[client].socket) {
            if !clients[client].hold(bytes, pool: loop.pool) { return fail(exchange, .noBuffers, on: &loop) }
            return loop.setHolding(clients[client].socket, true)
        }
        guard let buffer = Self.content(bytes, pool: loop.pool) else { return fail(exchange, .noBuffers, on: &loop) }
        relayToServer(buffer, client, on: &loop)
        endTunnelBytes(client, bytes.count, on: &loop)
    }

    /// The server has been reached, or has switched: what has come meanwhile follows.
    mutating func beginRelayingStream(_ client: UInt32, on loop: inout EventLoop) {
        loop.setReceiving(clients[client].socket, true)
        let exchange = clients[client].exchange
        if clients[client].isHolding { return resumeTunnelStream(client, exchange, on: &loop) }
        if clients[client].flags.contains(.ended) { tunnelClientEnded(client, on: &loop) }
    }

    /// Bytes of a tunnel have been passed on: the client may send as much again, or has sent all.
    private mutating func endTunnelBytes(_ client: UInt32, _ count: Int, on loop: inout EventLoop) {
        credit(client, count, on: &loop)
        if clients[client].flags.contains(.ended) { tunnelClientEnded(client, on: &loop) }
    }

    /// A copy with room around it, to be framed in place.
    static func content(_ bytes: Span<UInt8>, pool: borrowing BufferPool) -> Buffer? {
        let isSmall = bytes.count + KeptBytes.headroom + Buffer.tailroom <= BufferPool.smallRoom
        guard var buffer = isSmall ? pool.takeSmall() : pool.takeLarge() else { return nil }
        buffer.reset(headroom: isSmall ? KeptBytes.headroom : Buffer.headroom)
        if !buffer.append(bytes) { return nil }
        return buffer
    }

    /// The answer is there before the whole request: nobody wants the rest.
    private func isUnwanted(_ exchange: UInt32) -> Bool {
        exchanges[exchange].flags.isDisjoint(with: [.requestComplete, .isCollecting]) && !isHeldBack(exchange)
            && exchanges[exchange].connection == .max
    }

    private mutating func mustHold(_ client: UInt32, _ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        if isHeldBack(exchange) || clients[client].isHolding { return true }
        return !loop.isReceiving(clients[client].socket)
    }

    /// All of a request has come.
    mutating func streamContentEnded(_ client: UInt32, on loop: inout EventLoop) {
        clients[client].flags.insert(.ended)
        let exchange = clients[client].exchange
        if clients[client].state == .lingering { return closeClient(client, on: &loop) }
        if exchange == .max { return }
        if exchanges[exchange].flags.contains(.isTunnel) {
            if !clients[client].isHolding { tunnelClientEnded(client, on: &loop) }
            return
        }
        if exchanges[exchange].flags.contains(.requestComplete) || isUnwanted(exchange) { return }
        // Otherwise the end has its turn behind what is held.
        if mustHold(client, exchange, on: &loop) { return loop.setHolding(clients[client].socket, true) }
        passStreamEnd(client, on: &loop)
    }

    /// A stream that holds content, or whose end is held back, may go on.
    mutating func streamResumed(_ client: UInt32, on loop: inout EventLoop) {
        let exchange = clients[client].exchange
        if exchange == .max || isHeldBack(exchange) { return }
        if exchanges[exchange].upgrade >= 0 { return resumeTunnelStream(client, exchange, on: &loop) }
        if exchanges[exchange].flags.contains(.requestComplete) || isUnwanted(exchange) {
            return dropHeld(client, on: &loop)
        }
        if let held = clients[client].pending.take() {
            passStreamContent(held, client, on: &loop)
        } else if clients[client].flags.contains(.ended) {
            passStreamEnd(client, on: &loop)
        }
    }

    private mutating func resumeTunnelStream(_ client: UInt32, _ exchange: UInt32, on loop: inout EventLoop) {
        if !exchanges[exchange].flags.isSuperset(of: [.isTunnel, .responseHeadSent]) { return }
        loop.setHolding(clients[client].socket, false)
        guard let held = clients[client].pending.take() else { return }
        let count = held.count
        relayToServer(held, client, on: &loop)
        endTunnelBytes(client, count, on: &loop)
    }

    private mutating func dropHeld(_ client: UInt32, on loop: inout EventLoop) {
        loop.setHolding(clients[client].socket, false)
        guard let held = clients[client].pending.take() else { return }
        credit(client, held.count, on: &loop)
    }

    private mutating func passStreamEnd(_ client: UInt32, on loop: inout EventLoop) {
        guard let nothing = loop.pool.takeSmall() else {
            return fail(clients[client].exchange, .noBuffers, on: &loop)
        }
        passStreamContent(nothing, client, on: &loop)
    }

    /// Passes a piece of a stream's content on to the server, and the end with it if that has come.
    mutating func passStreamContent(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        let exchange = clients[client].exchange
        loop.setHolding(clients[client].socket, false)
        credit(client, buffer.count, on: &loop)
        var span = buffer.mutableBytes(from: 0)
        let content = clients[client].decoder.decode(&span, trailerLimit: 0)
        let isLast = clients[client].flags.contains(.ended)
        if content.consumed < buffer.count || isLast && !clients[client].decoder.ended() {
            // Content-Length says otherwise (RFC 9113 section 8.1.1).
            metrics.add(.http2FaultProtocol)
            return failStream(client, .protocolError, on: &loop)
        }
        if clients[client].decoder.contentBytes > requestBodyLimit(exchange) {
            return fail(exchange, .requestBodyTooLarge, on: &loop)
        }
        let isComplete = clients[client].decoder.isComplete
        if isComplete {
            exchanges[exchange].flags.insert(.requestComplete)
            exchanges[exchange].times.requestEnded = loop.nanoseconds
        }
        if exchanges[exchange].flags.contains(.isCollecting) {
            if isComplete { composeStreamTail(client) }
            return collect(buffer, isLast: isComplete, exchange, on: &loop)
        }
        if exchanges[exchange].requestFraming == .chunked {
            if isComplete { composeStreamTail(client) }
            if let failure = frameForServer(&buffer, isLast: isComplete, exchange, pool: loop.pool) {
                return fail(exchange, failure, on: &loop)
            }
        }
        if isComplete { requestBecameComplete(exchange, on: &loop) }
        if exchanges[exchange].mirroring >= 0 { gatherMirror(buffer, exchange, on: &loop) }
        if !buffer.isEmpty { sendToServer(buffer, exchange, on: &loop) }
    }

    /// Writes the end of chunked content into `tail`, with the trailers that came.
    private mutating func composeStreamTail(_ client: UInt32) {
        tail.removeAll()
        if let trailers = clients[client].trailers.take() {
            tail.write(trailers.bytes)
        } else {
            tail.lastChunk()
        }
    }

    /// The peer may send as much again.
    mutating func credit(_ client: UInt32, _ count: Int, on loop: inout EventLoop) {
        if count == 0 || !hasConnection(client) { return }
        let index = clients[client].multiplexer
        multiplexers[index].machine.consumed(clients[client].place, count, now: loop.milliseconds)
        queueFlush(index)
    }
}
