// A driver that echoes, and at random pauses, closes, resets and ends what it serves.
import MartletEventLoop
import MartletTestSupport

struct ChurnDriver: LoopDriver, ~Copyable {
    typealias Message = @Sendable (inout ChurnDriver, inout EventLoop) -> Void

    private var random: SeededRandom
    private var open: Set<UInt64> = []
    /// How many connections this side has closed, reset and ended.
    private(set) var closed = 0
    private(set) var reset = 0
    private(set) var ended = 0
    private(set) var paused = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// `true` once in so many times.
    private mutating func happens(onceIn count: UInt64) -> Bool { random.next() % count == 0 }

    private mutating func close(_ socket: Token, on loop: inout EventLoop) {
        open.remove(socket.bits)
        loop.close(socket)
    }

    /// Closes all connections.
    mutating func closeAll(on loop: inout EventLoop) {
        for bits in open { loop.close(Token(bits: bits)) }
        open = []
    }

    mutating func accepted(_ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop) {
        open.insert(socket.bits)
        loop.setReceiving(socket, true)
    }

    mutating func received(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        _ = loop.send(buffer, on: socket)
        if happens(onceIn: 60) {
            closed += 1
            close(socket, on: &loop)
        } else if happens(onceIn: 60) {
            reset += 1
            open.remove(socket.bits)
            loop.abort(socket)
        } else if happens(onceIn: 60) {
            ended += 1
            loop.setReceiving(socket, false)
            loop.endSending(socket)
        } else if happens(onceIn: 8) {
            paused += 1
            loop.setReceiving(socket, false)
            // As soon as it can be told, or after a while.
            if happens(onceIn: 2) { loop.setReceiving(socket, true) }
            loop.setTimer(socket, at: loop.milliseconds + 64)
        }
    }

    mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        if loop.isEnding(socket) { return }
        loop.setReceiving(socket, true)
    }

    /// What it was sent in vain is of no interest.
    mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        if loop.isSendPending(socket) { loop.endSending(socket) } else { close(socket, on: &loop) }
    }

    mutating func sendingEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) { close(socket, on: &loop) }

    mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        close(socket, on: &loop)
    }

    mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {}
    mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {}
    mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
    mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
    mutating func turnEnded(on loop: inout EventLoop) {}
    mutating func handle(_ message: @escaping Message, on loop: inout EventLoop) { message(&self, &loop) }
}
