// What the loop knows of a socket.

/// What a socket is for.
enum SocketKind: UInt8 {
    case listener, connecting, stream
}

/// Facts about a socket, one bit each.
struct SocketFlags: OptionSet, BitwiseCopyable {
    let rawValue: UInt16
    /// The kernel may have bytes: nothing since the last event said otherwise.
    static let readable = SocketFlags(rawValue: 1)
    /// The kernel takes bytes: no send was cut short since the last event.
    static let writable = SocketFlags(rawValue: 2)
    /// The driver wants bytes.
    static let receiving = SocketFlags(rawValue: 4)
    /// It is in the queue of sockets that have more to do in the next turn.
    static let queued = SocketFlags(rawValue: 8)
    /// The peer has half-closed: a short read does not mean that the socket is drained.
    static let peerEnded = SocketFlags(rawValue: 16)
    /// The end was reported to the driver.
    static let endReported = SocketFlags(rawValue: 32)
    /// `error` is to be reported.
    static let failed = SocketFlags(rawValue: 64)
    /// It waits for a buffer.
    static let starved = SocketFlags(rawValue: 128)
    /// No more accepting until the driver says so.
    static let paused = SocketFlags(rawValue: 256)
}

/// A socket of a loop.
struct SocketRecord: ~Copyable {
    let descriptor: Int32
    var kind: SocketKind
    var flags: SocketFlags
    /// The driver's number for it.
    var tag: UInt32
    var error = SystemError(0)
    /// Buffers that wait for the socket to take bytes; the first may be sent in part.
    var unsent = BufferQueue()
    /// Bytes that the kernel has taken in the socket's life.
    var bytesSent: UInt64 = 0

    init(descriptor: Int32, kind: SocketKind, tag: UInt32, flags: SocketFlags = []) {
        self.descriptor = descriptor
        self.kind = kind
        self.tag = tag
        self.flags = flags
    }
}
