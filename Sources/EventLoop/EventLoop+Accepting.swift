// Accepting, and what is done where that cannot be.
import CEventLoop
import Glibc

extension EventLoop {
    /// Connections accepted from one listener in a turn, so that a flood of them starves nobody.
    static var acceptBatch: Int { 64 }
    /// How long a listener rests that can accept nothing, not even to refuse it.
    private static var restMilliseconds: UInt64 { 100 }

    /// Accepts what waits at a listener.
    mutating func acceptAll<Driver: LoopDriver & ~Copyable>(_ listener: Token, for driver: inout Driver) {
        let tag = sockets[listener.index].tag
        for _ in 0..<Self.acceptBatch {
            if !sockets.contains(listener) || sockets[listener.index].flags.contains(.paused) { return }
            var address = martlet_address()
            let descriptor = unsafe martlet_accept(sockets[listener.index].descriptor, &address)
            if descriptor < 0 {
                let error = SystemError(-descriptor)
                if error.wouldBlock {
                    sockets[listener.index].ring.remove(.isBulk)
                    return
                }
                if error.isExhaustion && !shedOne(listener) { rest(listener) }
                driver.acceptFailed(error, by: tag, on: &self)
                if error.isExhaustion { return }
                continue
            }
            do throws(SystemError) {
                try begin(descriptor, by: tag, from: PeerAddress(address), for: &driver)
            } catch {
                driver.acceptFailed(error, by: tag, on: &self)
            }
        }
    }

    /// A connection has been accepted; the descriptor is closed if there is no room for it.
    mutating func begin<Driver: LoopDriver & ~Copyable>(
        _ descriptor: Int32, by listener: UInt32, from peer: PeerAddress, for driver: inout Driver
    ) throws(SystemError) {
        let flags: SocketFlags = engine == .ring ? [] : .writable
        let socket = try add(descriptor, kind: .stream, tag: .max, flags: flags)
        driver.accepted(socket, by: listener, from: peer, on: &self)
        if engine == .ring { arm(socket) }
    }

    /// No descriptor is left: the one in reserve is given up for a moment, so that a client in the backlog gets a clear
    /// refusal instead of waiting, and the loop does not spin on a listener that stays readable. `false` when even that
    /// was in vain: another thread was quicker, or it is not descriptors that ran out.
    private mutating func shedOne(_ listener: Token) -> Bool {
        if spare >= 0 { Glibc.close(spare) }
        var address = martlet_address()
        let descriptor = unsafe martlet_accept(sockets[listener.index].descriptor, &address)
        if descriptor >= 0 {
            ShedAnswer.send(to: descriptor)
            Glibc.close(descriptor)
        }
        spare = martlet_open_spare()
        return descriptor >= 0
    }

    /// Looks away from a listener for a while: clients wait in its backlog, and the loop serves those that it has.
    private mutating func rest(_ listener: Token) {
        if engine == .ring {
            sockets[listener.index].ring.formUnion([.rests, .isBulk])
        } else {
            _ = martlet_epoll_remove(epoll, sockets[listener.index].descriptor)
        }
        resting.append(listener)
        acceptAgainAt = milliseconds + Self.restMilliseconds
    }

    mutating func endRest() {
        if acceptAgainAt > milliseconds { return }
        acceptAgainAt = .max
        while let listener = resting.popLast() {
            if !sockets.contains(listener) || sockets[listener.index].flags.contains(.paused) { continue }
            if engine == .ring {
                armAccepting(listener)
                continue
            }
            // It may be there again already, if the driver has paused and resumed it.
            _ = martlet_epoll_add_level(epoll, sockets[listener.index].descriptor, listener.bits)
        }
    }
}
