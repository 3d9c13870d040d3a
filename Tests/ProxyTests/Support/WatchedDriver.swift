// The proxy's driver as it is, on a loop that tests can look at after each turn.
import MartletEventLoop
import MartletTestSupport

@testable import MartletProxy

/// What a test may know of a loop from outside.
struct Turn: Sendable {
    /// Messages that the driver has dealt with.
    var messages = 0
    /// Memory of buffers with an owner, now and at most so far.
    var bufferBytes = 0
    var mostBufferBytes = 0
    /// Sockets that are open, listeners included.
    var sockets = 0
    /// Client connections on which nothing goes on.
    var idleClients = 0
    /// Client connections that are only read until the client has its answer.
    var lingeringClients = 0
    /// The drain has closed the listeners for clients.
    var isFinishing = false
}

/// Passes all events on to a proxy's driver, and tells after each turn how things stand.
struct WatchedDriver: LoopDriver, ~Copyable {
    typealias Message = ProxyDriver.Message

    var proxy: ProxyDriver
    let turn: Monitor<Turn>
    private var messages = 0

    init(_ proxy: consuming ProxyDriver, _ turn: Monitor<Turn>) {
        self.proxy = proxy
        self.turn = turn
    }

    mutating func accepted(_ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop) {
        proxy.accepted(socket, by: listener, from: peer, on: &loop)
    }

    mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {
        proxy.acceptFailed(error, by: listener, on: &loop)
    }

    mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        proxy.connected(socket, tag: tag, on: &loop)
    }

    mutating func secured(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        proxy.secured(socket, tag: tag, on: &loop)
    }

    mutating func fileSent(_ outcome: FileOutcome, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        proxy.fileSent(outcome, on: socket, tag: tag, loop: &loop)
    }

    mutating func sendingEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        proxy.sendingEnded(socket, tag: tag, on: &loop)
    }

    mutating func received(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        proxy.received(buffer, on: socket, tag: tag, loop: &loop)
    }

    mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        proxy.receiveEnded(socket, tag: tag, on: &loop)
    }

    mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {
        proxy.sent(buffer, on: socket, tag: tag, isIdle: isIdle, loop: &loop)
    }

    mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        proxy.failed(socket, tag: tag, error: error, on: &loop)
    }

    mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        proxy.timerExpired(socket, tag: tag, on: &loop)
    }

    mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        proxy.starved(socket, tag: tag, on: &loop)
    }

    mutating func handle(_ message: Message, on loop: inout EventLoop) {
        proxy.handle(message, on: &loop)
        messages += 1
    }

    mutating func turnEnded(on loop: inout EventLoop) {
        proxy.turnEnded(on: &loop)
        var next = Turn(messages: messages, bufferBytes: loop.pool.usedBytes, sockets: loop.socketCount)
        next.idleClients = clients(in: .idle)
        next.lingeringClients = clients(in: .lingering)
        if case .finishing = proxy.drain { next.isFinishing = true }
        turn.change {
            next.mostBufferBytes = max($0.mostBufferBytes, next.bufferBytes)
            $0 = next
        }
    }

    private func clients(in state: ClientState) -> Int {
        var count = 0
        for index in 0..<proxy.clients.places {
            if let token = proxy.clients.token(at: index), proxy.clients[token.index].state == state { count += 1 }
        }
        return count
    }
}
