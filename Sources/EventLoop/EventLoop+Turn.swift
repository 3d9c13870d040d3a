// One turn of the loop: wait, events, leftovers, timers, messages.
import CEventLoop
import Glibc

extension EventLoop {
    private static var eventCapacity: Int { 256 }
    /// Marks the mailbox among the events.
    private static var mailboxBits: UInt64 { .max }

    /// Runs until `stop`. The driver's state is reached by `inout` all the way down: no lock, no reference counting.
    package mutating func run<Driver: LoopDriver & ~Copyable>(
        _ driver: inout Driver, mailbox: Mailbox<Driver.Message>
    ) throws(SystemError) {
        if engine == .ring { return try runOnRing(&driver, mailbox) }
        _ = try SystemError.check(martlet_epoll_add_level(epoll, mailbox.descriptor, Self.mailboxBits))
        var events = Table<martlet_event>(reserving: Self.eventCapacity)
        events.extend(to: Self.eventCapacity, with: martlet_event())
        var turnStart = martlet_monotonic_ns()
        while !isStopping {
            let waitStart = martlet_monotonic_ns()
            busyNanoseconds += waitStart - turnStart
            let count = unsafe martlet_epoll_wait(epoll, &events[0], Int32(Self.eventCapacity), timeout(at: waitStart))
            turnStart = martlet_monotonic_ns()
            nanoseconds = turnStart
            if count < 0 {
                if count == -EINTR { continue }
                throw SystemError(-count)
            }
            for index in 0..<Int(count) {
                let event = events[index]
                if event.data == Self.mailboxBits {
                    for message in mailbox.takeAll() { driver.handle(message, on: &self) }
                } else {
                    dispatch(Token(bits: event.data), event.events, to: &driver)
                }
            }
            finishTurn(&driver)
        }
    }

    /// What is done in a turn after its events.
    mutating func finishTurn<Driver: LoopDriver & ~Copyable>(_ driver: inout Driver) {
        serveReady(&driver)
        expireTimers(&driver)
        if wakeAt <= milliseconds { wakeAt = .max }
        endRest()
        driver.turnEnded(on: &self)
        serveStarving()
        trimPool()
    }

    /// How long free buffers beyond a few are kept that nobody uses, in milliseconds.
    private static var trimTime: UInt64 { 1_000 }

    /// Gives memory back that was needed for a while.
    private mutating func trimPool() {
        if milliseconds < trimAt { return }
        trimAt = milliseconds + Self.trimTime
        pool.trim()
        ring.wantLess()
    }

    /// How long the loop may sleep, in milliseconds; -1 for ever.
    mutating func timeout(at now: UInt64) -> Int32 {
        if ready.count > 0 || arrivals.count > 0 || isStopping { return 0 }
        let next = min(timers.nextVisit() ?? .max, wakeAt, acceptAgainAt, pool.hasSpare ? trimAt : .max)
        if next == .max { return -1 }
        let milliseconds = now / 1_000_000
        return next <= milliseconds ? 0 : Int32(min(next - milliseconds, 60_000))
    }

    private mutating func dispatch<Driver: LoopDriver & ~Copyable>(
        _ socket: Token, _ events: UInt32, to driver: inout Driver
    ) {
        if !sockets.contains(socket) { return }
        switch sockets[socket.index].kind {
        case .listener:
            acceptAll(socket, for: &driver)
        case .connecting:
            finishConnecting(socket, events, for: &driver)
        case .stream, .securing:
            note(events, on: socket)
            serve(socket, for: &driver)
        case .channel, .closing:
            return
        }
    }

    mutating func note(_ events: UInt32, on socket: Token) {
        let index = socket.index
        let error = martlet_event_error | martlet_event_hang_up
        if events & (martlet_event_in | martlet_event_peer_ended | error) != 0 {
            sockets[index].flags.insert(.readable)
        }
        if events & (martlet_event_peer_ended | martlet_event_hang_up) != 0 { sockets[index].flags.insert(.peerEnded) }
        if events & (martlet_event_out | error) != 0 { sockets[index].flags.insert(.writable) }
        if events & martlet_event_error != 0 {
            let code = martlet_socket_error(sockets[index].descriptor)
            // The error queue is empty when a receive or a send has reported the error already.
            if code != 0 { markFailed(socket, SystemError(code)) }
        }
    }

    mutating func finishConnecting<Driver: LoopDriver & ~Copyable>(
        _ socket: Token, _ events: UInt32, for driver: inout Driver
    ) {
        let index = socket.index
        let code = martlet_socket_error(sockets[index].descriptor)
        let tag = sockets[index].tag
        if code != 0 || events & martlet_event_out == 0 {
            if code == 0 && events & martlet_event_hang_up == 0 { return }
            driver.failed(socket, tag: tag, error: SystemError(code == 0 ? ECONNREFUSED : code), on: &self)
            return
        }
        sockets[index].kind = .stream
        sockets[index].connectedAt = nanoseconds
        note(events, on: socket)
        if !sendPreface(socket) { return }
        if engine == .ring { noteConnected(socket) }
        if sockets[index].flags.contains(.secured) {
            sockets[index].kind = .securing
            continueCipher(socket, for: &driver)
        } else {
            driver.connected(socket, tag: tag, on: &self)
        }
        if sockets.contains(socket) { serve(socket, for: &driver) }
    }

