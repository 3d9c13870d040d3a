// The interface between the loop and what runs on it.

/// What runs on a loop: it is told what happened to its sockets, and tells the loop what to do next.
///
/// The loop calls recv and send, not the driver (decision D1): the driver is handed a buffer that has been filled, and
/// hands over a buffer to be sent, which is not its own again until the loop gives it back. `tag` is the number that the
/// driver gave the socket. The driver may close any socket at any time; nothing is reported of a socket after that.
package protocol LoopDriver: ~Copyable {
    /// What other threads may tell the driver.
    associatedtype Message: Sendable

    /// A listener has a new connection, which is not receiving yet: give it a tag, then `setReceiving`, or close it. The listener may
    /// have been paused or closed since: whom the kernel has accepted before still comes, and before any message that comes later.
    mutating func accepted(_ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop)
    /// A connection could not be accepted. Descriptors or memory ran out, or the kernel had another reason.
    mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop)
    /// The handshake of an accepted socket's cipher is complete. What is received from now on is plaintext.
    mutating func secured(_ socket: Token, tag: UInt32, on loop: inout EventLoop)
    /// A connection that was started with `connect` stands; if it has a cipher, the handshake is complete as well.
    mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop)
    /// Bytes have come.
    mutating func received(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop)
    /// The peer will send nothing more. What the driver sends may still arrive.
    mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop)
    /// A buffer that could not be sent at once has been sent; `isIdle` tells that no other one waits behind it.
    mutating func sent(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop)
    /// A piece of a file that could not be sent at once is done, and nothing waits behind it.
    mutating func fileSent(_ outcome: FileOutcome, on socket: Token, tag: UInt32, loop: inout EventLoop)
    /// The peer of a socket for which `endSending` had to wait has been told that nothing more will come.
    mutating func sendingEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop)
    /// The connection is gone: it could not be made, was reset, or a send failed. Received bytes were reported before.
    mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop)
    /// A channel for which the driver holds bytes may be given them: it is receiving again.
    mutating func resumed(_ channel: Token, tag: UInt32, on loop: inout EventLoop)
    /// The socket's timer has expired.
    mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop)
    /// A buffer for receiving could not be had: the pool's bound is reached. The socket waits its turn.
    mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop)
    /// A message from another thread.
    mutating func handle(_ message: Message, on loop: inout EventLoop)
    /// All that happened in this turn has been reported.
    mutating func turnEnded(on loop: inout EventLoop)
}

extension LoopDriver where Self: ~Copyable {
    /// Most drivers have no ciphers.
    package mutating func secured(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
    /// Most drivers send no files.
    package mutating func fileSent(_ outcome: FileOutcome, on socket: Token, tag: UInt32, loop: inout EventLoop) {}
    /// Most drivers have no channels.
    package mutating func resumed(_ channel: Token, tag: UInt32, on loop: inout EventLoop) {}
    /// Most drivers end both directions at once.
    package mutating func sendingEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
}
