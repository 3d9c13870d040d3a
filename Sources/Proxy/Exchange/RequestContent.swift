// Content on its way to the server.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

extension ProxyDriver {
    /// What came of content with a head: where it stands in the buffer, behind the head, or why it is refused.
    struct FirstContent {
        var range: Range<Int>
        /// Where in the buffer the next request begins, or the rest of an unfinished trailer section.
        var end: Int
        var failure: FailureKind?
    }

    /// Decodes what stands behind the head in `buffer`.
    mutating func takeContent(
        behindHeadIn buffer: inout Buffer, _ exchange: UInt32, _ client: UInt32
    ) -> FirstContent {
        let head = request.length
        clients[client].decoder = ContentDecoder(request.framing)
        var content = DecodedContent()
        if clients[client].flags.contains(.isStream) { return beginStreamContent(head, exchange, client) }
        if clients[client].decoder.isComplete {
            content.isComplete = true
        } else if buffer.count > head {
            var span = buffer.mutableBytes(from: head)
            content = clients[client].decoder.decode(&span, trailerLimit: settings.requestHead.headBytes)
        }
        return FirstContent(
            range: head + content.content.lowerBound..<head + content.content.upperBound,
            end: head + content.consumed,
            failure: finishDecoding(buffer.bytes, content, base: head, exchange))
    }

    /// Content of a stream comes by itself, without framing, and ends with the stream (RFC 9113 section 8.1).
    private mutating func beginStreamContent(_ head: Int, _ exchange: UInt32, _ client: UInt32) -> FirstContent {
        if request.framing == .chunked { clients[client].decoder = ContentDecoder(.untilClose) }
        if clients[client].decoder.isComplete { exchanges[exchange].flags.insert(.requestComplete) }
        return FirstContent(range: head..<head, end: head, failure: nil)
    }

    /// What is common to all pieces of request content: refusals, limits, trailers and the end.
    private mutating func finishDecoding(
        _ bytes: Span<UInt8>, _ content: DecodedContent, base: Int, _ exchange: UInt32
    ) -> FailureKind? {
        let client = exchanges[exchange].client
        if let refusal = content.refusal { return .requestRefused(refusal) }
        if clients[client].decoder.contentBytes > requestBodyLimit(exchange) { return .requestBodyTooLarge }
        if !content.isComplete { return nil }
        if let refusal = composeTail(bytes, content, base: base, exchange) { return .requestRefused(refusal) }
        exchanges[exchange].flags.insert(.requestComplete)
        return nil
    }

    /// Keeps what stands behind a request, or its content, until it has its turn. `false` when memory is used up.
    mutating func keepRest(
        of buffer: borrowing Buffer, from end: Int, _ client: UInt32, on loop: inout EventLoop
    ) -> Bool {
        if end >= buffer.count { return true }
        guard let rest = KeptBytes.copy(buffer.bytes.extracting(end..<buffer.count), pool: loop.pool) else {
            return false
        }
        keepPending(rest, client, on: &loop)
        return true
    }

    /// The same for a buffer that is not needed for anything else.
    mutating func keepRest(
        in buffer: consuming Buffer, from end: Int, _ client: UInt32, on loop: inout EventLoop
    ) {
        if end >= buffer.count { return }
        buffer.dropFirst(end)
        keepPending(KeptBytes.compact(buffer, pool: loop.pool), client, on: &loop)
    }

    /// The next request waits for its turn, and so does all that follows it, the connection's end as well.
    private mutating func keepPending(_ rest: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        clients[client].pending = consume rest
        if clients[client].decoder.isComplete { loop.setReceiving(clients[client].socket, false) }
    }

    /// Writes the end of chunked content, with its trailers, into `tail`.
    mutating func composeTail(
        _ bytes: Span<UInt8>, _ content: DecodedContent, base: Int, _ exchange: UInt32, isResponse: Bool = false
    ) -> HeadRefusal? {
        tail.removeAll()
        guard let range = content.trailers else {
            tail.lastChunk()
            return nil
        }
        let arena = bytes.extracting(base + range.lowerBound..<base + range.upperBound)
        let limits = isResponse ? settings.responseHead : settings.requestHead
        if let refusal = TrailerParser.parse(arena, into: &trailers, limits: limits) { return refusal }
        if isResponse && exchanges[exchange].flags.contains(.isCall) {
            noteCallTrailers(exchange, Self.callStatus(in: trailers, arena))
        }
        let drops: ExchangeFlags = isResponse ? .dropsResponseTrailers : .dropsRequestTrailers
        if exchanges[exchange].flags.contains(drops) { trailers.removeAll() }
        if isResponse { hideTrailers(arena, exchange) }
        tail.trailers(trailers, in: arena)
        return tail.overflowed ? .trailersTooLarge : nil
    }