    /// Sends what goes before all else, which a new connection takes at once; `false` when it does not, and has failed.
    private mutating func sendPreface(_ socket: Token) -> Bool {
        guard var preface = sockets[socket.index].ahead.take() else { return true }
        if trySend(&preface, on: socket) { return true }
        // Nothing is received from it any more.
        sockets[socket.index].flags.insert(.cipherFailed)
        markFailed(socket, .connectionReset)
        return false
    }

    /// What a socket can do now: send what waits, receive, and report the end or the failure, in this order.
    mutating func serve<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        if sockets[socket.index].flags.contains(.secured) {
            flushSealed(socket, for: &driver)
            if !sockets.contains(socket) { return }
        } else if sockets[socket.index].flags.contains(.writable)
            && (!sockets[socket.index].unsent.isEmpty || sockets[socket.index].flags.contains(.sendsFile))
        {
            flush(socket, for: &driver)
            if !sockets.contains(socket) { return }
        } else if engine == .ring && sockets[socket.index].flags.contains(.sendsFile) {
            flushFile(socket, for: &driver)
            if !sockets.contains(socket) { return }
            reportSendingEnded(socket, for: &driver)
            if !sockets.contains(socket) { return }
        }
        let flags = sockets[socket.index].flags
        if flags.mayReceive {
            if flags.contains(.secured) {
                receiveSealed(socket, for: &driver)
            } else {
                receive(socket, for: &driver)
            }
            if !sockets.contains(socket) { return }
        }
        reportFailure(socket, for: &driver)
    }

    private mutating func reportFailure<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        let flags = sockets[socket.index].flags
        if !flags.contains(.failed) { return }
        // Bytes that came before the failure are reported first, but only to a driver that wants them. Who waits for a
        // buffer is told at once: it may be what keeps the buffers that it waits for.
        if flags.mayReceive && !flags.contains(.starved) { return enqueue(socket) }
        if engine == .ring && mayStillReceive(socket) { return }
        sockets[socket.index].flags.remove(.failed)
        // A reset can come as two events, the error first. What follows is no end to be reported.
        sockets[socket.index].flags.insert(.endReported)
        driver.failed(socket, tag: sockets[socket.index].tag, error: sockets[socket.index].error, on: &self)
    }

    private mutating func receive<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        let index = socket.index
        let tag = sockets[index].tag
        if engine == .ring {
            if handOver(socket, for: &driver) { return }
        }
        guard var buffer = pool.takeForReceiving() else { return receiveNothing(on: socket, for: &driver) }
        let room = buffer.roomBehind - Buffer.tailroom
        let count = buffer.receive(from: sockets[index].descriptor, atMost: room)
        if count > 0 {
            if count < room && sockets[index].flags.isDisjoint(with: [.peerEnded, .datagrams]) {
                sockets[index].flags.remove(.readable)
            } else {
                enqueue(socket)
            }
            if engine == .ring { noteReceivedByLoop(count, on: socket) }
            driver.received(buffer, on: socket, tag: tag, loop: &self)
        } else if count == 0 && !sockets[index].flags.contains(.datagrams) {
            receivedEnd(socket, for: &driver)
        } else {
            let error = SystemError(count == 0 ? EINTR : Int32(-count))
            if error.code == EINTR { return enqueue(socket) }
            sockets[index].flags.remove(.readable)
            if !error.wouldBlock { markFailed(socket, error) }
        }
    }

    mutating func receivedEnd<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        if isBroken(socket) {
            sockets[socket.index].flags.remove(.readable)
        } else {
            sockets[socket.index].flags.insert(.endReported)
            driver.receiveEnded(socket, tag: sockets[socket.index].tag, on: &self)
        }
    }

    /// Whether what looks like the end of the stream is a failure that is about to be reported: once it has told its
    /// error, a socket that was reset has nothing more to say. EPIPE is the error of one whose peer had ended it before.
    func isBroken(_ socket: Token) -> Bool {
        sockets[socket.index].flags.contains(.failed) && sockets[socket.index].error.code != EPIPE
    }

    /// There is no buffer. An end can be told without one, and whoever ends may give back what others wait for.
    mutating func receiveNothing<Driver: LoopDriver & ~Copyable>(on socket: Token, for driver: inout Driver) {
        let index = socket.index
        if !sockets[index].flags.contains(.peerEnded) || martlet_is_at_end(sockets[index].descriptor) == 0
            || isBroken(socket) || sockets[index].ahead != nil || !sockets[index].arrived.isEmpty
        {
            return starve(socket, for: &driver)
        }
        if sockets[index].flags.contains(.secured) { sockets[index].flags.insert(.truncated) }
        sockets[index].flags.insert(.endReported)
        driver.receiveEnded(socket, tag: sockets[index].tag, on: &self)
    }

    private mutating func starve<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        if !sockets[socket.index].flags.contains(.starved) {
            sockets[socket.index].flags.insert(.starved)
            starving.append(socket)
            driver.starved(socket, tag: sockets[socket.index].tag, on: &self)
        }
    }

    private mutating func flush<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        let index = socket.index
        while sockets.contains(socket), var buffer = sockets[index].unsent.popFirst() {
            if !trySend(&buffer, on: socket) {
                sockets[index].unsent.prepend(buffer)
                return
            }
            let isIdle = sockets[index].unsent.isEmpty && !sockets[index].flags.contains(.sendsFile)
            driver.sent(buffer, on: socket, tag: sockets[index].tag, isIdle: isIdle, loop: &self)
        }
        if sockets.contains(socket) && sockets[index].flags.contains(.sendsFile) { flushFile(socket, for: &driver) }
        reportSendingEnded(socket, for: &driver)
    }

    mutating func reportSendingEnded<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        if endIfSent(socket) { driver.sendingEnded(socket, tag: sockets[socket.index].tag, on: &self) }
    }

    /// Sends as much of `buffer` as the kernel takes; whether that was all.
    mutating func trySend(_ buffer: inout Buffer, on socket: Token) -> Bool {
        let index = socket.index
        while true {
            let count = buffer.send(to: sockets[index].descriptor)
            if count >= 0 {
                sockets[index].bytesSent += UInt64(count)
                if buffer.sent == buffer.count {
                    buffer.sent = 0
                    return true
                }
            }
            let error = SystemError(count >= 0 ? EAGAIN : Int32(-count))
            if error.code == EINTR { continue }
            noteFull(socket)
            if !error.wouldBlock {
                // What the peer said before it went may still lie in the kernel, such as why it takes no more.
                sockets[index].flags.insert(.readable)
                markFailed(socket, error)
            }
            return false
        }
    }

    /// The kernel takes no more for now: there will be an event when it does.
    mutating func noteFull(_ socket: Token) {
        sockets[socket.index].flags.remove(.writable)
        if engine == .epoll { return }
        if !sockets[socket.index].flags.contains(.secured) { sockets[socket.index].ring.insert(.isFull) }
        arm(socket)
    }

    /// Failures are reported from the loop, never from within a call of the driver.
    mutating func markFailed(_ socket: Token, _ error: SystemError) {
        if sockets[socket.index].flags.contains(.failed) { return }
        // A failure has been reported already: what a cipher still had to say finds the same one.
        if sockets[socket.index].flags.contains(.endReported) && sockets[socket.index].error.code != 0 { return }
        sockets[socket.index].flags.insert(.failed)
        sockets[socket.index].error = error
        enqueue(socket)
    }

    mutating func enqueue(_ socket: Token) {
        if sockets[socket.index].flags.contains(.queued) { return }
        sockets[socket.index].flags.insert(.queued)
        ready.append(socket)
    }

    /// Serves those that were queued before this turn's pass; what they queue waits for the next turn, after new events.
    private mutating func serveReady<Driver: LoopDriver & ~Copyable>(_ driver: inout Driver) {
        let count = ready.count
        if count == 0 { return }
        for index in 0..<count {
            let socket = ready[index]
            if !sockets.contains(socket) { continue }
            sockets[socket.index].flags.remove(.queued)
            if sockets[socket.index].kind == .channel {
                resume(socket, for: &driver)
            } else {
                serve(socket, for: &driver)
                if engine == .ring { arm(socket) }
            }
        }
        ready.removeFirst(count)
    }

    /// If there are buffers again, those who wait for one have their turn, in the order in which they came. Last in the
    /// turn: whatever was given back in it is seen, and nobody waits for a buffer that nobody has.
    private mutating func serveStarving() {
        if starving.count == starvingHead { return }
        var left = pool.limitBytes - pool.usedBytes
        while starvingHead < starving.count {
            let socket = starving[starvingHead]
            // Who does not want bytes any longer must not use up another's turn.
            if sockets.contains(socket) && sockets[socket.index].flags.mayReceive {
                let needed = pool.receivingBytes(held: sockets[socket.index].cipher?.held ?? 0)
                if needed > left { break }
                left -= needed
                enqueue(socket)
            }
            endStarving(socket)
            starvingHead += 1
        }
        // Under lasting shortage the table is never empty; what was served must not pile up.
        if starvingHead * 2 >= starving.count {
            starving.removeFirst(starvingHead)
            starvingHead = 0
        }
    }

    private mutating func endStarving(_ socket: Token) {
        if !sockets.contains(socket) { return }
        sockets[socket.index].flags.remove(.starved)
        // Who was served meanwhile was asked for nothing that comes later.
        if engine == .ring { arm(socket) }
    }

    private mutating func expireTimers<Driver: LoopDriver & ~Copyable>(_ driver: inout Driver) {
        while let index = timers.popExpired(now: milliseconds) {
            guard let socket = sockets.token(at: Int(index)) else { continue }
            driver.timerExpired(socket, tag: sockets[index].tag, on: &self)
        }
    }
}
