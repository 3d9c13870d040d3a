// What the kernel is asked to do for the sockets of a loop on io_uring. `arm` looks at what a socket waits for and asks for what
// has not been asked for yet; the rest of this folder and of the loop only has to call it when something has changed.
//
// Sending is tried at once, and fails rather than wait: what waits is the loop's, and it waits for room as with epoll. A send that
// the kernel had to wait with would wake up again and again once the peer has ended its side, and take a thread of the kernel.
//
// Polls report by themselves that a peer has ended its side, asked or not. So what may go on after that is watched for changes,
// and not asked for anew each time.
//
// What is much, or alone, is sent by the loop itself, at once. Who receives much is received from by the loop itself as well, when
// there is something: so the bytes pass while they are warm in the cache, and no more is taken than can be passed on.
//
// Receiving goes on by itself once it is asked for. When the driver does not want bytes, it goes on until some come, and is
// cancelled then; the socket is watched instead, so that the end of its peer is seen. While there is no buffer to lend to the
// kernel, the loop waits for input and receives by itself, as with epoll, and so those who starve are served in their turn.
import CEventLoop

extension EventLoop {
    mutating func arm(_ socket: Token) {
        if !ring.isRunning || !sockets.contains(socket) { return }
        switch sockets[socket.index].kind {
        case .stream, .securing: armStream(socket)
        case .connecting:
            if !sockets[socket.index].ring.contains(.isQuiet) { ask(.awaitRoom, martlet_event_out, for: socket) }
        case .listener: armListener(socket)
        case .channel, .closing: return
        }
    }

    private mutating func armStream(_ socket: Token) {
        let index = socket.index
        let flags = sockets[index].flags
        if sockets[index].error.code != 0 { return }
        if !flags.contains(.secured) {
            submitSend(socket)
        } else if !flags.contains(.writable) {
            ask(.awaitRoom, martlet_event_out, again: true, for: socket)
        }
        if flags.wantsBytes && !flags.contains(.starved) {
            armReceiving(socket)
        } else if sockets[index].ring.contains(.receive) {
            if !sockets[index].arrived.isEmpty { cancelReceiving(socket) }
        } else if sockets[index].ring.isDisjoint(with: [.isQuiet, .awaitInput]) {
            ask(.watch, martlet_event_peer_ended, again: true, for: socket)
        }
    }

    private mutating func armReceiving(_ socket: Token) {
        let index = socket.index
        if sockets[index].flags.contains(.readable) { return }
        if !sockets[index].ring.isDisjoint(with: [.receive, .awaitInput]) { return }
        let isBulk = sockets[index].ring.contains(.isBulk)
        if isBulk || ring.lentCount == 0 || isStarving {
            return ask(.awaitInput, martlet_event_in | martlet_event_peer_ended, again: isBulk, for: socket)
        }
        sockets[index].ring.insert(.receive)
        ring.receive(sockets[index].descriptor, name: RingTask.receive.name(socket))
    }

    /// Has the kernel tell when one of `events` is there, or the connection is broken.
    mutating func ask(_ task: RingTask, _ events: UInt32, again: Bool = false, for socket: Token) {
        if sockets[socket.index].ring.contains(task.bit) { return }
        sockets[socket.index].ring.insert(task.bit)
        ring.poll(sockets[socket.index].descriptor, events, again: again, name: task.name(socket))
    }

    private mutating func cancelReceiving(_ socket: Token) {
        if sockets[socket.index].ring.contains(.cancelled) { return }
        sockets[socket.index].ring.insert(.cancelled)
        ring.cancel(RingTask.receive.name(socket))
    }

    /// Much comes at a time: from now on the loop receives by itself.
    mutating func beginBulk(_ socket: Token) {
        sockets[socket.index].shortReceives = 0
        if sockets[socket.index].ring.contains(.isBulk) { return }
        sockets[socket.index].ring.insert(.isBulk)
        if sockets[socket.index].ring.contains(.receive) { cancelReceiving(socket) }
    }

    /// The loop has received by itself: perhaps it need not any more.
    mutating func noteReceivedByLoop(_ count: Int, on socket: Token) {
        if count >= BufferPool.lentRoom { return beginBulk(socket) }
        if !sockets[socket.index].ring.contains(.isBulk) { return }
        sockets[socket.index].shortReceives += 1
        if sockets[socket.index].shortReceives < Ring.bulkPatience { return }
        sockets[socket.index].ring.remove(.isBulk)
        if sockets[socket.index].ring.contains(.awaitInput) { ring.cancel(RingTask.awaitInput.name(socket)) }
    }

    // MARK: Receiving