    /// Makes one buffer of the composed head in `writer` and the content that came with the head: in a small buffer if it
    /// fits one, so that the large one is free for the next connection while it is warm, else in place. What follows the
    /// request is kept. `nil` when there is no room.
    mutating func assemble(
        _ buffer: consuming Buffer, _ content: FirstContent, _ exchange: UInt32, on loop: inout EventLoop
    ) -> Buffer? {
        if writer.overflowed { return nil }
        let client = exchanges[exchange].client
        let isComplete = exchanges[exchange].flags.contains(.requestComplete)
        let isChunked = exchanges[exchange].requestFraming == .chunked
        if isComplete { exchanges[exchange].flags.insert(.replayable) }
        if content.range.isEmpty && !(isChunked && isComplete) {
            guard let head = loop.pool.copy(writer.bytes) else { return nil }
            keepRest(in: buffer, from: content.end, client, on: &loop)
            return head
        }
        if !keepRest(of: buffer, from: content.end, client, on: &loop) { return nil }
        buffer.keep(content.range)
        if isChunked && frameForServer(&buffer, isLast: isComplete, exchange, pool: loop.pool) != nil { return nil }
        return join(headWith: buffer, on: &loop)
    }

    /// Why there is no buffer of a request.
    func assemblyFailure(_ exchange: UInt32) -> FailureKind {
        if exchanges[exchange].call.web.isTextBroken { return .webTextMalformed }
        return writer.overflowed ? .headTooLargeToForward : .noBuffers
    }

    /// Makes a piece of content chunks, as which it travels to the server; why not, if that cannot be.
    mutating func frameForServer(
        _ buffer: inout Buffer, isLast: Bool, _ exchange: UInt32, pool: borrowing BufferPool
    ) -> FailureKind? {
        if exchanges[exchange].flags.contains(.isWeb) && !decodeWebText(&buffer, isLast: isLast, exchange) {
            return .webTextMalformed
        }
        return Framing.chunk(&buffer, isLast: isLast, tail: tail, pool: pool) ? nil : .noBuffers
    }

    /// The head in `writer` and content as one.
    mutating func join(headWith content: consuming Buffer, on loop: inout EventLoop) -> Buffer? {
        let isSmall = writer.count + content.count <= BufferPool.smallRoom
        if !isSmall && content.prepend(writer.bytes) { return content }
        guard var joined = loop.pool.take(room: writer.count + content.count) else { return nil }
        if !joined.append(writer.bytes) || !joined.append(content.bytes) { return nil }
        return joined
    }

    /// Passes on a further piece of request content.
    mutating func relayRequestContent(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        if clients[client].flags.contains(.isStream) { return passStreamContent(buffer, client, on: &loop) }
        let exchange = clients[client].exchange
        var span = buffer.mutableBytes(from: 0)
        let content = clients[client].decoder.decode(&span, trailerLimit: settings.requestHead.headBytes)
        if let failure = finishDecoding(buffer.bytes, content, base: 0, exchange) {
            return fail(exchange, failure, on: &loop)
        }
        if content.isComplete { exchanges[exchange].times.requestEnded = loop.nanoseconds }
        if !keepRest(of: buffer, from: content.consumed, client, on: &loop) {
            return fail(exchange, .noBuffers, on: &loop)
        }
        buffer.keep(content.content)
        if exchanges[exchange].flags.contains(.isCollecting) {
            return collect(buffer, isLast: content.isComplete, exchange, on: &loop)
        }
        let isChunked = exchanges[exchange].requestFraming == .chunked
        if isChunked, let failure = frameForServer(&buffer, isLast: content.isComplete, exchange, pool: loop.pool) {
            return fail(exchange, failure, on: &loop)
        }
        if content.isComplete { requestBecameComplete(exchange, on: &loop) }
        if exchanges[exchange].mirroring >= 0 { gatherMirror(buffer, exchange, on: &loop) }
        if !buffer.isEmpty { sendToServer(buffer, exchange, on: &loop) }
    }

    /// From now on it is the server's turn.
    mutating func requestBecameComplete(_ exchange: UInt32, on loop: inout EventLoop) {
        if exchanges[exchange].phase != .sendingRequest { return }
        exchanges[exchange].phase = .awaitingResponse
        scheduleResponseCheck(exchanges[exchange].connection, on: &loop)
    }
}
