// What the loop knows of a socket.

/// What a socket is for.
enum SocketKind: UInt8 {
    case listener, connecting, stream
    /// The connection that was started stands, and its cipher's handshake is going on.
    case securing
    /// It has no descriptor: see EventLoop+Channels.swift.
    case channel
    /// It is closed for the driver; the kernel has yet to let go of it: see Ring/EventLoop+RingClosing.swift.
    case closing
}

/// Facts about a socket, one bit each.
struct SocketFlags: OptionSet, BitwiseCopyable {
    let rawValue: UInt32
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
    /// Of a channel: it is among those that have something for the driver to send.
    static let busy = SocketFlags(rawValue: 256)
    /// It has a cipher.
    static let secured = SocketFlags(rawValue: 512)
    /// Its cipher's handshake has been reported as complete.
    static let established = SocketFlags(rawValue: 1024)
    /// The peer has said through its cipher that nothing more will come.
    static let cipherEnded = SocketFlags(rawValue: 2048)
    /// The peer's end came without the word for it: what was received may be cut short.
    static let truncated = SocketFlags(rawValue: 4096)
    /// The cipher has failed; what it has left to say is sent, nothing else.
    static let cipherFailed = SocketFlags(rawValue: 8192)
    /// Nothing more is sent behind what waits: the peer is told so when that is sent.
    static let ending = SocketFlags(rawValue: 1 << 14)
    /// Its cipher has written that nothing more will come.
    static let endSaid = SocketFlags(rawValue: 1 << 15)
    /// A piece of a file waits behind all buffers.
    static let sendsFile = SocketFlags(rawValue: 1 << 16)
    /// What comes are datagrams: a short one does not mean that there is no other, nor an empty one the end.
    static let datagrams = SocketFlags(rawValue: 1 << 17)
    /// Of a listener: others accept on its socket as well.
    static let shared = SocketFlags(rawValue: 1 << 18)
}

extension SocketFlags {
    /// What is sent may be lost.
    static let gone: SocketFlags = [.peerEnded, .failed, .cipherEnded, .cipherFailed]

    /// Whether bytes are to be received now.
    var mayReceive: Bool { contains(.readable) && wantsBytes }

    /// Whether bytes are to be received when there are any.
    var wantsBytes: Bool {
        if !isDisjoint(with: [.endReported, .cipherFailed]) { return false }
        // A handshake goes on whether or not the driver wants bytes.
        return contains(.receiving) || (contains(.secured) && !contains(.established))
    }
}

/// A socket of a loop.
struct SocketRecord: ~Copyable {
    /// -1 when there is none, or none any more.
    var descriptor: Int32
    var kind: SocketKind
    var flags: SocketFlags
    /// The driver's number for it.
    var tag: UInt32
    var error = SystemError(0)
    /// When the connection stood that was begun here, in monotonic nanoseconds.
    var connectedAt: UInt64 = 0
    /// Buffers that wait for the socket to take bytes; the first may be sent in part.
    var unsent = BufferQueue()
    /// What is sent behind them; see `SocketFlags.sendsFile`.
    var transfer: FileTransfer?
    /// Turns its bytes.
    var cipher: (any StreamCipher)?
    /// Encrypted bytes that wait for the socket to take them, before all of `unsent`.
    var sealed: Buffer?
    /// Of a socket that connects: bytes that are sent in clear before all others. Of an accepted one: bytes that were
    /// received before it had its cipher, which are the cipher's.
    var ahead: Buffer?
    /// Plaintext that came with the end of the handshake, while the driver wants none.
    var opened: Buffer?
    /// Bytes that the kernel has taken in the socket's life.
    var bytesSent: UInt64 = 0
    /// With io_uring: what the kernel is doing for it.
    var ring: RingState = []
    /// With io_uring: how many times in a row little has come, of a socket that is received from by the loop.
    var shortReceives: UInt8 = 0
    /// With io_uring: what was received and has not been handed over.
    var arrived = BufferQueue()

    init(descriptor: Int32, kind: SocketKind, tag: UInt32, flags: SocketFlags = []) {
        self.descriptor = descriptor
        self.kind = kind
        self.tag = tag
        self.flags = flags
    }
}
