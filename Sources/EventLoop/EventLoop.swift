// The loop's state and what a driver may ask of it. How events are handled stands in EventLoop+Turn.swift.
import CEventLoop
import Glibc

/// What became of a buffer that was to be sent.
@usableFromInline
package enum SendOutcome: ~Copyable {
    /// The kernel has all of it; the buffer is the caller's again.
    case sent(Buffer)
    /// The loop keeps it until it is sent, and says so by `LoopDriver.sent`, or the socket fails.
    case pending
}

/// An event loop on one thread: sockets, buffers, timers and messages, shared with nobody.
///
/// What only reads is `mutating` as well: a loop that is borrowed is copied first, all of it, by today's compiler; one that
/// is passed inout is not.
///
/// One of two engines stands behind it, and no driver knows which. Epoll: edge-triggered, one epoll_ctl in a connection's
/// lifetime, reads tried at once and ended by a short read, writes tried at once and waited for only when cut short. Or
/// io_uring, see the folder Ring: the kernel receives into buffers that it is lent, and sends what it is handed, all by one
/// system call in a turn.
@usableFromInline
package struct EventLoop: ~Copyable {
    /// What stands behind the loop.
    package let engine: LoopEngine
    /// -1 with io_uring.
    let epoll: Int32
    /// Without a descriptor with epoll.
    var ring: Ring
    /// With io_uring: whether so much happens in this turn that what is sent goes to the kernel together.
    var sendsTogether = false
    /// For tests: it is so in each turn.
    package var alwaysSendsTogether = false
    /// Sockets that are closed and of which the kernel has yet to let go, with io_uring.
    var closingCount = 0
    private let socketLimit: Int
    var sockets: Slab<SocketRecord>
    var timers: TimerWheel
    /// Sockets that have more to do without a new event.
    var ready = Table<Token>(reserving: 256)
    /// Channels that have something to send.
    var busyChannels = Table<Token>()
    /// Sockets that wait for a buffer, in order.
    var starving = Table<Token>()
    var starvingHead = 0
    /// A descriptor kept in reserve, given up for a moment to shed a connection when all others are taken.
    var spare: Int32
    /// Listeners that can accept nothing at the moment, and when to try again, in milliseconds.
    var resting = Table<Token>()
    var acceptAgainAt: UInt64 = .max
    /// With io_uring: who has been accepted and is not the driver's yet.
    var arrivals = Table<Arrival>(reserving: 64)
    var isStopping = false
    let scratch = CipherScratch()
    /// When to take a turn even if nothing happens, in milliseconds.
    var wakeAt: UInt64 = .max
    /// When free buffers are looked at that nobody uses, in milliseconds.
    var trimAt: UInt64 = 0
    /// The loop's buffers.
    package let pool: BufferPool
    /// Nanoseconds on the monotonic clock, read once in a turn.
    @usableFromInline package internal(set) var nanoseconds: UInt64
    /// Time that this loop has spent working rather than waiting, in nanoseconds.
    package internal(set) var busyNanoseconds: UInt64 = 0

    /// - Parameters:
    ///   - socketLimit: sockets at a time, listeners included.
    ///   - bufferBytes: memory for buffers.
    ///   - engine: what stands behind the loop. Epoll takes its place where io_uring cannot be had.
    /// - Throws: what epoll_create1(2) answers.
    package init(
        socketLimit: Int, bufferBytes: Int, largeBufferBytes: Int = BufferPool.defaultLargeBytes,
        engine: LoopEngine = .epoll
    ) throws(SystemError) {
        self.socketLimit = max(socketLimit, 1)
        var ring = Ring(none: ())
        var isRing = false
        if engine == .ring {
            do throws(RingRefusal) {
                // Of little memory nothing is lent: those who are there need all of it.
                ring = try Ring(mostWanted: bufferBytes / Ring.lentPart / largeBufferBytes)
                isRing = true
            } catch {}
        }
        self.engine = isRing ? .ring : .epoll
        self.ring = consume ring
        epoll = isRing ? -1 : try SystemError.check(martlet_epoll_create())
        spare = martlet_open_spare()
        nanoseconds = martlet_monotonic_ns()
        // A place is free again only when the kernel has let go of its socket.
        sockets = Slab(limit: isRing ? self.socketLimit * 2 + 64 : self.socketLimit)
        timers = TimerWheel(now: nanoseconds / 1_000_000)
        pool = BufferPool(limitBytes: bufferBytes, largeBytes: largeBufferBytes)
    }

    deinit {
        ring.close(pool)
        for index in 0..<sockets.places {
            guard let token = sockets.token(at: index), sockets[token.index].descriptor >= 0 else { continue }
            Glibc.close(sockets[token.index].descriptor)
        }
        if spare >= 0 { Glibc.close(spare) }
        if epoll >= 0 { Glibc.close(epoll) }
    }

    /// Milliseconds on the monotonic clock, read once in a turn.
    @inlinable package var milliseconds: UInt64 { mutating get { nanoseconds / 1_000_000 } }

    /// Whether sockets wait for a buffer.
    package var isStarving: Bool { mutating get { starving.count > starvingHead } }

    /// Sockets that are open.
    package var socketCount: Int { sockets.count - closingCount }

    /// Ends `run` after this turn.
    package mutating func stop() { isStopping = true }

    // MARK: Sockets

    /// Takes a listening descriptor over. `tag` is what `accepted` will call the listener.
    /// - Parameter isShared: whether others accept on the same socket.
    package mutating func listen(
        on descriptor: Int32, tag: UInt32, isShared: Bool = false
    ) throws(SystemError) -> Token {
        let flags: SocketFlags = isShared ? .shared : []
        let record = SocketRecord(descriptor: descriptor, kind: .listener, tag: tag, flags: flags)
        guard let token = insert(record) else { throw SystemError.tooManyDescriptors }
        if engine == .ring {
            arm(token)
        } else {
            _ = try SystemError.check(martlet_epoll_add_level(epoll, descriptor, token.bits))
        }
        return token
    }

    mutating func insert(_ record: consuming SocketRecord) -> Token? {
        if engine == .ring && socketCount >= socketLimit { return nil }
        return sockets.insert(record)
    }

    /// Stops or resumes accepting. Connections that the kernel has accepted before may still come.
    package mutating func setAccepting(_ listener: Token, _ accepting: Bool) {
        if !sockets.contains(listener) { return }
        let isPaused = sockets[listener.index].flags.contains(.paused)
        if accepting == !isPaused { return }
        let descriptor = sockets[listener.index].descriptor
        if accepting {
            sockets[listener.index].flags.remove(.paused)
            if engine == .ring { return armAccepting(listener) }
            _ = martlet_epoll_add_level(epoll, descriptor, listener.bits)
        } else {
            sockets[listener.index].flags.insert(.paused)
            if engine == .ring { return disarmAccepting(listener) }
            _ = martlet_epoll_remove(epoll, descriptor)
        }
    }

    /// Starts to connect; `connected` or `failed` follows.
    /// - Throws: what can be told at once: no descriptor, no route, no such path.
    package mutating func connect(to address: SocketAddress, tag: UInt32) throws(SystemError) -> Token {
        var system = address.system
        let result: Int32
        if let path = address.path {
            result = unsafe martlet_connect_unix(path)
        } else {
            result = unsafe martlet_connect_tcp(&system)
        }
        let token = try add(SystemError.check(result), kind: .connecting, tag: tag)
        if engine == .ring { arm(token) }
        return token
    }

    /// Opens a socket for datagrams to and from one address; it is `connected` in the next turn. Each datagram is `received` by
    /// itself, as far as it fits a buffer; empty ones are dropped. Only where the engine is epoll.
    package mutating func connectDatagrams(to address: SocketAddress, tag: UInt32) throws(SystemError) -> Token {
        var system = address.system
        let result = unsafe martlet_connect_udp(&system)
        precondition(engine == .epoll, "rings receive streams")
        return try add(SystemError.check(result), kind: .connecting, tag: tag, flags: .datagrams)
    }

    mutating func add(
        _ descriptor: Int32, kind: SocketKind, tag: UInt32, flags: SocketFlags = []
    ) throws(SystemError) -> Token {
        guard let token = insert(SocketRecord(descriptor: descriptor, kind: kind, tag: tag, flags: flags))
        else {
            Glibc.close(descriptor)
            throw SystemError.tooManyDescriptors
        }
        if engine == .ring { return token }
        let result = martlet_epoll_add_edge(epoll, descriptor, token.bits)
        if result < 0 {
            close(token)
            throw SystemError(-result)
        }
        return token
    }

    /// Closes a socket at once. Buffers that wait to be sent are dropped.
    package mutating func close(_ socket: Token) {
        if !sockets.contains(socket) { return }
        endCipher(socket)
        closeAtOnce(socket)
    }

    private mutating func closeAtOnce(_ socket: Token, dropping: Bool = false) {
        timers.cancel(socket.index)
        if engine == .ring && hasTasks(socket) { return letGo(of: socket, dropping: dropping) }
        let descriptor = sockets[socket.index].descriptor
        sockets.remove(socket)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Closes a socket with a reset: the kernel drops what the peer has not taken, and the peer learns that the stream
    /// is broken rather than at its end.
    package mutating func abort(_ socket: Token) {
        if !sockets.contains(socket) { return }
        if sockets[socket.index].kind != .channel { martlet_reset_on_close(sockets[socket.index].descriptor) }
        closeAtOnce(socket, dropping: true)
    }

    /// Takes back, whole, the first buffer that waits to be sent; the others are dropped. For a driver that is about to
    /// close the socket and to send the buffer elsewhere.
    package mutating func takeUnsent(_ socket: Token) -> Buffer? {
        if !sockets.contains(socket) { return nil }
        // What the kernel is sending stays its own until it has let go.
        if sockets[socket.index].ring.contains(.send) { return sockets[socket.index].unsent.copyFirst(pool) }
        guard var buffer = sockets[socket.index].unsent.popFirst() else { return nil }
        buffer.sent = 0
        return buffer
    }

    /// Tells the peer that nothing more will come. What is pending must have been sent before.
    package mutating func shutdownSend(_ socket: Token) {
        if !sockets.contains(socket) { return }
        if sockets[socket.index].kind == .channel { return endChannel(socket) }
        // With io_uring, what was sent in this turn is on its way still.
        if engine == .ring && isSendPending(socket) { return endSending(socket) }
        endCipher(socket)
        Glibc.shutdown(sockets[socket.index].descriptor, Int32(SHUT_WR))
    }

    /// Tells the peer that nothing more will come, as soon as what is pending has been sent. When that has to be waited for,
    /// `sendingEnded` follows.
    package mutating func endSending(_ socket: Token) {
        if !sockets.contains(socket) { return }
        if sockets[socket.index].kind == .channel { return endChannel(socket) }
        sockets[socket.index].flags.insert(.ending)
        endIfSent(socket)
    }

    /// Whether the peer has been told just now.
    @discardableResult
    mutating func endIfSent(_ socket: Token) -> Bool {
        if !isEnding(socket) || isSendPending(socket) || sockets[socket.index].sealed != nil || !sayEnd(socket) {
            return false
        }
        sockets[socket.index].flags.remove(.ending)
        Glibc.shutdown(sockets[socket.index].descriptor, Int32(SHUT_WR))
        return true
    }

    /// Whether the peer is still to be told that nothing more will come: closing now would keep that, or what comes before
    /// it, from the peer.
    package mutating func isEnding(_ socket: Token) -> Bool {
        sockets.contains(socket) && sockets[socket.index].flags.contains(.ending)
    }

    /// Has bytes sent in clear before all others, on a socket that has just begun to connect: before its cipher's as well.
    package mutating func preface(_ socket: Token, _ bytes: consuming Buffer) {
        if sockets.contains(socket) { sockets[socket.index].ahead = consume bytes }
    }

    /// Where the peer of an accepted socket has connected to. A system call.
    package mutating func localAddress(of socket: Token) -> PeerAddress? {
        if !sockets.contains(socket) || sockets[socket.index].kind == .channel { return nil }
        var address = martlet_address()
        if unsafe martlet_local_address(sockets[socket.index].descriptor, &address) < 0 { return nil }
        return PeerAddress(address)
    }

    /// Sets the driver's number for a socket.
    package mutating func setTag(_ socket: Token, _ tag: UInt32) {
        if sockets.contains(socket) { sockets[socket.index].tag = tag }
    }

    /// Whether bytes are wanted. Off is back-pressure: the peer fills its window and stops.
    package mutating func setReceiving(_ socket: Token, _ receiving: Bool) {
        if !sockets.contains(socket) { return }
        if receiving {
            sockets[socket.index].flags.insert(.receiving)
            if sockets[socket.index].flags.contains(.readable) {
                enqueue(socket)
            } else if engine == .ring {
                arm(socket)
            }
        } else {
            sockets[socket.index].flags.remove(.receiving)
            // Receiving that goes on is cancelled when something comes of it.
            if engine == .ring && !sockets[socket.index].ring.contains(.receive) { arm(socket) }
        }
    }

    /// Sends a buffer: at once if nothing waits before it and the kernel takes it, otherwise as soon as it does.
    package mutating func send(_ buffer: consuming Buffer, on socket: Token) -> SendOutcome {
        if !sockets.contains(socket) { return .pending }
        let index = socket.index
        if sockets[index].flags.contains(.secured) { return sendSealed(buffer, on: socket) }
        if !sockets[index].unsent.isEmpty || !sockets[index].flags.isSuperset(of: .writable)
            || sockets[index].flags.contains(.failed)
        {
            if engine == .ring { return sendWithRing(buffer, on: socket) }
            sockets[index].unsent.append(buffer)
            if sockets[index].kind == .channel { noteBusy(socket) }
            return .pending
        }
        if trySend(&buffer, on: socket) { return .sent(buffer) }
        sockets[index].unsent.append(buffer)
        return .pending
    }

    /// When the connection stood that was begun here, in monotonic nanoseconds; 0 for one that came from a client.
    package mutating func connectedAt(_ socket: Token) -> UInt64 {
        sockets.contains(socket) ? sockets[socket.index].connectedAt : 0
    }

    /// Bytes that the kernel has taken in the socket's life.
    package mutating func bytesSent(_ socket: Token) -> UInt64 {
        sockets.contains(socket) ? sockets[socket.index].bytesSent : 0
    }

    /// Whether the kernel has taken nothing since `bytesSent` was `before`, and is not about to.
    package mutating func hasSentNothing(since before: UInt64, on socket: Token) -> Bool {
        if !sockets.contains(socket) { return before == 0 }
        return sockets[socket.index].bytesSent == before && !sockets[socket.index].ring.contains(.send)
    }

    /// Bytes that the kernel has taken and the peer has not acknowledged. A system call: not for the hot path.
    package mutating func unacknowledged(_ socket: Token) -> Int {
        if !sockets.contains(socket) || sockets[socket.index].kind == .channel { return 0 }
        return Int(max(0, martlet_unsent(sockets[socket.index].descriptor)))
    }

    /// Whether buffers, or a piece of a file, wait to be sent. What a cipher says by itself does not count: `sent` is not told of it.
    package mutating func isSendPending(_ socket: Token) -> Bool {
        sockets.contains(socket)
            && (!sockets[socket.index].unsent.isEmpty || sockets[socket.index].flags.contains(.sendsFile))
    }

    /// Whether the peer is known to have ended its side, or the connection to have failed: what is sent may be lost.
    package mutating func isPeerEnded(_ socket: Token) -> Bool {
        sockets.contains(socket) && !sockets[socket.index].flags.isDisjoint(with: .gone)
    }

    // MARK: Timers

    /// Makes sure that there is a turn at `milliseconds` or soon after it, whatever else happens. Only the earliest time is
    /// kept, and forgotten when it has come: who wants a later one as well asks again, in `turnEnded` for example.
    package mutating func wake(at milliseconds: UInt64) { wakeAt = min(wakeAt, milliseconds) }

    /// Sets the socket's only timer, in milliseconds on the scale of `milliseconds`. Granularity is 64 ms.
    package mutating func setTimer(_ socket: Token, at milliseconds: UInt64) {
        if sockets.contains(socket) { timers.set(socket.index, at: milliseconds) }
    }

    package mutating func cancelTimer(_ socket: Token) {
        if sockets.contains(socket) { timers.cancel(socket.index) }
    }
}
