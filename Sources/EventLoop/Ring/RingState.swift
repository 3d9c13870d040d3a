// What the kernel is doing for a socket, on a loop whose engine is io_uring.

/// What a ring is asked to do.
enum RingTask: UInt8 {
    /// Receive, again and again, into buffers of the kernel's choice.
    case receive
    /// Send the first buffer that waits, as far as there is room.
    case send
    /// Tell when there is something to receive, or to accept.
    case awaitInput
    /// Tell when there is room to send, or a connection stands.
    case awaitRoom
    /// Tell when the peer is gone, whether or not bytes are wanted.
    case watch
    /// Tell when there are messages.
    case mail
    /// Cancel another task: nobody asks how that went.
    case cancel
    /// Accept, again and again.
    case accept

    /// What the task's completions are called: the socket's place, its generation, and the task.
    func name(_ socket: Token) -> UInt64 {
        UInt64(rawValue) << 56 | UInt64(socket.generation & 0xff_ffff) << 32 | UInt64(socket.index)
    }

    init?(of name: UInt64) { self.init(rawValue: UInt8(truncatingIfNeeded: name >> 56)) }

    /// The task's bit in `RingState`.
    var bit: RingState { RingState(rawValue: 1 << UInt16(rawValue)) }
}

/// Facts about a socket on a ring, one bit each.
struct RingState: OptionSet, BitwiseCopyable {
    let rawValue: UInt16

    /// The tasks that are the kernel's: each of them ends with a completion.
    static let receive = RingTask.receive.bit
    static let send = RingTask.send.bit
    static let awaitInput = RingTask.awaitInput.bit
    static let awaitRoom = RingTask.awaitRoom.bit
    static let watch = RingTask.watch.bit
    static let accept = RingTask.accept.bit
    static let tasks: RingState = [.receive, .send, .awaitInput, .awaitRoom, .watch, .accept]

    /// Receiving, or accepting, has been cancelled and has not ended yet.
    static let cancelled = RingState(rawValue: 1 << 8)
    /// The end of the stream has come; it is reported behind what has arrived before.
    static let ended = RingState(rawValue: 1 << 9)
    /// Both sides have ended, or the connection is broken: there is nothing to watch for.
    static let isQuiet = RingState(rawValue: 1 << 10)
    /// Of a socket that is being closed: what waits is not sent any more.
    static let drops = RingState(rawValue: 1 << 11)
    /// There is no room to send: what waits is sent when there is.
    static let isFull = RingState(rawValue: 1 << 13)
    /// Of a listener: it can accept nothing at the moment.
    static let rests = RingState(rawValue: 1 << 12)
    /// Much comes at a time: the loop receives, or accepts, by itself.
    static let isBulk = RingState(rawValue: 1 << 14)
}
