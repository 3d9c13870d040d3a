// From channels to frames: at the end of a turn, all that its streams have to say leaves on a connection in one send.
import MartletBalancing
import MartletEventLoop
import MartletHTTP1
import MartletHTTP2
import MartletHTTPCore
import MartletTelemetry

extension ProxyDriver {
    /// A connection has something to send, or may be over.
    mutating func queueFlush(_ index: UInt32) {
        if multiplexers[index].isQueued { return }
        multiplexers[index].isQueued = true
        if let token = multiplexers.token(at: Int(index)) { flushQueue.append(token) }
    }

    /// Sends what there is, for as long as sending lets streams produce more.
    mutating func flushMultiplexers(on loop: inout EventLoop) {
        noteBusyStreams(on: &loop)
        while let token = flushQueue.popLast() {
            if !multiplexers.contains(token) { continue }
            multiplexers[token.index].isQueued = false
            flush(token.index, on: &loop)
            noteBusyStreams(on: &loop)
        }
    }

    private mutating func noteBusyStreams(on loop: inout EventLoop) {
        while let busy = loop.takeBusyChannel() {
            if busy.tag & Self.serverTag == 0 {
                if hasPlace(busy.tag) {
                    noteReady(busy.tag, on: &loop)
                } else if clients[busy.tag].flags.contains(.isMirror) {
                    dropAnswer(busy.tag, on: &loop)
                }
            } else {
                serverStreamBusy(busy.tag & ~Self.serverTag, on: &loop)
            }
        }
    }

    private mutating func serverStreamBusy(_ connection: UInt32, on loop: inout EventLoop) {
        if placeServerStream(connection) {
            return noteReady(connection | Self.serverTag, on: &loop)
        }
        let exchange = servers[connection].exchange
        if servers[connection].wasPlaced || exchange == .max { return }
        metrics.add(.upstreamHTTP2StreamsRefused)
        if isHedge(connection) { return dropHedge(of: exchange, on: &loop) }
        tryFailed(exchange, .notConnected, .streamUnprocessed, on: &loop)
    }

    private mutating func noteReady(_ tag: UInt32, on loop: inout EventLoop) {
        let stream = sendingStream(tag)
        setReady(stream, loop.isSendPending(stream.channel) ? .more : .end)
        queueFlush(stream.index)
    }

    /// Makes one buffer of frames after the other, until the peer takes no more or there is nothing left.
    private mutating func flush(_ index: UInt32, on loop: inout EventLoop) {
        let token = multiplexers.token(at: Int(index)) ?? .none
        let socket = multiplexers[index].socket
        while multiplexers.contains(token) && !loop.isSendPending(socket) {
            if !multiplexers[index].hasOutput { return endIfOver(index, on: &loop) }
            guard var frames = loop.pool.takeLarge() else { return waitForMemory(index, on: &loop) }
            // Encrypted, they are longer, and should still leave in one send.
            frames.reset(headroom: EventLoop.sealingRoom)
            if let block = multiplexers[index].takeBlock() { _ = loop.send(block, on: socket) }
            if !fill(&frames, token, on: &loop) { return }
            if frames.isEmpty { return endIfOver(index, on: &loop) }
            _ = loop.send(frames, on: socket)
        }
    }

    /// Memory is short, which passes.
    private mutating func waitForMemory(_ index: UInt32, on loop: inout EventLoop) {
        queueFlush(index)
        loop.wake(at: loop.milliseconds + 10)
    }

    /// Fills a buffer with frames: first what the connection itself has to say, then streams by their priorities. `false` when
    /// the connection is gone.
    private mutating func fill(_ frames: inout Buffer, _ token: Token, on loop: inout EventLoop) -> Bool {
        let index = token.index
        multiplexers[index].moveOutput(to: &frames)
        while frames.roomBehind > Self.leastRoom, !multiplexers[index].hasBlock,
            let place = multiplexers[index].machine.nextToSend()
        {
            let tag = multiplexers[index].machine.tag(place)
            if tag == .max {
                multiplexers[index].machine.setReady(place, .nothing)
            } else {
                sendPart(tag, into: &frames, on: &loop)
            }
            if !multiplexers.contains(token) { return false }
            // What a stream's end has left behind goes before the next stream's frames.
            multiplexers[index].moveOutput(to: &frames)
        }
        return true
    }

    /// Room for a frame's header and something worth sending behind it.
    private static var leastRoom: Int { 1_024 }
}

extension Multiplexer {
    /// Whether there is something to send.
    var hasOutput: Bool { mutating get { machine.outputCount > 0 || hasBlock || machine.nextToSend() != nil } }

    /// Moves what the connection itself has to say behind `frames`, if it fits.
    mutating func moveOutput(to frames: inout Buffer) {
        if machine.outputCount == 0 || hasBlock { return }
        if frames.append(machine.output) { machine.clearOutput() }
    }

    /// What the connection itself has to say, in a buffer of its own; `nil` when memory is used up.
    mutating func takeOutput(pool: borrowing BufferPool) -> Buffer? {
        guard var buffer = pool.take(room: machine.outputCount) else { return nil }
        moveOutput(to: &buffer)
        return buffer
    }

    /// The peer's settings have changed.
    mutating func takePeerSettings() {
        // It may have been smaller in between (RFC 7541 section 4.2).
        encoder.setPeerTableSize(machine.peer.smallestHeaderTableBytes)
        encoder.setPeerTableSize(machine.peer.headerTableBytes)
    }
}
