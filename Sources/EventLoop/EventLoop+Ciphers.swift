// Sockets with a cipher: what is received is decrypted before the driver sees it, what is sent is encrypted.
import Glibc

extension EventLoop {
    /// Gives a socket a cipher, before anything was received or sent on it. An accepted socket is reported by `secured`
    /// when the handshake is complete; one that connects, by `connected`.
    package mutating func secure(_ socket: Token, _ cipher: any StreamCipher) {
        if !sockets.contains(socket) { return }
        sockets[socket.index].cipher = cipher
        sockets[socket.index].flags.insert(.secured)
        if engine == .ring { noteSecured(socket) }
        // An accepted one is known to be writable; whether it is readable, its first event tells.
        if sockets[socket.index].kind == .stream && sockets[socket.index].flags.contains(.readable) { enqueue(socket) }
    }

    /// The same for an accepted socket on which bytes have been received: those that are not the driver's are the cipher's.
    package mutating func secure(_ socket: Token, _ cipher: any StreamCipher, received: consuming Buffer) {
        if !sockets.contains(socket) { return }
        let index = socket.index
        if !received.isEmpty {
            sockets[index].ahead = consume received
            sockets[index].flags.insert(.readable)
        }
        secure(socket, cipher)
    }

    /// A socket's cipher.
    package mutating func cipher(of socket: Token) -> (any StreamCipher)? {
        sockets.contains(socket) ? sockets[socket.index].cipher : nil
    }

    /// Whether the peer's end came without its cipher's word for it: what was received may be cut short.
    package mutating func isTruncated(_ socket: Token) -> Bool {
        sockets.contains(socket) && sockets[socket.index].flags.contains(.truncated)
    }

    // MARK: Receiving

