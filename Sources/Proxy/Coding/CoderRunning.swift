// How coders run: a bounded amount of work in a turn, no more than the client takes, and nothing that is held for long.
//
//   content ─▶ take ─▶ run ─▶ client … full? when the client has taken it   ┐
//                       │          … paused? at the end of the turn         ├─▶ run
//                       └─ dry ─▶ … a few milliseconds without a flush      ┘
import MartletCoding
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Bytes of content that a coder takes in a turn: about a millisecond's work, so that the loop's other clients do not wait.
    private static var turnBytes: Int { 32 << 10 }
    /// How long a coder may hold what it could give out, in milliseconds: servers often send a response in several writes, and
    /// giving out after each of them would make the result larger.
    private static var holdTime: UInt64 { 10 }
    /// How long a coder waits when there is no buffer for it, in milliseconds.
    private static var memoryPause: UInt64 { 10 }

    /// Relays a piece of content that is coded on its way, behind the head in `writer` if that is new.
    /// - Parameter isLast: the response is complete with it; `tail` has what ends it.
    mutating func relayCoded(
        _ buffer: consuming Buffer, isLast: Bool, withHead: Bool, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let coder = exchanges[exchange].coder
        if !buffer.isEmpty {
            let isTaken = coders[coder].take(buffer, pool: loop.pool)
            if !isTaken { return fail(exchange, .noBuffers, on: &loop) }
        }
        if isLast && !endCoderInput(exchange, on: &loop) { return fail(exchange, .noBuffers, on: &loop) }
        runCoder(exchange, withHead: withHead, on: &loop)
    }

    /// The server has marked the end of content that is coded by ending its side; `tail` has what ends it.
    mutating func endCoded(_ exchange: UInt32, on loop: inout EventLoop) {
        if !endCoderInput(exchange, on: &loop) { return fail(exchange, .noBuffers, on: &loop) }
        runCoder(exchange, withHead: false, on: &loop)
    }

    /// All of the content has come: the server is free. `false` when memory is used up.
    private mutating func endCoderInput(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        guard let end = loop.pool.copy(tail.bytes) else { return false }
        coders[exchanges[exchange].coder].end(end)
        if exchanges[exchange].connection != .max { releaseServer(of: exchange, on: &loop) }
        return true
    }

    /// The client has taken what there was.
    mutating func continueCoder(_ exchange: UInt32, on loop: inout EventLoop) {
        runCoder(exchange, withHead: false, on: &loop)
    }

    private mutating func runCoder(_ exchange: UInt32, withHead: Bool, on loop: inout EventLoop) {
        let socket = clients[exchanges[exchange].client].socket
        let coder = exchanges[exchange].coder
        var budget = Self.turnBytes
        var needsHead = withHead
        while needsHead || !loop.isSendPending(socket) {
            guard var output = outputBuffer(for: coder, pool: loop.pool) else {
                if needsHead { return fail(exchange, .noBuffers, on: &loop) }
                return pause(coder, at: loop.milliseconds + Self.memoryPause, on: &loop)
            }
            let flushAt = coders[coder].flushAt
            let isDue = coders[coder].flushesAtOnce || flushAt > 0 && loop.milliseconds >= flushAt
            let step = coders[coder].step(
                into: &output, isFlushing: isDue, budget: &budget, actions.bodies, pool: loop.pool)
            if case .failed(let failure) = step { return coderFailed(exchange, failure, on: &loop) }
            var isLast = false
            if case .ended = step { isLast = true }
            if !sendCoded(output, isLast: isLast, withHead: needsHead, exchange, on: &loop) { return }
            needsHead = false
            switch step {
            case .full: continue
            case .paused: return pause(coder, at: loop.milliseconds, on: &loop)
            case .dry: return settleDry(exchange, on: &loop)
            case .ended, .failed: return endResponse(exchange, on: &loop)
            }
        }
    }

    private mutating func coderFailed(_ exchange: UInt32, _ failure: CoderFailure, on loop: inout EventLoop) {
        switch failure {
        case .memory: return fail(exchange, .noBuffers, on: &loop)
        case .malformed: exchanges[exchange].detail = "it is no gzip, or ends too early"
        case .expansion: exchanges[exchange].detail = "it becomes longer than responseBody.maxRatio allows"
        }
        metrics.add(.bodiesUndecodable)
        fail(exchange, .responseUndecodable, on: &loop)
    }

    /// A buffer for what a coder makes of what it has: small for little.
    private mutating func outputBuffer(for coder: UInt32, pool: borrowing BufferPool) -> Buffer? {
        if coders[coder].waitingBytes > BufferPool.smallRoom / 2 || coders[coder].isUnflushed {
            return pool.takeLarge()
        }
        guard var small = pool.takeSmall() else { return nil }
        small.reset(headroom: KeptBytes.headroom)
        return small
    }

    /// Frames and sends what a coder has made; `false` when that has failed the exchange.
    private mutating func sendCoded(
        _ output: consuming Buffer, isLast: Bool, withHead: Bool, _ exchange: UInt32, on loop: inout EventLoop
    ) -> Bool {
        let coder = exchanges[exchange].coder
        coders[coder].bytesOut += UInt64(output.count)
        tail.removeAll()
        if isLast, let end = coders[coder].takeTail() { tail.write(end.bytes) }
        let isChunked = exchanges[exchange].responseFraming == .chunked
        let isFramed = !isChunked || Framing.chunk(&output, isLast: isLast, tail: tail, pool: loop.pool)
        if !isFramed || withHead && !addHead(&output, on: &loop) {
            fail(exchange, .noBuffers, on: &loop)
            return false
        }
        if withHead { exchanges[exchange].flags.insert(.responseHeadSent) }
        if isLast {
            exchanges[exchange].flags.insert(.responseComplete)
            closeCoder(exchange)
        }
        if output.isEmpty { return true }
        // On a stream it waits at least until the end of the turn.
        let isStream = clients[exchanges[exchange].client].flags.contains(.isStream)
        sendToClient(isStream ? KeptBytes.compact(output, pool: loop.pool) : output, exchange, on: &loop)
        return true
    }

    /// A coder has taken all that has come.
    private mutating func settleDry(_ exchange: UInt32, on loop: inout EventLoop) {
        let coder = exchanges[exchange].coder
        if coders[coder].isUnflushed {
            if coders[coder].flushAt == 0 { coders[coder].flushAt = loop.milliseconds + Self.holdTime }
            queue(coder, at: coders[coder].flushAt, on: &loop)
        }
        let connection = exchanges[exchange].connection
        if connection == .max || loop.isSendPending(clients[exchanges[exchange].client].socket) { return }
        loop.setReceiving(servers[connection].socket, true)
    }

    /// A coder goes on in another turn; its server waits.
    private mutating func pause(_ coder: UInt32, at time: UInt64, on loop: inout EventLoop) {
        coders[coder].isPaused = true
        queue(coder, at: time, on: &loop)
        let connection = exchanges[coders[coder].exchange].connection
        if connection != .max { loop.setReceiving(servers[connection].socket, false) }
    }

    private mutating func queue(_ coder: UInt32, at time: UInt64, on loop: inout EventLoop) {
        loop.wake(at: time)
        if coders[coder].isQueued { return }
        coders[coder].isQueued = true
        if let token = coders.token(at: Int(coder)) { codingQueue.append(token) }
    }

    /// Has coders go on that are paused, or have held something for long enough; at the end of each turn.
    mutating func serveCoders(on loop: inout EventLoop) {
        if codingQueue.count == 0 { return }
        let count = codingQueue.count
        for place in 0..<count {
            let token = codingQueue[place]
            if !coders.contains(token) { continue }
            coders[token.index].isQueued = false
            let isPaused = coders[token.index].isPaused
            let flushAt = coders[token.index].flushAt
            coders[token.index].isPaused = false
            if isPaused || flushAt > 0 && loop.milliseconds >= flushAt {
                runCoder(coders[token.index].exchange, withHead: false, on: &loop)
            } else if flushAt > 0 {
                queue(token.index, at: flushAt, on: &loop)
            }
        }
        codingQueue.removeFirst(count)
    }

    /// The exchange has no more use for its coder.
    mutating func closeCoder(_ exchange: UInt32) {
        if !exchanges[exchange].flags.contains(.isCoded) { return }
        exchanges[exchange].flags.remove(.isCoded)
        let coder = exchanges[exchange].coder
        exchanges[exchange].coder = .max
        let coding = coders[coder].coding
        metrics.add(.bodyReplacements, coders[coder].replaced)
        if coding != .identity {
            metrics.add(Counter.compressed(coding, .compressedBytesInGzip), coders[coder].bytesIn)
            metrics.add(Counter.compressed(coding, .compressedBytesOutGzip), coders[coder].bytesOut)
        }
        coderBytes -= coders[coder].memory
        metrics.set(.compressionMemory, coderBytes)
        if let token = coders.token(at: Int(coder)) { coders.remove(token) }
    }
}

extension Counter {
    /// The counter of a coding among three that stand side by side, of which the first is gzip's.
    static func compressed(_ coding: ContentCoding, _ first: Counter) -> Counter {
        Counter(rawValue: first.rawValue + Int(coding.rawValue) - 1) ?? first
    }
}
