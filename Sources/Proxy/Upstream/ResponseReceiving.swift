// The way back: from the server's bytes to the client.
//
//   server ──bytes──▶ head ─▶ interim? pass on, next head ─▶ compose ─▶ content with it ─▶ client
//                     │                                                  content ────────▶ client … end ─▶ pool
//                     └─ 101, as asked ─▶ Upgrade/Upgrading.swift
import MartletBalancing
import MartletEventLoop
import MartletGRPC
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Interim responses passed on for one exchange. A server that sends more is not well.
    private static var interimLimit: UInt8 { 16 }

    mutating func serverReceived(_ buffer: consuming Buffer, _ connection: UInt32, on loop: inout EventLoop) {
        metrics.add(.upstreamBytesIn, UInt64(buffer.count))
        if servers[connection].isLink {
            return receiveFrames(buffer, servers[connection].multiplexer, on: &loop)
        }
        let exchange = servers[connection].exchange
        if exchange == .max { return unexpectedBytes(connection, on: &loop) }
        if exchanges[exchange].flags.contains(.isTunnel) { return relayToClient(buffer, exchange, on: &loop) }
        if exchanges[exchange].hedge != .max { settleHedge(exchange, by: connection, on: &loop) }
        exchanges[exchange].flags.insert(.responseBegun)
        var bytes = buffer
        if let pending = servers[connection].pending.take() {
            guard let joined = Joining.join(pending, bytes, pool: loop.pool) else {
                return fail(exchange, .noBuffers, on: &loop)
            }
            bytes = joined
        }
        if servers[connection].isReadingContent {
            servers[connection].lastByte = loop.milliseconds
            relayResponse(bytes, withHead: false, exchange, on: &loop)
        } else {
            readResponseHead(bytes, exchange, on: &loop)
        }
    }

    private mutating func readResponseHead(
        _ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let connection = exchanges[exchange].connection
        while true {
            // A head that comes in many pieces is parsed once, when it is all there.
            if servers[connection].hasPartialHead && servers[connection].scanner.scan(buffer.bytes) == .incomplete
                && buffer.count < settings.responseHead.headBytes
            {
                servers[connection].pending = KeptBytes.compact(buffer, pool: loop.pool)
                return
            }
            let method = exchanges[exchange].method
            switch ResponseParser.parse(
                buffer.bytes, into: &response, requestMethod: method, limits: settings.responseHead)
            {
            case .refused(let refusal):
                recordLoss(exchange, connection, on: &loop)
                return tryFailed(exchange, .lost, .responseRefused(refusal), on: &loop)
            case .incomplete:
                return keepPartialHead(buffer, connection, on: &loop)
            case .complete:
                servers[connection].hasPartialHead = false
            }
            if !response.isInformational { return beginResponse(buffer, exchange, on: &loop) }
            if hasSwitched(exchange, buffer.bytes) { return beginUpgraded(buffer, exchange, on: &loop) }
            if let failure = passInterim(buffer.bytes, exchange, on: &loop) {
                if failure.side != .server { return fail(exchange, failure, on: &loop) }
                recordLoss(exchange, connection, on: &loop)
                return tryFailed(exchange, .lost, failure, on: &loop)
            }
            buffer.dropFirst(response.length)
            if buffer.isEmpty { return }
        }
    }

    private mutating func keepPartialHead(
        _ buffer: consuming Buffer, _ connection: UInt32, on loop: inout EventLoop
    ) {
        servers[connection].hasPartialHead = true
        servers[connection].scanner = HeadEndScanner()
        _ = servers[connection].scanner.scan(buffer.bytes)
        servers[connection].pending = KeptBytes.compact(buffer, pool: loop.pool)
    }

    /// Passes a 1xx response on (RFC 9110 section 15.2), to clients that can understand it.
    mutating func passInterim(
        _ arena: Span<UInt8>, _ exchange: UInt32, on loop: inout EventLoop
    ) -> FailureKind? {
        // To something that it was not asked for.
        if response.status == 101 { return .switchedUnasked }
        if exchanges[exchange].interims == Self.interimLimit { return .responseTooManyInterim }
        exchanges[exchange].interims += 1
        if exchanges[exchange].flags.contains(.isMirror) { return nil }
        metrics.add(.responses1xx)
        if response.status == 100 { exchanges[exchange].flags.insert(.continued) }
        let client = exchanges[exchange].client
        clients[client].upload.pause()
        if exchanges[exchange].flags.contains(.isHTTP10) { return nil }
        composeInterimHead(arena, exchange)
        guard !writer.overflowed, let head = loop.pool.copy(writer.bytes) else { return .noBuffers }
        sendToClient(head, exchange, on: &loop)
        return nil
    }

    /// The final response's head is in `response`: composes it anew for the client, with what came of content behind it.
    mutating func beginResponse(
        _ buffer: consuming Buffer, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let isCall = exchanges[exchange].flags.contains(.isCall)
        if isCall { noteCallResponse(buffer.bytes, exchange) }
        recordResponse(exchange, buffer.bytes, isCall: isCall, on: &loop)
        let upstream = Int(exchanges[exchange].upstream)
        if upstreamStates[upstream].settings.retry.statuses.contains(response.status)
            && replaceTry(exchange, .status, on: &loop)
        {
            return
        }
        if isCall && retryCall(exchange, on: &loop) { return }
        // What is still being sent anew goes on: the server counts on the whole of it.
        if !exchanges[exchange].flags.contains(.isReplaying) { forgetRequest(exchange) }
        if replacesContent(exchange) { return replaceContent(buffer, exchange, on: &loop) }
        let connection = exchanges[exchange].connection
        servers[connection].isReadingContent = true
        servers[connection].isPersistent = response.isPersistent
        servers[connection].lastByte = loop.milliseconds
        exchanges[exchange].firstByte = loop.nanoseconds
        if response.fields.isNominating { exchanges[exchange].flags.insert(.dropsResponseTrailers) }
        exchanges[exchange].phase = .sendingResponse
        exchanges[exchange].status = UInt16(response.status)
        if log.showsResponseFields || exchanges[exchange].logLayout != log.number {
            noteResponseFields(exchange, buffer.bytes)
        }
        loop.cancelTimer(servers[connection].socket)
        chooseResponseFraming(exchange, mayHaveTrailers: isCall && mayHaveTrailers(exchange))
        if isCall { noteWebResponse(buffer.bytes, exchange) }
        var coded = CodedHead()
        if exchanges[exchange].flags.contains(.mayBeCoded) {
            coded = planCoding(buffer.bytes, exchange)
            if let failure = coded.failure { return fail(exchange, failure, on: &loop) }
            dropContentFields(buffer.bytes, coded)
        }
        settlePersistence(exchange)
        composeResponseHead(
            buffer.bytes, exchange, endsWithHead: isCall && exchanges[exchange].flags.contains(.endsWithHead),
            except: coded.fields)
        composeCodedFields(buffer.bytes, exchange, coded)
        if isCall { composeWebResponseType(buffer.bytes, exchange) }
        if writer.overflowed { return fail(exchange, .responseRefused(.headTooLarge), on: &loop) }
        if isLeak(exchange) { return fail(exchange, .responseLeaks, on: &loop) }
        // The end of a stream is told by itself, whatever the length; that both agree, the machine sees to. One that has
        // ended with the head has no content.
        let isOpen =
            servers[connection].isStream && !servers[connection].hasEnded && response.framing != .none
        servers[connection].decoder = ContentDecoder(isOpen ? .untilClose : response.framing)
        buffer.dropFirst(response.length)
        relayResponse(buffer, withHead: true, exchange, on: &loop)
    }

    /// Decodes a piece of content, frames it for the client and sends it, behind the head in `writer` if that is new.
    private mutating func relayResponse(
        _ buffer: consuming Buffer, withHead: Bool, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let connection = exchanges[exchange].connection
        var content = DecodedContent()
        if servers[connection].decoder.isComplete {
            content.isComplete = true
        } else {
            var span = buffer.mutableBytes(from: 0)
            content = servers[connection].decoder.decode(&span, trailerLimit: settings.responseHead.headBytes)
        }
        if let failure = finishDecoding(buffer, content, connection, exchange, on: &loop) {
            return fail(exchange, failure, on: &loop)
        }
        buffer.keep(content.content)
        if exchanges[exchange].flags.contains(.isCoded) {
            if withHead && !content.isComplete { scheduleStallCheck(connection, on: &loop) }
            return relayCoded(buffer, isLast: content.isComplete, withHead: withHead, exchange, on: &loop)
        }
        let isHeadAlone = withHead && buffer.isEmpty
        if !frameForClient(&buffer, isLast: content.isComplete, exchange, pool: loop.pool) {
            return fail(exchange, .noBuffers, on: &loop)
        }
        if withHead && !addHead(&buffer, on: &loop) { return fail(exchange, .noBuffers, on: &loop) }
        if withHead { exchanges[exchange].flags.insert(.responseHeadSent) }
        if content.isComplete {
            exchanges[exchange].flags.insert(.responseComplete)
        } else if withHead {
            scheduleStallCheck(connection, on: &loop)
        }
        if !buffer.isEmpty { sendToClient(buffer, exchange, isHeadAlone: isHeadAlone, on: &loop) }
        if content.isComplete { endResponse(exchange, on: &loop) }
    }

    /// Makes a piece of content what the client can tell the end of; `false` when memory is used up.
    private mutating func frameForClient(
        _ buffer: inout Buffer, isLast: Bool, _ exchange: UInt32, pool: borrowing BufferPool
    ) -> Bool {
        let framing = exchanges[exchange].responseFraming
        switch framing {
        case .none, .length: return true
        case .chunked, .untilClose:
            if exchanges[exchange].flags.contains(.isCall) {
                exchanges[exchange].call.boundary.pass(buffer.bytes)
                if !translateForWeb(&buffer, isLast: isLast, exchange, pool: pool) { return false }
            }
            return framing != .chunked || Framing.chunk(&buffer, isLast: isLast, tail: tail, pool: pool)
        }
    }

    private mutating func scheduleStallCheck(_ connection: UInt32, on loop: inout EventLoop) {
        let limit = stallTime(servers[connection].exchange, Int(servers[connection].upstream))
        if limit > 0 { loop.setTimer(servers[connection].socket, at: loop.milliseconds + limit) }
    }

    private mutating func finishDecoding(
        _ buffer: borrowing Buffer, _ content: DecodedContent, _ connection: UInt32, _ exchange: UInt32,
        on loop: inout EventLoop
    ) -> FailureKind? {
        if let refusal = content.refusal { return .responseRefused(refusal) }
        if content.isComplete {
            if let refusal = composeTail(buffer.bytes, content, base: 0, exchange, isResponse: true) {
                return .responseRefused(refusal)
            }
        }
        if content.consumed < buffer.count {
            // Part of a trailer section; or bytes behind the response, which spoil the connection.
            if content.isComplete {
                servers[connection].isPersistent = false
                return nil
            }
            let rest = buffer.bytes.extracting(content.consumed..<buffer.count)
            guard let kept = KeptBytes.copy(rest, pool: loop.pool) else { return .noBuffers }
            servers[connection].pending = consume kept
        }
        return nil
    }

    /// Puts the head in `writer` in front of the content: in place where the server's head was, with the headroom to grow.
    mutating func addHead(_ buffer: inout Buffer, on loop: inout EventLoop) -> Bool {
        if buffer.prepend(writer.bytes) { return true }
        guard var larger = loop.pool.take(room: writer.count + buffer.count) else { return false }
        if !larger.append(writer.bytes) || !larger.append(buffer.bytes) { return false }
        buffer = larger
        return true
    }

    /// The whole response has been handed over: the server is free, and the client as soon as it has taken everything.
    mutating func endResponse(_ exchange: UInt32, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        if exchanges[exchange].flags.contains(.isCoded) {
            composeLastChunk(exchange)
            return endCoded(exchange, on: &loop)
        }
        if !exchanges[exchange].flags.contains(.responseComplete) {
            exchanges[exchange].flags.insert(.responseComplete)
            // The server marked the end by closing; towards the client it may have to be marked otherwise.
            let isWeb = exchanges[exchange].flags.contains(.isWebAnswered)
            if exchanges[exchange].responseFraming == .chunked || isWeb {
                composeLastChunk(exchange)
                guard let end = isWeb ? webEnd(exchange, pool: loop.pool) : loop.pool.copy(tail.bytes) else {
                    return fail(exchange, .noBuffers, on: &loop)
                }
                if !end.isEmpty { sendToClient(end, exchange, on: &loop) }
            }
        }
        exchanges[exchange].times.served = loop.nanoseconds
        if exchanges[exchange].connection != .max { releaseServer(of: exchange, on: &loop) }
        if !exchanges[exchange].flags.contains(.requestComplete) { clients[client].flags.insert(.closesAfter) }
        if !loop.isSendPending(clients[client].socket) { finish(exchange, on: &loop) }
    }

    /// Writes the end of chunked content into `tail`, with the trailers that a stream has brought.
    private mutating func composeLastChunk(_ exchange: UInt32) {
        let connection = exchanges[exchange].connection
        tail.removeAll()
        if connection != .max, let trailers = servers[connection].trailers.take() {
            tail.write(trailers.bytes)
        } else {
            tail.lastChunk()
        }
    }

    /// The client has taken the whole response.
    mutating func finish(_ exchange: UInt32, on loop: inout EventLoop) {
        let client = exchanges[exchange].client
        closeExchange(exchange, on: &loop)
        continueClient(client, on: &loop)
    }
}
