// What the kernel is asked to do for the sockets of a loop on io_uring. `arm` looks at what a socket waits for and asks for what
// has not been asked for yet; the rest of this folder and of the loop only has to call it when something has changed.
//
// Sending is tried at once, and fails rather than wait: what waits is the loop's, and it waits for room as with epoll. A send that
// the kernel had to wait with would wake up again and again once the peer has ended its side, and take a thread of the kernel.
//
// Polls report by themselves that a peer has ended its side, asked or not. So what may go on after that is watched for changes,
// and not asked for anew each time.
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
        case .listener:
            let isOff = sockets[socket.index].flags.contains(.paused) || sockets[socket.index].ring.contains(.rests)
            if !isOff { ask(.awaitInput, martlet_event_in, for: socket) }
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
        } else if !sockets[index].ring.contains(.isQuiet) {
            ask(.watch, martlet_event_peer_ended, again: true, for: socket)
        }
    }

    private mutating func armReceiving(_ socket: Token) {
        let index = socket.index
        if sockets[index].flags.contains(.readable) { return }
        if !sockets[index].ring.isDisjoint(with: [.receive, .awaitInput]) { return }
        if ring.lentCount == 0 {
            return ask(.awaitInput, martlet_event_in | martlet_event_peer_ended, for: socket)
        }
        sockets[index].ring.insert(.receive)
        ring.receive(sockets[index].descriptor, name: RingTask.receive.name(socket))
    }

    /// Has the kernel tell when one of `events` is there, or the connection is broken.
    private mutating func ask(_ task: RingTask, _ events: UInt32, again: Bool = false, for socket: Token) {
        if sockets[socket.index].ring.contains(task.bit) { return }
        sockets[socket.index].ring.insert(task.bit)
        ring.poll(sockets[socket.index].descriptor, events, again: again, name: task.name(socket))
    }

    private mutating func cancelReceiving(_ socket: Token) {
        if sockets[socket.index].ring.contains(.cancelled) { return }
        sockets[socket.index].ring.insert(.cancelled)
        ring.cancel(RingTask.receive.name(socket))
    }

    // MARK: Accepting

    mutating func armAccepting(_ listener: Token) {
        sockets[listener.index].ring.remove(.rests)
        arm(listener)
    }

    mutating func disarmAccepting(_ listener: Token) {
        if sockets[listener.index].ring.contains(.awaitInput) { ring.cancel(RingTask.awaitInput.name(listener)) }
    }

    // MARK: Receiving

    /// Hands over the first that has arrived, or the end; `false` when there may be something that the kernel was not asked
    /// for.
    mutating func handOver<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) -> Bool {
        let index = socket.index
        if let buffer = sockets[index].arrived.popFirst() {
            if sockets[index].arrived.isEmpty && !sockets[index].ring.contains(.ended) {
                sockets[index].flags.remove(.readable)
            } else {
                enqueue(socket)
            }
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
    func hasTakenAll(_ socket: Token) -> Bool {
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

    /// Has a buffer sent behind those that wait. It stays where it is until the kernel has taken it.
    mutating func sendOnRing(_ buffer: consuming Buffer, on socket: Token) -> SendOutcome {
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
        guard let bytes = sockets[index].unsent.firstUnsent, !sockets[index].ring.contains(.send), ring.isRunning,
            sockets[index].kind == .stream, sockets[index].error.code == 0
        else { return }
        if sockets[index].ring.contains(.isFull) {
            return ask(.awaitRoom, martlet_event_out, again: true, for: socket)
        }
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
