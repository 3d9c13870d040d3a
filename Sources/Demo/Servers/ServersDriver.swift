// The demo's servers on one loop: a minimal origin server that keeps connections, takes pipelined requests and skips
// content. How a request is read stands in ServersDriver+Requests.swift.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore

/// All demo servers; the listener's tag says which.
struct ServersDriver: ~Copyable {
    /// What the loop may be told.
    enum Message: Sendable {
        case stop
    }

    static let limits = HeadLimits(headBytes: 32 << 10)
    /// The most connections at a time.
    static let connections = 1_024
    /// How long a connection may be silent, in milliseconds: longer than the proxy keeps one.
    static let idleTime: UInt64 = 60_000

    let pages = ServerKind.allCases.map(Pages.init)
    var clients = Slab<ServerClient>(limit: Self.connections)
    var head = RequestHead(fieldCapacity: Self.limits.fields)
    /// Whom the slow server has to answer, in the order in which that is due.
    var thinking: [Thought] = []

    /// Opens the listeners, in the order of `ServerKind`.
    mutating func listen(on descriptors: [Int32], loop: inout EventLoop) throws(SystemError) {
        for (tag, descriptor) in descriptors.enumerated() { _ = try loop.listen(on: descriptor, tag: UInt32(tag)) }
    }

    /// Sends the client's answer.
    mutating func send(to client: Token, on loop: inout EventLoop) {
        let socket = clients[client.index].socket
        guard let answer = clients[client.index].answer.take() else { return }
        let bytes = answer.bytes.span
        guard
            let buffer = loop.pool.copy(
                clients[client.index].isHead ? bytes.extracting(first: answer.headCount) : bytes)
        else { return close(client, on: &loop) }
        switch loop.send(buffer, on: socket) {
        case .sent:
            finish(client, on: &loop)
        case .pending:
            clients[client.index].phase = .sending
            loop.setReceiving(socket, false)
        }
    }

    /// The answer has left: the next request may come, if there may be one.
    private mutating func finish(_ client: Token, on loop: inout EventLoop) {
        if clients[client.index].isLast { return close(client, on: &loop) }
        clients[client.index].phase = .reading
    }

    /// Goes on with what was not read while the answer had to be waited for.
    private mutating func resume(_ client: Token, on loop: inout EventLoop) {
        if !clients.contains(client) || clients[client.index].phase != .reading { return }
        loop.setTimer(clients[client.index].socket, at: loop.milliseconds + Self.idleTime)
        loop.setReceiving(clients[client.index].socket, true)
        if let rest = clients[client.index].rest.take() { readRequests(rest, of: client, on: &loop) }
    }

    /// Sends what has been thought about long enough.
    private mutating func sendDue(on loop: inout EventLoop) {
        let due = thinking.prefix { $0.due <= loop.milliseconds }
        thinking.removeFirst(due.count)
        for thought in due where clients.contains(thought.client) {
            send(to: thought.client, on: &loop)
            resume(thought.client, on: &loop)
        }
        if let next = thinking.first { loop.wake(at: next.due) }
    }

    mutating func close(_ client: Token, on loop: inout EventLoop) {
        if !clients.contains(client) { return }
        loop.close(clients[client.index].socket)
        clients.remove(client)
    }
}

extension ServersDriver: LoopDriver {
    mutating func accepted(_ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop) {
        guard let kind = ServerKind(rawValue: Int(listener)),
            let client = clients.insert(ServerClient(socket: socket, kind: kind))
        else { return loop.close(socket) }
        loop.setTag(socket, client.index)
        loop.setTimer(socket, at: loop.milliseconds + Self.idleTime)
        loop.setReceiving(socket, true)
    }

    mutating func received(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        guard let client = clients.token(at: Int(tag)) else { return }
        loop.setTimer(socket, at: loop.milliseconds + Self.idleTime)
        guard let bytes = Pieces.join(clients[tag].rest.take(), buffer) else { return close(client, on: &loop) }
        readRequests(bytes, of: client, on: &loop)
    }

    mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {
        guard isIdle, let client = clients.token(at: Int(tag)) else { return }
        if clients[tag].phase != .sending { return }
        finish(client, on: &loop)
        resume(client, on: &loop)
    }

    mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) { forget(tag, on: &loop) }

    mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        forget(tag, on: &loop)
    }

    mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) { forget(tag, on: &loop) }

    private mutating func forget(_ tag: UInt32, on loop: inout EventLoop) {
        if let client = clients.token(at: Int(tag)) { close(client, on: &loop) }
    }

    mutating func handle(_ message: Message, on loop: inout EventLoop) {
        switch message {
        case .stop: loop.stop()
        }
    }

    mutating func turnEnded(on loop: inout EventLoop) { sendDue(on: &loop) }

    mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {}
    mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
    mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
}
