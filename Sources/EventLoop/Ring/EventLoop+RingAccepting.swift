// Accepting on a loop with io_uring. It goes on by itself once it is asked for: a completion is a connection, whose peer has to be
// asked for. Whoever waits in the backlog is accepted at once, all of them, so those who have come wait here until the driver has had
// its batch of a turn, and what others want comes in between.
//
// The loop accepts by itself, as with epoll, once somebody waits: on a socket on which others accept as well, because the kernel would
// wake only one of those whom it accepts for, always the first, and nobody in its stead if that one looks away; while more come than
// a batch, so that the rest waits in the backlog; and when descriptors have run out, until all who wait have been seen to.
import CEventLoop
import Glibc

/// A connection that the kernel has accepted and that the driver has not been told of.
struct Arrival: BitwiseCopyable {
    let descriptor: Int32
    /// The driver's number for the listener.
    let tag: UInt32
}

extension EventLoop {
    /// Has connections accepted, or waits for one.
    mutating func armListener(_ listener: Token) {
        let index = listener.index
        if sockets[index].flags.contains(.paused) || sockets[index].ring.contains(.rests) { return }
        if !sockets[index].ring.isDisjoint(with: [.accept, .awaitInput]) { return }
        if sockets[index].flags.contains(.shared) || sockets[index].ring.contains(.isBulk) {
            return ask(.awaitInput, martlet_event_in, for: listener)
        }
        sockets[index].ring.insert(.accept)
        ring.accept(sockets[index].descriptor, name: RingTask.accept.name(listener))
    }

    mutating func armAccepting(_ listener: Token) {
        sockets[listener.index].ring.remove(.rests)
        arm(listener)
    }

    mutating func disarmAccepting(_ listener: Token) {
        if sockets[listener.index].ring.contains(.awaitInput) { ring.cancel(RingTask.awaitInput.name(listener)) }
        cancelAccepting(listener)
    }

    /// Those who have been accepted before still come.
    private mutating func cancelAccepting(_ listener: Token) {
        let state = sockets[listener.index].ring
        if !state.contains(.accept) || state.contains(.cancelled) { return }
        sockets[listener.index].ring.insert(.cancelled)
        ring.cancel(RingTask.accept.name(listener))
    }

    /// From now on others accept on the socket as well.
    mutating func share(_ listener: Token) {
        if sockets[listener.index].kind != .listener { return }
        sockets[listener.index].flags.insert(.shared)
        cancelAccepting(listener)
    }

    // MARK: Completions

    /// Takes what a completion brings for a listener, open or not any more.
    mutating func noteArrival(_ completion: martlet_completion) {
        if completion.result < 0 { return }
        // The record lives as long as its tasks.
        let tag = sockets[UInt32(truncatingIfNeeded: completion.data)].tag
        arrivals.append(Arrival(descriptor: completion.result, tag: tag))
    }

    /// Accepting goes on, or it has come to an end, be it that there is no room for more completions.
    mutating func goOnAccepting<Driver: LoopDriver & ~Copyable>(
        _ listener: Token, _ result: Int32, for driver: inout Driver
    ) {
        if arrivals.count > Self.acceptBatch { acceptByLoop(listener) }
        if result >= 0 || sockets[listener.index].ring.contains(.accept) { return }
        let error = SystemError(-result)
        if error.isExhaustion {
            // Whether anybody waits is not known.
            acceptByLoop(listener)
        } else if ![ECANCELED, EINTR, EAGAIN].contains(error.code) {
            driver.acceptFailed(error, by: sockets[listener.index].tag, on: &self)
        }
    }

    private mutating func acceptByLoop(_ listener: Token) {
        sockets[listener.index].ring.insert(.isBulk)
        cancelAccepting(listener)
    }

    // MARK: Arrivals

    /// Hands connections over, in the order in which they have come.
    /// - Parameter all: not only the batch of a turn.
    mutating func serveArrivals<Driver: LoopDriver & ~Copyable>(all: Bool = false, for driver: inout Driver) {
        let count = all ? arrivals.count : min(arrivals.count, Self.acceptBatch)
        if count == 0 { return }
        for index in 0..<count { handOver(arrivals[index], for: &driver) }
        arrivals.removeFirst(count)
    }

    private mutating func handOver<Driver: LoopDriver & ~Copyable>(_ arrival: Arrival, for driver: inout Driver) {
        let peer = martlet_peer_address(arrival.descriptor)
        do throws(SystemError) {
            if peer.family == 0 {
                Glibc.close(arrival.descriptor)
                throw SystemError(ENOTCONN)
            }
            try begin(arrival.descriptor, by: arrival.tag, from: PeerAddress(peer), for: &driver)
        } catch {
            driver.acceptFailed(error, by: arrival.tag, on: &self)
        }
    }

    /// Nobody is told of anybody any more.
    mutating func dropArrivals() {
        while let arrival = arrivals.popLast() { Glibc.close(arrival.descriptor) }
    }
}