    /// Hands over the first that has arrived, or the end; `false` when there may be something that the kernel was not asked
    /// for.
    mutating func handOver<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) -> Bool {
        let index = socket.index
        if var buffer = sockets[index].arrived.popFirst() {
            if !sockets[index].arrived.isEmpty { joinArrived(&buffer, socket) }
            if hasMore(socket) { enqueue(socket) } else { sockets[index].flags.remove(.readable) }
            driver.received(buffer, on: socket, tag: sockets[index].tag, loop: &self)
            return true
        }
        if sockets[index].ring.contains(.ended) {
            receivedEnd(socket, for: &driver)
            return true
        }
        if !sockets[index].ring.contains(.receive) { return false }
        sockets[index].flags.remove(.readable)
        return true
    }

    /// Much has come, in many small buffers: who is served by pieces would be served slowly by so small ones.
    private mutating func joinArrived(_ first: inout Buffer, _ socket: Token) {
        guard var joined = pool.takeForReceiving() else { return }
        _ = joined.join(first)
        while let next = sockets[socket.index].arrived.popFirst() {
            if joined.join(next) { continue }
            sockets[socket.index].arrived.prepend(next)
            break
        }
        first = joined
    }

    /// Whether there is more behind what was handed over, or may be where the loop has to look by itself.
    private mutating func hasMore(_ socket: Token) -> Bool {
        let state = sockets[socket.index].ring
        return !sockets[socket.index].arrived.isEmpty || state.contains(.ended)
            || state.contains(.isBulk) && !state.contains(.receive)
    }

    /// Puts the first that has arrived where a cipher takes it from; `false` when there is nothing for it.
    mutating func moveAhead(_ socket: Token) -> Bool {
        let index = socket.index
        if sockets[index].ahead != nil { return true }
        if let buffer = sockets[index].arrived.popFirst() {
            sockets[index].ahead = consume buffer
            return true
        }
        if sockets[index].ring.contains(.ended) || !sockets[index].ring.contains(.receive) { return true }
        sockets[index].flags.remove(.readable)
        return false
    }

    /// Whether a cipher has been given all that has come.
    mutating func hasTakenAll(_ socket: Token) -> Bool {
        sockets[socket.index].ahead == nil && sockets[socket.index].arrived.isEmpty
            && sockets[socket.index].ring.contains(.receive) && !sockets[socket.index].ring.contains(.ended)
    }

    /// Whether the kernel may yet hand over what came before the failure of a socket. It is asked to come to an end.
    mutating func mayStillReceive(_ socket: Token) -> Bool {
        let flags = sockets[socket.index].flags
        if !sockets[socket.index].ring.contains(.receive) || !flags.wantsBytes || flags.contains(.starved) {
            return false
        }
        cancelReceiving(socket)
        return true
    }

    // MARK: Sending

    /// Sends a buffer at once if that is the best way, and otherwise together with what others send: where there is much of it, or
    /// little memory, or where little happens.
    mutating func sendWithRing(_ buffer: consuming Buffer, on socket: Token) -> SendOutcome {
        if !maySendAtOnce(buffer.unsentCount, on: socket) { return sendOnRing(buffer, on: socket) }
        if trySend(&buffer, on: socket) { return .sent(buffer) }
        return sendOnRing(buffer, on: socket)
    }

    private mutating func maySendAtOnce(_ count: Int, on socket: Token) -> Bool {
        let index = socket.index
        if alwaysSendsTogether || sendsTogether && count < Ring.bulkBytes && !pool.isScarce { return false }
        return sockets[index].kind == .stream && sockets[index].unsent.isEmpty
            && sockets[index].ring.isDisjoint(with: [.send, .isFull])
            && sockets[index].error.code == 0 && !sockets[index].flags.contains(.sendsFile)
    }

    /// Has a buffer sent behind those that wait. It stays where it is until the kernel has taken it.
    private mutating func sendOnRing(_ buffer: consuming Buffer, on socket: Token) -> SendOutcome {
        let index = socket.index
        if sockets[index].kind == .channel {
            sockets[index].unsent.append(buffer)
            noteBusy(socket)
            return .pending
        }
        if buffer.isEmpty && sockets[index].unsent.isEmpty && sockets[index].kind == .stream { return .sent(buffer) }
        sockets[index].unsent.append(buffer)
        submitSend(socket)
        return .pending
    }

    /// Hands the first buffer that waits to the kernel, unless one is there already.
    mutating func submitSend(_ socket: Token) {
        let index = socket.index
        if sockets[index].kind != .stream || sockets[index].error.code != 0 || !ring.isRunning { return }
        let waits = !sockets[index].unsent.isEmpty || sockets[index].flags.contains(.sendsFile)
        if waits && sockets[index].ring.contains(.isFull) {
            return ask(.awaitRoom, martlet_event_out, again: true, for: socket)
        }
        guard let bytes = sockets[index].unsent.firstUnsent, !sockets[index].ring.contains(.send) else { return }
        sockets[index].ring.insert(.send)
        ring.send(bytes, sockets[index].descriptor, name: RingTask.send.name(socket))
    }

    // MARK: Changes

    /// A connection stands. What is sent in clear goes through the ring, which knows whether there is room.
    mutating func noteConnected(_ socket: Token) {
        sockets[socket.index].ring.remove(.isQuiet)
        if !sockets[socket.index].flags.contains(.secured) { sockets[socket.index].flags.remove(.writable) }
    }

    /// A socket has a cipher: what that writes is sent at once, as far as there is room.
    mutating func noteSecured(_ socket: Token) {
        if sockets[socket.index].kind == .stream { sockets[socket.index].flags.insert(.writable) }
        arm(socket)
    }
}
