// Requests that are read as a whole before a server is chosen (`bufferRequest`), so that a slow client holds none.
//
//   head ─▶ route ─▶ compose ─▶ gate ─▶ collect ──piece──▶ … ──end──▶ choose, send
//                                          │ larger ─▶ 413, or choose and send, the rest as it comes
//                                          └ too many bytes of all ─▶ 503
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Decides whether the request is read first, before its head is composed; why it is refused, if it is. Calls of gRPC are
    /// not, as their servers may have to speak before they end, nor what may become a tunnel.
    mutating func settleCollecting(_ exchange: UInt32, _ content: FirstContent) -> FailureKind? {
        let route = actions.requests[Int(exchanges[exchange].actions)].buffering
        if exchanges[exchange].flags.contains(.isCall) || exchanges[exchange].upgrade >= 0 { return nil }
        switch request.framing {
        case .none: return nil
        case .length(let length) where length > UInt64(route.limit):
            return route.refusesLarger ? .requestBodyTooLarge : nil
        case .length, .chunked, .untilClose: break
        }
        if exchanges[exchange].flags.contains(.requestComplete) {
            if content.range.count > route.limit && route.refusesLarger { return .requestBodyTooLarge }
            return settleLength(exchange, content)
        }
        exchanges[exchange].flags.insert(.isCollecting)
        // The server is asked when there is nothing left to wait for.
        for index in 0..<request.fields.count where request.fields[index].known == .expect {
            request.fields[index].isHopByHop = true
        }
        // How long it is, the head says when that is known.
        request.framing = .none
        return nil
    }

    /// All of a request has come with its head: if that came in chunks, its length is known.
    private mutating func settleLength(_ exchange: UInt32, _ content: FirstContent) -> FailureKind? {
        if request.framing != .chunked || hasTrailers { return nil }
        request.framing = .length(UInt64(content.range.count))
        exchanges[exchange].requestFraming = request.framing
        return nil
    }

    /// Whether there are trailers in `tail`, the end of chunked content.
    private var hasTrailers: Bool { tail.count > Self.lastChunk }
    private static var lastChunk: Int { 5 }

    /// Keeps the head in `writer`, and what came of content with it; why the request is refused, if it is.
    mutating func keepCollected(
        _ buffer: borrowing Buffer, _ content: FirstContent, _ exchange: UInt32, on loop: inout EventLoop
    ) -> FailureKind? {
        if writer.overflowed { return .headTooLargeToForward }
        guard let head = loop.pool.copy(writer.bytes) else { return .noBuffers }
        exchanges[exchange].request = consume head
        if !keepRest(of: buffer, from: content.end, exchanges[exchange].client, on: &loop) { return .noBuffers }
        return keepContent(buffer.bytes.extracting(content.range), exchange, on: &loop)
    }

    private mutating func keepContent(
        _ bytes: Span<UInt8>, _ exchange: UInt32, on loop: inout EventLoop
    ) -> FailureKind? {
        if bytes.isEmpty { return nil }
        if !shared.takeBuffered(bytes.count, limit: settings.bufferedRequestBytes) {
            metrics.add(.requestBuffersRefused)
            return .tooMuchBuffered
        }
        exchanges[exchange].collectedBytes += UInt32(bytes.count)
        metrics.add(.requestBufferBytes, UInt64(bytes.count))
        var kept = exchanges[exchange].content.take()
        let isKept = Self.add(bytes, to: &kept, pool: loop.pool)
        exchanges[exchange].content = consume kept
        return isKept ? nil : .noBuffers
    }

    /// Adds bytes to a buffer that grows with them, with room for the head in front and a chunk's end behind.
    private static func add(_ bytes: Span<UInt8>, to kept: inout Buffer?, pool: borrowing BufferPool) -> Bool {
        guard var held = kept.take() else {
            let room = bytes.count + Buffer.tailroom
            guard var first = pool.take(room: room, headroom: Buffer.headroom) else { return false }
            let isKept = first.append(bytes)
            kept = consume first
            return isKept
        }
        if held.roomBehind < bytes.count + Buffer.tailroom {
            let room = 2 * (held.count + bytes.count) + Buffer.tailroom
            guard var larger = pool.take(room: room, headroom: Buffer.headroom) else { return false }
            if !larger.append(held.bytes) { return false }
            held = larger
        }
        let isKept = held.append(bytes)
        kept = consume held
        return isKept
    }

    /// The request may come in: from now on its content is read.
    mutating func beginCollecting(_ exchange: UInt32, on loop: inout EventLoop) {
        metrics.add(.requestsBuffered)
        let route = actions.requests[Int(exchanges[exchange].actions)].buffering
        if Int(exchanges[exchange].collectedBytes) > route.limit {
            if route.refusesLarger { return fail(exchange, .requestBodyTooLarge, on: &loop) }
            return passCollected(exchange, on: &loop)
        }
        readCollected(exchange, on: &loop)
    }

    /// Reads on, as whoever reads a request as a whole does.
    mutating func readCollected(_ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].phase = .readingRequest
        let client = exchanges[exchange].client
        let isWaiting = exchanges[exchange].flags.contains(.expectsContinue) && exchanges[exchange].content == nil
        if isWaiting && !exchanges[exchange].flags.contains(.isHTTP10) {
            guard let go = loop.pool.copy(StaticString("HTTP/1.1 100 Continue\r\n\r\n").bytes) else {
                return fail(exchange, .noBuffers, on: &loop)
            }
            metrics.add(.responses1xx)
            sendToClient(go, exchange, on: &loop)
        }
        exchanges[exchange].flags.insert(.continued)
        let token = exchanges.token(at: Int(exchange)) ?? .none
        if let pending = clients[client].pending.take() {
            relayRequestContent(pending, client, on: &loop)
        } else if clients[client].flags.isSuperset(of: [.isStream, .ended]) {
            streamResumed(client, on: &loop)
        }
        if exchanges.contains(token) && exchanges[exchange].flags.contains(.isCollecting) {
            loop.setReceiving(clients[client].socket, true)
        }
    }

    /// A further piece of content, without framing.
    mutating func collect(
        _ piece: consuming Buffer, isLast: Bool, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        if let task = exchanges[exchange].admin {
            return collect([UInt8](copying: piece.bytes), isLast: isLast, for: task, exchange, on: &loop)
        }
        let route = actions.requests[Int(exchanges[exchange].actions)].buffering
        let isLarger = Int(exchanges[exchange].collectedBytes) + piece.count > route.limit
        if isLarger && route.refusesLarger { return fail(exchange, .requestBodyTooLarge, on: &loop) }
        // What is more than is to be kept goes with it, as it is here already.
        if let failure = keepContent(piece.bytes, exchange, on: &loop) { return fail(exchange, failure, on: &loop) }
        if isLast { return endCollecting(exchange, on: &loop) }
        if isLarger { passCollected(exchange, on: &loop) }
    }

    /// All of the request is there: a server is chosen.
    private mutating func endCollecting(_ exchange: UInt32, on loop: inout EventLoop) {
        let count = Int(exchanges[exchange].collectedBytes)
        if exchanges[exchange].requestFraming == .chunked && !hasTrailers {
            exchanges[exchange].requestFraming = .length(UInt64(count))
        }
        exchanges[exchange].flags.insert([.replayable, .isCollected])
        dispatchCollected(exchange, isLast: true, on: &loop)
    }

    /// There is more than is to be read first: a server is chosen, and gets the rest as it comes.
    private mutating func passCollected(_ exchange: UInt32, on loop: inout EventLoop) {
        metrics.add(.requestBuffersPassed)
        dispatchCollected(exchange, isLast: false, on: &loop)
    }

    private mutating func dispatchCollected(_ exchange: UInt32, isLast: Bool, on loop: inout EventLoop) {
        exchanges[exchange].flags.remove(.isCollecting)
        exchanges[exchange].phase = .connecting
        guard let head = exchanges[exchange].request.take() else { return fail(exchange, .noBuffers, on: &loop) }
        completeHead(head, exchange)
        if writer.overflowed { return fail(exchange, .headTooLargeToForward, on: &loop) }
        guard var content = exchanges[exchange].content.take() ?? loop.pool.takeSmall() else {
            return fail(exchange, .noBuffers, on: &loop)
        }
        let isChunked = exchanges[exchange].requestFraming == .chunked
        if isChunked && !Framing.chunk(&content, isLast: isLast, tail: tail, pool: loop.pool) {
            return fail(exchange, .noBuffers, on: &loop)
        }
        guard let whole = join(headWith: content, on: &loop) else { return fail(exchange, .noBuffers, on: &loop) }
        exchanges[exchange].request = consume whole
        if exchanges[exchange].mirroring >= 0 { beginMirror(exchange, on: &loop) }
        if !isLast {
            giveBackCollected(exchange)
            beginReplayLog(exchange)
        }
        dispatch(exchange, on: &loop)
    }

    /// Writes the head that was kept into `writer`, with what says how long the content is behind it.
    private mutating func completeHead(_ head: borrowing Buffer, _ exchange: UInt32) {
        writer.removeAll()
        writer.write(head.bytes.extracting(0..<head.count - 2))
        writer.framing(exchanges[exchange].requestFraming)
        writer.endOfHead()
    }

    /// The bytes that were read first are not counted any more.
    mutating func giveBackCollected(_ exchange: UInt32) {
        let bytes = Int(exchanges[exchange].collectedBytes)
        if bytes == 0 { return }
        shared.giveBackBuffered(bytes)
        metrics.add(.requestBufferBytes, 0 &- UInt64(bytes))
        exchanges[exchange].collectedBytes = 0
        exchanges[exchange].content = nil
    }
}
