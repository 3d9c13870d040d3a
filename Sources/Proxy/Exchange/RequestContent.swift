// Content on its way to the server.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

extension ProxyDriver {
    /// What came of content with a head: where it stands in the buffer, behind the head, or why it is refused.
    struct FirstContent {
        var range: Range<Int>
        var failure: FailureKind?
    }

    /// Decodes what stands behind the head in `buffer`. What follows the request is moved to the connection's `pending`.
    mutating func takeContent(
        behindHeadIn buffer: inout Buffer, _ exchange: UInt32, _ client: UInt32, on loop: inout EventLoop
    ) -> FirstContent {
        let head = request.length
        clients[client].decoder = ContentDecoder(request.framing)
        var content = DecodedContent()
        if clients[client].decoder.isComplete {
            content.isComplete = true
        } else if buffer.count > head {
            var span = buffer.mutableBytes(from: head)
            content = clients[client].decoder.decode(&span, trailerLimit: settings.requestHead.headBytes)
        }
        let range = head + content.content.lowerBound..<head + content.content.upperBound
        let failure = finishDecoding(&buffer, content, base: head, exchange, on: &loop)
        return FirstContent(range: range, failure: failure)
    }

    /// What is common to all pieces of request content: refusals, limits, trailers, the end, and what is left over.
    private mutating func finishDecoding(
        _ buffer: inout Buffer, _ content: DecodedContent, base: Int, _ exchange: UInt32, on loop: inout EventLoop
    ) -> FailureKind? {
        let client = exchanges[exchange].client
        if let refusal = content.refusal { return .requestRefused(refusal) }
        if clients[client].decoder.contentBytes > settings.requestBody { return .requestBodyTooLarge }
        if content.isComplete {
            exchanges[exchange].flags.insert(.requestComplete)
            if let refusal = composeTail(buffer.bytes, content, base: base, client: nil) {
                return .requestRefused(refusal)
            }
        }
        let end = base + content.consumed
        if end < buffer.count {
            guard let rest = loop.pool.copy(buffer.bytes.extracting(end..<buffer.count)) else { return .noBuffers }
            clients[client].pending = consume rest
        }
        return nil
    }

    /// Writes the end of chunked content, with its trailers, into `tail`.
    mutating func composeTail(
        _ bytes: Span<UInt8>, _ content: DecodedContent, base: Int, client exchange: UInt32?
    ) -> HeadRefusal? {
        tail.removeAll()
        guard let range = content.trailers else {
            tail.lastChunk()
            return nil
        }
        let arena = bytes.extracting(base + range.lowerBound..<base + range.upperBound)
        let limits = exchange == nil ? settings.requestHead : settings.responseHead
        if let refusal = TrailerParser.parse(arena, into: &trailers, limits: limits) { return refusal }
        tail.trailers(trailers, in: arena)
        return tail.overflowed ? .trailersTooLarge : nil
    }

    /// Makes one buffer of the composed head in `writer` and the content at `range`: in a small buffer if it fits one, so
    /// that the large one is free for the next connection while it is warm, else in place.
    mutating func assemble(
        _ buffer: inout Buffer, _ range: Range<Int>, _ exchange: UInt32, on loop: inout EventLoop
    ) -> Bool {
        if writer.overflowed { return false }
        let isComplete = exchanges[exchange].flags.contains(.requestComplete)
        if isComplete { exchanges[exchange].flags.insert(.replayable) }
        if range.isEmpty && !isComplete || exchanges[exchange].requestFraming != .chunked && range.isEmpty {
            guard let small = loop.pool.copy(writer.bytes) else { return false }
            buffer = small
            return true
        }
        buffer.keep(range)
        let isChunked = exchanges[exchange].requestFraming == .chunked
        if isChunked && !Framing.chunk(&buffer, isLast: isComplete, tail: tail) { return false }
        if writer.count + buffer.count <= BufferPool.smallRoom, var small = loop.pool.takeSmall() {
            if !small.append(writer.bytes) || !small.append(buffer.bytes) { return false }
            buffer = small
            return true
        }
        if buffer.prepend(writer.bytes) { return true }
        guard var larger = loop.pool.takeLarge() else { return false }
        larger.reset(headroom: 0)
        if !larger.append(writer.bytes) || !larger.append(buffer.bytes) { return false }
        buffer = larger
        return true
    }

    /// Passes on a further piece of request content.
    mutating func relayRequestContent(_ buffer: consuming Buffer, _ client: UInt32, on loop: inout EventLoop) {
        let exchange = clients[client].exchange
        var span = buffer.mutableBytes(from: 0)
        let content = clients[client].decoder.decode(&span, trailerLimit: settings.requestHead.headBytes)
        if let failure = finishDecoding(&buffer, content, base: 0, exchange, on: &loop) {
            return fail(exchange, failure, on: &loop)
        }
        buffer.keep(content.content)
        let isChunked = exchanges[exchange].requestFraming == .chunked
        if isChunked && !Framing.chunk(&buffer, isLast: content.isComplete, tail: tail) {
            return fail(exchange, .noBuffers, on: &loop)
        }
        if exchanges[exchange].phase == .sendingRequest && content.isComplete {
            exchanges[exchange].phase = .awaitingResponse
        }
        if !buffer.isEmpty { sendToServer(buffer, exchange, on: &loop) }
    }
}
