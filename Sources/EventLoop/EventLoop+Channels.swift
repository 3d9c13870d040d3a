// Channels: sockets without a descriptor. A driver that carries several streams on one connection gives each of them a
// channel, so that whoever serves a stream need not know that it has no connection of its own.
//
//   who serves a stream ──send──▶ channel ──takeBusyChannel, takeFirst──▶ who makes frames ──send──▶ socket

/// A channel that has something to send.
package struct BusyChannel: BitwiseCopyable {
    package let channel: Token
    /// The driver's number for it.
    package let tag: UInt32
}

extension EventLoop {
    /// A new channel; `nil` when there are as many sockets as there may be. It has a timer and a tag, it is sent on and closed
    /// like any other socket. What is sent waits until the driver takes it.
    package mutating func openChannel(tag: UInt32) -> Token? {
        insert(SocketRecord(descriptor: -1, kind: .channel, tag: tag))
    }

    /// One of the channels on which something was sent, or the end was, since they were last asked for.
    package mutating func takeBusyChannel() -> BusyChannel? {
        while let channel = busyChannels.popLast() {
            if !sockets.contains(channel) { continue }
            sockets[channel.index].flags.remove(.busy)
            return BusyChannel(channel: channel, tag: sockets[channel.index].tag)
        }
        return nil
    }

    /// The first buffer that waits to be sent on a channel; `Buffer.unsent` says how much of it is left.
    package mutating func takeFirst(_ channel: Token) -> Buffer? {
        if !sockets.contains(channel) { return nil }
        return sockets[channel.index].unsent.popFirst()
    }

    /// Puts a buffer back that could not be sent whole, before those that wait.
    package mutating func putBack(_ buffer: consuming Buffer, on channel: Token) {
        if sockets.contains(channel) { sockets[channel.index].unsent.prepend(buffer) }
    }

    /// Counts bytes of a channel as sent; see `bytesSent`.
    package mutating func noteSent(_ count: Int, on channel: Token) {
        if sockets.contains(channel) { sockets[channel.index].bytesSent += UInt64(count) }
    }

    /// Whether bytes are wanted on a channel.
    package mutating func isReceiving(_ channel: Token) -> Bool {
        sockets.contains(channel) && sockets[channel.index].flags.contains(.receiving)
    }

    /// The driver holds bytes for a channel that does not want any: `LoopDriver.resumed` tells when it does. Or holds none.
    package mutating func setHolding(_ channel: Token, _ isHolding: Bool) {
        if !sockets.contains(channel) { return }
        if isHolding {
            sockets[channel.index].flags.insert(.readable)
            if sockets[channel.index].flags.contains(.receiving) { enqueue(channel) }
        } else {
            sockets[channel.index].flags.remove(.readable)
        }
    }

    /// The end of a channel has been told to its peer; see `endSending`.
    package mutating func noteEnded(_ channel: Token) {
        if sockets.contains(channel) { sockets[channel.index].flags.remove(.ending) }
    }

    /// The peer is known to have ended its side of a channel; see `isPeerEnded`.
    package mutating func notePeerEnded(_ channel: Token) {
        if sockets.contains(channel) { sockets[channel.index].flags.insert(.peerEnded) }
    }

    mutating func endChannel(_ channel: Token) {
        sockets[channel.index].flags.insert(.ending)
        noteBusy(channel)
    }

    mutating func noteBusy(_ channel: Token) {
        if sockets[channel.index].flags.contains(.busy) { return }
        sockets[channel.index].flags.insert(.busy)
        busyChannels.append(channel)
    }

    mutating func resume<Driver: LoopDriver & ~Copyable>(_ channel: Token, for driver: inout Driver) {
        if !sockets[channel.index].flags.isSuperset(of: [.readable, .receiving]) { return }
        driver.resumed(channel, tag: sockets[channel.index].tag, on: &self)
    }
}
