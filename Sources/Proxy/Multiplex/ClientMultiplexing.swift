// Clients that speak HTTP/2: their connections carry streams, each of which is a client of its own (decision 0014).
//
//   client ──frames──▶ socket ──▶ machine ──head──▶ a stream's ClientConnection ──▶ begin … as with HTTP/1.1
//   client ◀──frames── socket ◀── FrameSending ◀── channel ◀──send── the exchange
import MartletEventLoop
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// A client's connection carries streams from now on. What has come of it already is read.
    mutating func beginMultiplexing(_ client: UInt32, received: consuming Buffer?, on loop: inout EventLoop) {
        guard let http2 = listeners[Int(clients[client].listener)].http2 else { return closeClient(client, on: &loop) }
        let limits = HTTP2Limits(http2, heads: settings.requestHead, enablesConnect: true)
        let multiplexer = Multiplexer(
            socket: clients[client].socket, owner: client, role: .server, limits: limits, now: loop.milliseconds)
        guard let token = multiplexers.insert(multiplexer) else { return closeClient(client, on: &loop) }
        metrics.add(.http2Connections)
        metrics.increment(.http2ConnectionsActive)
        if !clients[client].flags.contains(.isSecure) { metrics.add(.http2PriorKnowledge) }
        clients[client].multiplexer = token.index
        clients[client].state = .multiplexing
        multiplexers[token.index].machine.start()
        queueFlush(token.index)
        let isLeaving = isDraining || clients[client].flags.contains(.closesAfter)
        if isLeaving { beginLeaving(token.index, on: &loop) }
        loop.setReceiving(clients[client].socket, true)
        if let received { receiveFrames(received, token.index, on: &loop) }
    }

    /// Whether the first bytes of a connection in clear are those of HTTP/2 (RFC 9113 section 3.3): no other method is PRI, and
    /// some begin like it.
    func beginsHTTP2(_ bytes: Span<UInt8>, _ client: UInt32) -> Bool {
        if bytes.count < 4 || !HTTP2Preface.begins(bytes.extracting(first: 4)) { return false }
        return clients[client].requests == 0 && !clients[client].flags.contains(.isSecure)
            && listeners[Int(clients[client].listener)].http2 != nil
    }

    /// Reads frames. The rest of one that is not complete is kept.
    mutating func receiveFrames(_ buffer: consuming Buffer, _ index: UInt32, on loop: inout EventLoop) {
        let token = multiplexers.token(at: Int(index)) ?? .none
        if multiplexers[index].isFailed { return }
        guard let bytes = multiplexers[index].join(buffer, pool: loop.pool) else {
            return failConnection(index, .internalError, on: &loop)
        }
        queueFlush(index)
        var position = 0
        while true {
            let event = multiplexers[index].machine.next(in: bytes.bytes, from: &position, now: loop.milliseconds)
            if case .needsMore = event { break }
            handle(event, bytes, index, on: &loop)
            if !multiplexers.contains(token) || multiplexers[index].isFailed { return }
        }
        if multiplexers[index].hasUndecided { decideLink(index, on: &loop) }
        if !multiplexers.contains(token) { return }
        if position == bytes.count { return }
        let rest = bytes.bytes.extracting(position..<bytes.count)
        if !multiplexers[index].keep(rest, pool: loop.pool) { failConnection(index, .internalError, on: &loop) }
    }

    private mutating func handle(
        _ event: HTTP2Event, _ bytes: borrowing Buffer, _ index: UInt32, on loop: inout EventLoop
    ) {
        switch event {
        case .needsMore, .handled, .windowOpened: return
        case .headers(let place, let isNew, let endStream, let block):
            receiveFields((place, isNew, endStream), block, bytes, index, on: &loop)
        case .discardedHeaders(let block, let refusal):
            if let refusal { noteRefusal(index, refusal) }
            if let fault = multiplexers[index].decode(block, in: bytes.bytes, into: &section) {
                failDecoding(index, fault, on: &loop)
            }
        case .data(let place, let range, let endStream):
            receiveData(bytes.bytes.extracting(range), (place, endStream), index, on: &loop)
        case .reset(let place, _, let fault):
            noteReset(index, fault)
            streamReset(index, place, on: &loop)
        case .unprocessed(let place):
            streamReset(index, place, isUnprocessed: true, on: &loop)
        case .settings:
            multiplexers[index].takePeerSettings()
            if multiplexers[index].role == .client { noteConnect(index) }
        case .goAway:
            metrics.add(multiplexers[index].role == .server ? .http2GoAwaysIn : .upstreamHTTP2GoAwaysIn)
            queueFlush(index)
        case .failed(let fault):
            connectionFailed(index, fault, on: &loop)
        }
    }

    private mutating func receiveFields(
        _ what: (place: Int32, isNew: Bool, endStream: Bool), _ block: BlockLocation, _ bytes: borrowing Buffer,
        _ index: UInt32, on loop: inout EventLoop
    ) {
        if let fault = multiplexers[index].decode(block, in: bytes.bytes, into: &section) {
            return failDecoding(index, fault, on: &loop)
        }
        if multiplexers[index].role == .client {
            let tag = multiplexers[index].machine.tag(what.place)
            if tag != .max { receiveResponse(tag & ~Self.serverTag, endStream: what.endStream, on: &loop) }
        } else if what.isNew {
            openStream(index, what.place, endStream: what.endStream, on: &loop)
        } else {
            receiveTrailers(index, what.place, endStream: what.endStream, on: &loop)
        }
    }

    private mutating func failDecoding(_ index: UInt32, _ fault: HPACKFault, on loop: inout EventLoop) {
        multiplexers[index].machine.fail(.compression)
        connectionFailed(index, .compression, on: &loop)
    }

    /// The peer has broken a rule: it has been told so by the machine, and is told nothing else.
    private mutating func connectionFailed(_ index: UInt32, _ fault: HTTP2Fault, on loop: inout EventLoop) {
        metrics.add(fault.counter(multiplexers[index].role))
        endConnection(index, on: &loop)
    }

    /// Ends a connection for a reason of our own.
    mutating func failConnection(_ index: UInt32, _ code: HTTP2ErrorCode, on loop: inout EventLoop) {
        multiplexers[index].machine.finish(code)
        endConnection(index, on: &loop)
    }
}