    /// Has the cipher go on without input: it begins, or had no room for all that it has to say.
    mutating func continueCipher<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        guard let cipher = sockets[socket.index].cipher else { return }
        while tell(socket, scratch.open(cipher)) {}
        if sockets.contains(socket) { reportEstablished(socket, cipher, for: &driver) }
    }

    mutating func receiveSealed<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        let index = socket.index
        guard let cipher = sockets[index].cipher else { return }
        if let opened = sockets[index].opened.take() {
            enqueue(socket)
            return driver.received(opened, on: socket, tag: sockets[index].tag, loop: &self)
        }
        if sockets[index].flags.contains(.cipherEnded) {
            // Who ends in the middle of a handshake has refused it.
            if !sockets[index].flags.contains(.established) { return failCipher(socket, .connectionReset) }
            return reportEnd(socket, for: &driver)
        }
        let held = cipher.held
        guard var buffer = pool.takeForReceiving(held: held) else { return starveSealed(socket, for: &driver) }
        let room = buffer.roomBehind - Buffer.tailroom - held
        if engine == .ring && !moveAhead(socket) { return }
        let ahead = takeAhead(socket, &buffer, atMost: room, gap: held)
        let count =
            ahead > 0 || sockets[index].ring.contains(.ended)
            ? ahead : buffer.receiveSealed(from: sockets[index].descriptor, atMost: room, gap: held)
        if count <= 0 { return receivedNothing(socket, count, for: &driver) }
        if ahead == 0 && count < room && !sockets[index].flags.contains(.peerEnded) {
            sockets[index].flags.remove(.readable)
        } else if engine == .ring && hasTakenAll(socket) {
            sockets[index].flags.remove(.readable)
        } else {
            enqueue(socket)
        }
        if engine == .ring && ahead == 0 { noteReceivedByLoop(count, on: socket) }
        var progress = buffer.open(count, gap: held, by: cipher, scratch)
        // What it had no room to say may have kept it from what else it was given: no event would tell of that.
        while tell(socket, progress) { progress = buffer.open(0, gap: cipher.held, by: cipher, scratch) }
        reportEstablished(socket, cipher, for: &driver)
        if !sockets.contains(socket) || buffer.isEmpty { return }
        if sockets[index].flags.contains(.receiving) {
            driver.received(buffer, on: socket, tag: sockets[index].tag, loop: &self)
        } else {
            sockets[index].opened = consume buffer
            sockets[index].flags.insert(.readable)
        }
    }

    /// Puts what was received before there was a cipher behind the end of `buffer`; how many bytes.
    private mutating func takeAhead(_ socket: Token, _ buffer: inout Buffer, atMost room: Int, gap: Int) -> Int {
        guard var ahead = sockets[socket.index].ahead.take() else { return 0 }
        let count = min(ahead.count, room)
        buffer.place(ahead.bytes.extracting(0..<count), gap: gap)
        ahead.dropFirst(count)
        if !ahead.isEmpty { sockets[socket.index].ahead = consume ahead }
        return count
    }

    /// Nothing can be received: it would have to be waited for, the peer has ended its side, or the connection is broken.
    private mutating func receivedNothing<Driver: LoopDriver & ~Copyable>(
        _ socket: Token, _ count: Int, for driver: inout Driver
    ) {
        let index = socket.index
        if count < 0 {
            let error = SystemError(Int32(-count))
            if error.code == EINTR { return enqueue(socket) }
            sockets[index].flags.remove(.readable)
            if !error.wouldBlock { markFailed(socket, error) }
        } else if isBroken(socket) {
            sockets[index].flags.remove(.readable)
        } else if !sockets[index].flags.contains(.established) {
            sockets[index].flags.remove(.readable)
            markFailed(socket, .connectionReset)
        } else {
            sockets[index].flags.insert(.truncated)
            reportEnd(socket, for: &driver)
        }
    }

    private mutating func reportEnd<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        sockets[socket.index].flags.insert(.endReported)
        driver.receiveEnded(socket, tag: sockets[socket.index].tag, on: &self)
    }

    /// There is no buffer. A driver that waits for nothing but a handshake is not asked what to do about it.
    private mutating func starveSealed<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        if sockets[socket.index].flags.contains(.established) { return receiveNothing(on: socket, for: &driver) }
        if sockets[socket.index].flags.contains(.starved) { return }
        sockets[socket.index].flags.insert(.starved)
        starving.append(socket)
    }

    /// Says to the peer what the cipher has to say, and notes what the cipher has learnt; whether it has more to say.
    private mutating func tell(_ socket: Token, _ progress: CipherProgress) -> Bool {
        let index = socket.index
        if progress.output > 0 && !keepSealed(progress.output, on: socket) { return false }
        if sockets[index].sealed != nil && sockets[index].flags.contains(.writable) { sendSealedBytes(socket) }
        if progress.hasEnded {
            sockets[index].flags.formUnion([.cipherEnded, .readable])
            enqueue(socket)
        }
        if progress.hasFailed { failCipher(socket, .protocolError) }
        return progress.needsRoom && progress.output > 0 && !progress.hasFailed
    }

    private mutating func failCipher(_ socket: Token, _ error: SystemError) {
        sockets[socket.index].flags.insert(.cipherFailed)
        markFailed(socket, error)
    }

    /// How much of what ciphers say by themselves may wait. It is more than any handshake: a peer has asked for it again
    /// and again, and does not read it.
    private static var sealedLimit: Int { 256 << 10 }

    /// Puts the first `count` bytes of the scratch behind what waits to be sent; `false` when there is no memory for it.
    private mutating func keepSealed(_ count: Int, on socket: Token) -> Bool {
        let index = socket.index
        if var sealed = sockets[index].sealed.take() {
            let fits = sealed.append(scratch.bytes(count))
            if fits {
                sockets[index].sealed = consume sealed
                return true
            }
            sealed.dropFirst(sealed.sent)
            sealed.sent = 0
            guard sealed.count + count <= Self.sealedLimit,
                var larger = pool.take(room: sealed.count + count, isBounded: false)
            else {
                failCipher(socket, .noMemory)
                return false
            }
            _ = larger.append(sealed.bytes)
            _ = larger.append(scratch.bytes(count))
            sockets[index].sealed = consume larger
            return true
        }
        guard var buffer = pool.takeForSealing(room: count) else {
            failCipher(socket, .noMemory)
            return false
        }
        _ = buffer.append(scratch.bytes(count))
        sockets[index].sealed = consume buffer
        return true
    }

    private mutating func reportEstablished<Driver: LoopDriver & ~Copyable>(
        _ socket: Token, _ cipher: any StreamCipher, for driver: inout Driver
    ) {
        let index = socket.index
        if sockets[index].flags.contains(.established) || !cipher.isEstablished
            || sockets[index].flags.contains(.cipherFailed)
        {
            return
        }
        sockets[index].flags.insert(.established)
        // What the driver has handed over meanwhile can be sent now.
        if !sockets[index].unsent.isEmpty { enqueue(socket) }
        if sockets[index].kind == .securing {
            sockets[index].kind = .stream
            driver.connected(socket, tag: sockets[index].tag, on: &self)
        } else {
            driver.secured(socket, tag: sockets[index].tag, on: &self)
        }
    }

    // MARK: Sending

    /// Sends a buffer encrypted: at once if nothing waits before it and the kernel takes it.
    mutating func sendSealed(_ buffer: consuming Buffer, on socket: Token) -> SendOutcome {
        let index = socket.index
        let mustWait =
            !sockets[index].unsent.isEmpty || sockets[index].sealed != nil
            || !sockets[index].flags.isSuperset(of: [.writable, .established])
            || !sockets[index].flags.isDisjoint(with: [.failed, .cipherFailed])
        if !mustWait && trySendSealed(&buffer, on: socket) { return .sent(buffer) }
        sockets[index].unsent.append(buffer)
        return .pending
    }

    /// Encrypts and sends as much of `buffer` as the kernel takes; whether that was all.
    private mutating func trySendSealed(_ buffer: inout Buffer, on socket: Token) -> Bool {
        let index = socket.index
        guard let cipher = sockets[index].cipher else { return false }
        while true {
            if sockets[index].sealed != nil && !sendSealedBytes(socket) { return false }
            if buffer.sent == buffer.count {
                buffer.sent = 0
                return true
            }
            let left = buffer.count - buffer.sent
            guard var sealed = pool.takeForSealing(room: left + Self.sealingRoom) else {
                markFailed(socket, .noMemory)
                return false
            }
            let progress = sealed.seal(buffer, by: cipher)
            buffer.sent += progress.plain
            let isStuck = progress.plain == 0 && progress.output == 0
            if sealed.count > 0 { sockets[index].sealed = consume sealed }
            if progress.hasFailed || isStuck {
                sendSealedBytes(socket)
                failCipher(socket, .protocolError)
                return false
            }
        }
    }

    /// What encrypting adds to a few records, and room for what a cipher may say besides.
    package static var sealingRoom: Int { 1024 }

    /// Sends encrypted bytes that wait; whether the kernel took all of them.
    @discardableResult
    private mutating func sendSealedBytes(_ socket: Token) -> Bool {
        guard var sealed = sockets[socket.index].sealed.take() else { return true }
        if trySend(&sealed, on: socket) { return true }
        sockets[socket.index].sealed = consume sealed
        return false
    }

    mutating func flushSealed<Driver: LoopDriver & ~Copyable>(_ socket: Token, for driver: inout Driver) {
        let index = socket.index
        if !sockets[index].flags.contains(.writable) { return }
        if sockets[index].sealed != nil && !sendSealedBytes(socket) { return }
        if !sockets[index].flags.contains(.established) { return }
        while sockets.contains(socket), sockets[index].flags.isDisjoint(with: [.failed, .cipherFailed]),
            var buffer = sockets[index].unsent.popFirst()
        {
            if !trySendSealed(&buffer, on: socket) {
                sockets[index].unsent.prepend(buffer)
                return
            }
            let isIdle = sockets[index].unsent.isEmpty
            driver.sent(buffer, on: socket, tag: sockets[index].tag, isIdle: isIdle, loop: &self)
        }
        reportSendingEnded(socket, for: &driver)
    }

    /// Tells the peer, before the socket is closed, that this was all (close_notify), unless what comes before it could not
    /// be sent.
    mutating func endCipher(_ socket: Token) {
        let index = socket.index
        guard sockets[index].flags.isSuperset(of: [.secured, .writable]), !sockets[index].flags.contains(.endSaid),
            let cipher = sockets[index].cipher
        else { return }
        let isBroken = !sockets[index].flags.isDisjoint(with: [.failed, .cipherFailed])
        if isBroken || sockets[index].sealed != nil || !sockets[index].unsent.isEmpty { return }
        let count = scratch.end(cipher)
        if count > 0 { scratch.send(count, to: sockets[index].descriptor) }
        sockets[index].flags.insert(.endSaid)
    }

    /// The same for a socket that stays open, whose peer may yet have to make room for it; whether it has been sent.
    mutating func sayEnd(_ socket: Token) -> Bool {
        let index = socket.index
        guard let cipher = sockets[index].cipher, !sockets[index].flags.contains(.endSaid) else { return true }
        sockets[index].flags.insert(.endSaid)
        let count = scratch.end(cipher)
        return count == 0 || keepSealed(count, on: socket) && sendSealedBytes(socket)
    }
}
