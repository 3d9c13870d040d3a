// Keeping a request while it is sent, and sending it anew.
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletTelemetry

extension ProxyDriver {
    /// Begins to keep a request whose content comes in pieces, or is more than may be kept in memory, if it may be sent
    /// again.
    mutating func beginReplayLog(_ exchange: UInt32) {
        let isInOnePiece = exchanges[exchange].flags.contains(.requestComplete)
        if isInOnePiece && fitsMemory(exchange) { return }
        let upstream = Int(exchanges[exchange].upstream)
        let settings = upstreamStates[upstream].settings.retry
        if settings.attempts == 1 || !isRepeatable(exchange, upstream) && !mayBeRefused(exchange, upstream) { return }
        if settings.bodyMemory + settings.bodyFile == 0 { return metrics.add(.replaysTooLarge) }
        exchanges[exchange].replay.start()
    }

    /// Whether the content that has come so far may be kept in memory.
    func fitsMemory(_ exchange: UInt32) -> Bool {
        if exchanges[exchange].flags.contains(.isCollected) { return true }
        let limit = upstreamStates[Int(exchanges[exchange].upstream)].settings.retry.bodyMemory
        return clients[exchanges[exchange].client].decoder.contentBytes <= UInt64(limit)
    }

    /// Keeps a piece that is about to be sent.
    mutating func keepForReplay(_ buffer: borrowing Buffer, _ exchange: UInt32, on loop: inout EventLoop) {
        let settings = upstreamStates[Int(exchanges[exchange].upstream)].settings.retry
        let before = exchanges[exchange].replay.fileBytes
        let room = shared.replayRoom(settings.bodyFile - before, limit: self.settings.replayFileBytes)
        // When memory is short it is for those who come, not for what may happen to those who are here.
        let isScarce = loop.pool.usedBytes > loop.pool.limitBytes / 2
        let limits = ReplayLog.Limits(memory: isScarce ? 0 : settings.bodyMemory, file: before + room)
        if !exchanges[exchange].replay.append(buffer.bytes, limits, pool: loop.pool) { metrics.add(.replaysTooLarge) }
        shared.replayChanged(by: exchanges[exchange].replay.fileBytes - before)
    }

    /// The request is not needed any more.
    mutating func forgetRequest(_ exchange: UInt32) {
        exchanges[exchange].request = nil
        giveBackCollected(exchange)
        if !exchanges[exchange].replay.isComplete { return }
        shared.replayChanged(by: -exchanges[exchange].replay.fileBytes)
        exchanges[exchange].replay.stop()
    }

    /// A response has come, and there is no buffer to read it into: what was kept for another try is given up for it. Else
    /// those who wait for a response could hold, in requests that have been sent, all that is needed to receive one.
    mutating func serverStarved(_ connection: UInt32) {
        let exchange = servers[connection].exchange
        if exchange == .max || servers[connection].state == .connecting { return }
        let isBeingSent = exchanges[exchange].flags.contains(.isReplaying) || exchanges[exchange].hedge != .max
        if !isBeingSent { forgetRequest(exchange) }
    }

    /// Sends the kept request from its beginning.
    mutating func beginReplay(_ exchange: UInt32, on loop: inout EventLoop) {
        exchanges[exchange].replay.position = 0
        exchanges[exchange].flags.insert(.isReplaying)
        continueReplay(exchange, on: &loop)
    }

    /// Sends on as long as the server takes it. When all is sent, what the client sent meanwhile has its turn.
    mutating func continueReplay(_ exchange: UInt32, on loop: inout EventLoop) {
        let connection = exchanges[exchange].connection
        let socket = servers[connection].socket
        while !exchanges[exchange].replay.isAtEnd {
            let isFirst = exchanges[exchange].replay.position == 0
            guard var buffer = loop.pool.takeLarge(), exchanges[exchange].replay.read(into: &buffer) else {
                return fail(exchange, .noBuffers, on: &loop)
            }
            if isFirst && exchanges[exchange].call.timeoutPlace > 0 {
                writeTimeout(exchange, into: &buffer, now: loop.milliseconds)
            }
            if isFirst && exchanges[exchange].flags.contains(.isSampled) {
                writeSpan(exchange, connection, into: &buffer)
            }
            metrics.add(.upstreamBytesOut, UInt64(buffer.count))
            switch loop.send(buffer, on: socket) {
            case .sent: continue
            case .pending: return
            }
        }
        exchanges[exchange].flags.remove(.isReplaying)
        // The server may answer before it has all.
        if exchanges[exchange].phase == .sendingResponse { forgetRequest(exchange) }
        resumeAfterHead(exchange, on: &loop)
    }
}
