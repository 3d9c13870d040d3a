// One turn of a loop on io_uring: hand over what is asked of the kernel, wait, and see what became of it. What follows the
// completions is the same with both engines: `finishTurn`.
//
//   arm ──▶ submissions ──enter──▶ kernel ──▶ completions ──▶ complete ──▶ serve ──▶ driver
//    ▲                                                                      │
//    └──────────────────────── what is to be done next ◀────────────────────┘
import CEventLoop
import Glibc

extension EventLoop {
    mutating func runOnRing<Driver: LoopDriver & ~Copyable>(
        _ driver: inout Driver, _ mailbox: Mailbox<Driver.Message>
    ) throws(SystemError) {
        try ring.start()
        for index in 0..<sockets.places {
            if let socket = sockets.token(at: index) { arm(socket) }
        }
        awaitMail(mailbox)
        lendBuffers()
        var turnStart = martlet_monotonic_ns()
        var failure: Int32 = 0
        while !isStopping && failure == 0 {
            let waitStart = martlet_monotonic_ns()
            busyNanoseconds += waitStart - turnStart
            failure = enterRing(ring.count > 0 ? 0 : timeout(at: waitStart))
            turnStart = martlet_monotonic_ns()
            nanoseconds = turnStart
            // The rest has the next turn: timers and those who wait for a buffer have theirs in between.
            let count = min(ring.count, Ring.mostCompletions)
            sendsTogether = alwaysSendsTogether || count > Ring.loneCompletions
            for _ in 0..<count { complete(ring.take(), for: &driver, mailbox) }
            serveArrivals(for: &driver)
            finishTurn(&driver)
            lendBuffers()
        }
        leaveRing()
        if failure != 0 { throw SystemError(-failure) }
    }

    /// Submits, and waits for as many milliseconds, -1 for ever; 0 or what the kernel says that does not pass by itself.
    private mutating func enterRing(_ milliseconds: Int32) -> Int32 {
        let nanoseconds = milliseconds < 0 ? -1 : Int64(milliseconds) * 1_000_000
        let result = ring.enter(wanted: milliseconds == 0 ? 0 : 1, nanoseconds: nanoseconds)
        // A signal has come, or there are more completions than fit: they are taken, and then it goes on.
        return result == -EINTR || result == -EAGAIN || result == -EBUSY ? 0 : result
    }

    /// Has the kernel end all that it does for the loop: what is the loop's memory stays the loop's from now on.
    private mutating func leaveRing() {
        ring.pause()
        ring.cancelAll()
        while ring.taskCount > 0 {
            if enterRing(10) != 0 { break }
            for _ in 0..<ring.count { _ = settle(ring.take()) }
        }
        dropArrivals()
        ring.stop()
    }

    private mutating func awaitMail<Message: Sendable>(_ mailbox: Mailbox<Message>) {
        ring.poll(mailbox.descriptor, martlet_event_in, name: RingTask.mail.name(Token(index: 0, generation: 0)))
    }

    /// Lends buffers to the kernel in the place of those that have been filled. Those who wait for one come first.
    private mutating func lendBuffers() {
        ring.noteLent()
        if isStarving { return }
        while ring.lentCount < ring.wantedCount, let buffer = pool.takeForLending() { ring.lend(buffer, from: pool) }
    }

    private mutating func complete<Driver: LoopDriver & ~Copyable>(
        _ completion: martlet_completion, for driver: inout Driver, _ mailbox: Mailbox<Driver.Message>
    ) {
        guard let settled = settle(completion) else { return }
        let socket = settled.socket
        switch settled.task {
        case .mail:
            awaitMail(mailbox)
            // What the number of a listener means may change by a message.
            serveArrivals(all: true, for: &driver)
            for message in mailbox.takeAll() { driver.handle(message, on: &self) }
            return
        case .send:
            return finishSend(socket, for: &driver)
        case .awaitInput where sockets[socket.index].kind == .listener:
            acceptAll(socket, for: &driver)
        case .awaitRoom where sockets[socket.index].kind == .connecting:
            let events = completion.result < 0 ? martlet_event_hang_up : UInt32(completion.result)
            // Whether it stands is known now, and need not be asked again.
            let isKnown = events & (martlet_event_out | martlet_event_error | martlet_event_hang_up) != 0
            if isKnown { sockets[socket.index].ring.insert(.isQuiet) }
            finishConnecting(socket, events, for: &driver)
        case .receive where completion.result >= BufferPool.lentRoom:
            // There is more: it is handed over in one piece with what the other completions bring, or the driver would have to do with
            // a small one until the next turn.
            return enqueue(socket)
        case .accept:
            goOnAccepting(socket, completion.result, for: &driver)
        case .receive, .awaitInput, .awaitRoom, .watch, .cancel:
            serve(socket, for: &driver)
        }
        arm(socket)
    }

