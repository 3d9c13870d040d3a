// A file's way to its client: by the kernel alone where that can be, else in buffers; never more at once than the client takes,
// and never so much that other clients wait.
import MartletEventLoop
import MartletFiles
import MartletHTTP1
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// Bytes of one file that are sent before others have their turn.
    private static var turnBytes: Int64 { 512 << 10 }
    /// Bytes that are read ahead at a time by other threads.
    private static var loadBytes: Int64 { 1 << 20 }
    /// Pieces that are shorter are cheaper to copy, as they leave with the head in one send.
    private static var leastSentByKernel: Int64 { 32 << 10 }
    /// How long an answer waits when there is no buffer for it, in milliseconds.
    private static var memoryPause: UInt64 { 100 }

    /// Sends the head in `writer`, and what `pieces` are of the file, if that was asked for.
    mutating func sendFile(_ pieces: [FilePiece], _ exchange: UInt32, on loop: inout EventLoop) {
        guard let task = exchanges[exchange].file else { return }
        if writer.overflowed { return fail(exchange, .headTooLargeToForward, on: &loop) }
        let isHead = exchanges[exchange].method == .head
        task.begin(isHead ? [] : pieces.filter { $0.count > 0 })
        metrics.add(.fileResponses)
        exchanges[exchange].phase = .sendingResponse
        guard var buffer = loop.pool.takeLarge() ?? loop.pool.copy(writer.bytes) ?? reserve.take() else {
            return abandon(exchange, on: &loop)
        }
        if buffer.isEmpty && !buffer.append(writer.bytes) { return fail(exchange, .noBuffers, on: &loop) }
        let filling = fill(&buffer, task, byKernel: sendsByKernel(exchange, task, on: &loop))
        if let failure = filling.failure { return fileFailed(exchange, failure, on: &loop) }
        exchanges[exchange].flags.insert(.responseHeadSent)
        sendToClient(buffer, exchange, on: &loop)
        if reserve == nil { reserve = loop.pool.takeSmall() }
        if !loop.isSendPending(clients[exchanges[exchange].client].socket) { continueFile(exchange, on: &loop) }
    }

    private mutating func sendsByKernel(_ exchange: UInt32, _ task: FileTask, on loop: inout EventLoop) -> Bool {
        !task.needsBuffers && loop.takesFiles(clients[exchanges[exchange].client].socket)
    }

    /// Sends on as long as the client takes it, and others need not wait.
    mutating func continueFile(_ exchange: UInt32, on loop: inout EventLoop) {
        guard let task = exchanges[exchange].file, task.state == .sending, !task.isPaused else { return }
        let socket = clients[exchanges[exchange].client].socket
        task.beginTurn(loop.nanoseconds, budget: Self.turnBytes)
        while let piece = task.next {
            if loop.isSendPending(socket) { return }
            if task.budget <= 0 { return pause(task, exchange, on: &loop) }
            if case .file(let slice) = piece, slice.count >= Self.leastSentByKernel,
                sendsByKernel(exchange, task, on: &loop)
            {
                let count = min(slice.count, task.budget)
                if !isLoaded(slice.start, count, task) { return load(slice, task, exchange, on: &loop) }
                task.budget -= count
                if !sendByKernel(FileSlice(start: slice.start, count: count), task, exchange, on: &loop) { return }
                continue
            }
            guard var buffer = loop.pool.takeLarge() ?? loop.pool.takeSmall() else {
                // Memory is short, which passes: the timer goes on with it.
                return loop.setTimer(socket, at: loop.milliseconds + Self.memoryPause)
            }
            let filling = fill(&buffer, task, byKernel: sendsByKernel(exchange, task, on: &loop))
            if let failure = filling.failure { return fileFailed(exchange, failure, on: &loop) }
            task.budget -= Int64(buffer.count)
            if buffer.isEmpty {
                guard filling.mustLoad, case .file(let slice) = task.next else { continue }
                return load(slice, task, exchange, on: &loop)
            }
            sendToClient(buffer, exchange, on: &loop)
        }
        exchanges[exchange].flags.insert(.responseComplete)
        endResponse(exchange, on: &loop)
    }

    // MARK: By the kernel

    /// Whether the client takes more; else what follows is under way.
    private mutating func sendByKernel(
        _ slice: FileSlice, _ task: FileTask, _ exchange: UInt32, on loop: inout EventLoop
    ) -> Bool {
        guard let file = task.found?.file else { return false }
        task.advance(slice.count)
        task.handedOver = slice.count
        let socket = clients[exchanges[exchange].client].socket
        switch loop.sendFile(file, from: slice.start, count: slice.count, on: socket) {
        case .sent: return true
        case .pending: return false
        case .cut:
            fileFailed(exchange, .cut, on: &loop)
            return false
        case .refused:
            task.refuseKernel()
            return true
        }
    }

    /// The kernel is done with the piece that had to wait.
    mutating func filePieceSent(_ outcome: FileOutcome, _ client: UInt32, on loop: inout EventLoop) {
        let exchange = clients[client].exchange
        guard exchange != .max, let task = exchanges[exchange].file else { return }
        if case .cut = outcome { return fileFailed(exchange, .cut, on: &loop) }
        if case .refused = outcome {
            task.refuseKernel()
        }
        clientDrained(client, on: &loop)
    }

    // MARK: In buffers

    /// Puts into a buffer what is next, as far as there is room and it can be had without waiting.
    /// - Parameter byKernel: long pieces of the file are left for it.
    private mutating func fill(
        _ buffer: inout Buffer, _ task: FileTask, byKernel: Bool
    ) -> (mustLoad: Bool, failure: FileFailure?) {
        while buffer.roomBehind > 0, let piece = task.next {
            switch piece {
            case .text(let bytes):
                let count = min(bytes.count, buffer.roomBehind)
                _ = buffer.append(bytes.span.extracting(0..<count))
                task.advance(Int64(count))
            case .file(let slice):
                if byKernel && slice.count >= Self.leastSentByKernel { return (false, nil) }
                let mayWait = slice.start < task.loadedUpTo
                let most = mayWait ? min(slice.count, task.loadedUpTo - slice.start) : slice.count
                guard let file = task.found?.file else { return (false, .unreadable) }
                do throws(SystemError) {
                    let count = try file.read(
                        from: slice.start, into: &buffer, atMost: Int(most), mayWait: mayWait)
                    guard let count else { return (true, nil) }
                    if count == 0 { return (false, .cut) }
                    task.advance(Int64(count))
                } catch {
                    return (false, .unreadable)
                }
            }
        }
        return (false, nil)
    }

    // MARK: Waiting

    private func isLoaded(_ start: Int64, _ count: Int64, _ task: FileTask) -> Bool {
        start + count <= task.loadedUpTo || task.found?.file.isCached(start, count) == true
    }

    /// Has another thread read what comes next.
    private mutating func load(
        _ slice: FileSlice, _ task: FileTask, _ exchange: UInt32, on loop: inout EventLoop
    ) {
        let count = min(slice.count, Self.loadBytes)
        guard let workers, let mailbox, let file = task.found?.file, let token = exchanges.token(at: Int(exchange))
        else {
            // Nobody else is there to wait.
            task.loadedUpTo = slice.start + count
            return pause(task, exchange, on: &loop)
        }
        metrics.add(.fileWaits)
        task.state = .loading
        task.loadingSince = loop.milliseconds
        let (start, slot) = (slice.start, task.question.slot)
        workers.run {
            file.load(start, count)
            withExtendedLifetime(slot) { mailbox.post(.fileLoaded(token, upTo: start + count)) }
        }
    }

    /// Looks after a file now and then; whether that is all that is to be done for its exchange now.
    mutating func lookAfterFile(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        guard let task = exchanges[exchange].file else { return false }
        if task.state == .loading && loop.milliseconds >= task.loadingSince + settings.fileTime {
            metrics.add(.fileTimeouts)
            fileFailed(exchange, .timeout, on: &loop)
            return true
        }
        let client = exchanges[exchange].client
        if task.state != .sending || task.isPaused || loop.isSendPending(clients[client].socket) { return false }
        // It has waited for memory.
        scheduleCheck(client, on: &loop)
        continueFile(exchange, on: &loop)
        return true
    }

    /// Another thread has read what comes next. The client may be gone by now.
    mutating func fileLoaded(_ token: Token, upTo end: Int64, on loop: inout EventLoop) {
        guard exchanges.contains(token), let task = exchanges[token.index].file, task.state == .loading else { return }
        task.state = .sending
        task.loadedUpTo = end
        if !loop.isSendPending(clients[exchanges[token.index].client].socket) { continueFile(token.index, on: &loop) }
    }

    /// Lets others have their turn first.
    private mutating func pause(_ task: FileTask, _ exchange: UInt32, on loop: inout EventLoop) {
        task.isPaused = true
        pauseSending(exchange, on: &loop)
    }

    /// Goes on with an exchange's answer at the end of the turn.
    mutating func pauseSending(_ exchange: UInt32, on loop: inout EventLoop) {
        guard let token = exchanges.token(at: Int(exchange)) else { return }
        pausedFiles.append(token)
        loop.wake(at: loop.milliseconds)
    }

    /// Goes on with answers that have let others go first; at the end of each turn, before frames are made.
    mutating func continuePausedFiles(on loop: inout EventLoop) {
        let count = pausedFiles.count
        if count == 0 { return }
        for index in 0..<count {
            let token = pausedFiles[index]
            guard exchanges.contains(token) else { continue }
            if exchanges[token.index].answer != nil {
                let isWaiting = loop.isSendPending(clients[exchanges[token.index].client].socket)
                if !isWaiting { continueAnswer(token.index, on: &loop) }
                continue
            }
            guard let task = exchanges[token.index].file else { continue }
            task.isPaused = false
            continueFile(token.index, on: &loop)
        }
        pausedFiles.removeFirst(count)
    }

    /// The rest of a file cannot be had. What the client has got is not whole, which it has to be told.
    private mutating func fileFailed(_ exchange: UInt32, _ failure: FileFailure, on loop: inout EventLoop) {
        metrics.add(.filesCut)
        fail(exchange, .file(failure), on: &loop)
    }
}
