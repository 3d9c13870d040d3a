// The sockets of questions. Each question has one of its own, which is connected to one resolver: the kernel picks a port for it
// that cannot be guessed, and drops what comes from others.
import MartletEventLoop

extension DNSDriver {
    /// Does what a look-up wants, until it has to wait.
    mutating func perform(_ first: DNSLookup.Action, _ tag: UInt32, on loop: inout EventLoop) {
        var action = first
        while true {
            switch action {
            case .wait:
                return
            case .finish(let reply):
                return finish(tag, reply, on: &loop)
            case .sendDatagram(let resolver, let message):
                if open(tag, resolver, message, isStream: false, on: &loop) { return }
            case .openStream(let resolver, let message):
                if open(tag, resolver, message, isStream: true, on: &loop) { return }
            }
            action = asking[tag].lookup.failed(id: Self.chance())
        }
    }

    /// Opens a socket for a question; whether that has worked.
    private mutating func open(
        _ tag: UInt32, _ resolver: Int, _ message: [UInt8], isStream: Bool, on loop: inout EventLoop
    ) -> Bool {
        hangUp(tag, on: &loop)
        asking[tag].message = message
        asking[tag].stream = isStream ? DNSMessageStream() : nil
        asking[tag].deadline = loop.milliseconds + settings.timeout
        let address = resolvers[resolver % resolvers.count]
        do throws(SystemError) {
            asking[tag].socket =
                isStream ? try loop.connect(to: address, tag: tag) : try loop.connectDatagrams(to: address, tag: tag)
            return true
        } catch {
            return false
        }
    }

    mutating func hangUp(_ tag: UInt32, on loop: inout EventLoop) {
        if asking[tag].socket != .none { loop.close(asking[tag].socket) }
        asking[tag].socket = .none
    }

    /// Whoever has not answered in time is given up.
    mutating func expire(now: UInt64, on loop: inout EventLoop) {
        for place in 0..<asking.places {
            guard let token = asking.token(at: place), asking[token.index].deadline <= now else { continue }
            perform(asking[token.index].lookup.timedOut(id: Self.chance()), token.index, on: &loop)
        }
    }

    private mutating func read(_ bytes: Span<UInt8>, _ tag: UInt32, on loop: inout EventLoop) {
        var message: [UInt8] = []
        message.reserveCapacity(bytes.count)
        for index in bytes.indices { message.append(bytes[index]) }
        if var stream = asking[tag].stream {
            let whole = stream.append(message)
            asking[tag].stream = stream
            guard let whole else { return }
            message = whole
        }
        perform(asking[tag].lookup.received(message, id: Self.chance()), tag, on: &loop)
    }
}

extension DNSDriver: LoopDriver {
    package mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        loop.setReceiving(socket, true)
        guard let buffer = loop.pool.copy(asking[tag].message.span) else {
            return perform(asking[tag].lookup.failed(id: Self.chance()), tag, on: &loop)
        }
        _ = loop.send(buffer, on: socket)
    }

    package mutating func received(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop
    ) {
        read(buffer.bytes, tag, on: &loop)
    }

    package mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        perform(asking[tag].lookup.failed(id: Self.chance()), tag, on: &loop)
    }

    package mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        perform(asking[tag].lookup.failed(id: Self.chance()), tag, on: &loop)
    }

    package mutating func accepted(
        _ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop
    ) {}
    package mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {}
    package mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {}
    package mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
    package mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
}