    /// Notes what became of a task; whose it was, unless nobody is left to be told.
    private mutating func settle(_ completion: martlet_completion) -> (task: RingTask, socket: Token)? {
        guard let task = RingTask(of: completion.data), task != .cancel else { return nil }
        let isLast = completion.flags & martlet_ring_has_more == 0
        if isLast { ring.taskCount -= 1 }
        let buffer = task == .receive ? ring.takeBack(completion, to: pool) : nil
        if task == .accept { noteArrival(completion) }
        if task == .mail { return (task, .none) }
        let index = Int(UInt32(truncatingIfNeeded: completion.data))
        guard let socket = sockets.token(at: index), sockets[socket.index].ring.contains(task.bit) else { return nil }
        if isLast { sockets[socket.index].ring.remove(task.bit) }
        if sockets[socket.index].kind == .closing {
            goOnClosing(socket, task, completion.result)
            return nil
        }
        switch task {
        case .receive: noteReceived(buffer, completion.result, isLast, on: socket)
        case .send: noteSent(completion.result, on: socket)
        case .awaitInput, .awaitRoom, .watch: noteEvents(completion.result, on: socket)
        case .accept: if isLast { sockets[socket.index].ring.remove(.cancelled) }
        case .mail, .cancel: break
        }
        return (task, socket)
    }

    private mutating func noteReceived(_ buffer: consuming Buffer?, _ result: Int32, _ isLast: Bool, on socket: Token) {
        let index = socket.index
        if isLast { sockets[index].ring.remove(.cancelled) }
        if result > 0 {
            guard let buffer = buffer.take() else { return }
            sockets[index].arrived.append(buffer)
            sockets[index].flags.insert(.readable)
            if result >= BufferPool.lentRoom { beginBulk(socket) }
        } else if result == 0 {
            sockets[index].ring.insert(.ended)
            sockets[index].flags.formUnion([.readable, .peerEnded])
        } else if result == -ENOBUFS {
            // It is read in the other engine's way.
            ring.wantMore()
            sockets[index].flags.insert(.readable)
        } else if result != -ECANCELED && result != -EINTR && result != -EAGAIN {
            markFailed(socket, SystemError(-result))
            // A send that failed for the same reason was not told it.
            if sockets[index].error.code == EPIPE { sockets[index].error = SystemError(-result) }
        }
        // What came before a failure may still lie in the kernel, and so may more of much.
        if isLast && (sockets[index].flags.contains(.failed) || sockets[index].ring.contains(.isBulk)) {
            sockets[index].flags.insert(.readable)
        }
    }

    private mutating func noteSent(_ result: Int32, on socket: Token) {
        let index = socket.index
        if result >= 0 {
            sockets[index].bytesSent += UInt64(result)
            sockets[index].unsent.noteSent(Int(result))
            if !sockets[index].unsent.isFirstSent { sockets[index].ring.insert(.isFull) }
        } else if result == -EAGAIN {
            sockets[index].ring.insert(.isFull)
        } else if result != -ECANCELED && result != -EINTR {
            // What the peer said before it went may still lie in the kernel, such as why it takes no more.
            if !sockets[index].ring.contains(.receive) { sockets[index].flags.insert(.readable) }
            markFailed(socket, SystemError(-result))
        }
    }

    /// The first buffer that waits has been sent as far as the kernel took it.
    private mutating func finishSend<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        let index = socket.index
        if sockets[index].unsent.isFirstSent, var buffer = sockets[index].unsent.popFirst() {
            buffer.sent = 0
            let isIdle = sockets[index].unsent.isEmpty && !sockets[index].flags.contains(.sendsFile)
            driver.sent(buffer, on: socket, tag: sockets[index].tag, isIdle: isIdle, loop: &self)
            if !sockets.contains(socket) { return }
            if sockets[index].flags.contains(.sendsFile) {
                flushFile(socket, for: &driver)
                if !sockets.contains(socket) { return }
            }
            reportSendingEnded(socket, for: &driver)
            if !sockets.contains(socket) { return }
        }
        submitSend(socket)
    }

    private mutating func noteEvents(_ result: Int32, on socket: Token) {
        let index = socket.index
        if result < 0 || sockets[index].kind == .listener || sockets[index].kind == .connecting { return }
        let events = UInt32(result)
        let isReadable = sockets[index].flags.contains(.readable)
        note(events, on: socket)
        // What is received is the kernel's to say, and what is sent in clear as well.
        if sockets[index].ring.contains(.receive) && !isReadable { sockets[index].flags.remove(.readable) }
        if !sockets[index].flags.contains(.secured) { sockets[index].flags.remove(.writable) }
        if events & (martlet_event_out | martlet_event_error | martlet_event_hang_up) != 0 {
            sockets[index].ring.remove(.isFull)
        }
        if events & (martlet_event_error | martlet_event_hang_up) != 0 { sockets[index].ring.insert(.isQuiet) }
    }
}
