// A client with a few connections on one loop: the demo's own traffic. How answers are read stands in
// TrafficDriver+Answers.swift.
import MartletEventLoop
import MartletHTTP1
import MartletHTTPCore
import Synchronization

/// How far it has come, for whoever shows it.
final class TrafficProgress: Sendable {
    private let count = Atomic<Int>(0)
    /// How many requests are over, answered or not.
    var over: Int { count.load(ordering: .relaxed) }
    func set(_ over: Int) { count.store(over, ordering: .relaxed) }
}

/// The client.
struct TrafficDriver: ~Copyable {
    /// What the loop may be told.
    enum Message: Sendable {
        case stop
    }

    static let limits = HeadLimits(headBytes: 32 << 10)
    /// After so many losses there is nothing more to learn.
    static let lossLimit = 1_000

    let plan: TrafficPlan
    let address: SocketAddress
    let progress: TrafficProgress
    /// What every connection sends.
    let request: [UInt8]
    var connections: Slab<TrafficConnection>
    var head = ResponseHead(fieldCapacity: Self.limits.fields)
    var tally: Tally
    /// Requests that have been begun.
    var begun = 0
    /// When it began, and when something was answered last, in milliseconds.
    private let start: UInt64
    var lastAnswer: UInt64

    init(_ plan: TrafficPlan, to address: SocketAddress, host: String, progress: TrafficProgress, now: UInt64) {
        self.plan = plan
        self.address = address
        self.progress = progress
        connections = Slab(limit: plan.connections)
        request = Array("GET / HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: martlet-demo\r\nAccept: */*\r\n\r\n".utf8)
        tally = Tally(wanted: plan.requests)
        start = now
        lastAnswer = now
    }

    /// Opens the connections.
    mutating func begin(on loop: inout EventLoop) {
        for index in 0..<plan.connections { connect(index, on: &loop) }
        loop.wake(at: nextCheck)
    }

    /// Makes a connection for its next request, if there is one.
    mutating func connect(_ index: Int, on loop: inout EventLoop) {
        if begun >= plan.requests { return }
        begun += 1
        do throws(SystemError) {
            let socket = try loop.connect(to: address, tag: .max)
            guard let token = connections.insert(TrafficConnection(socket: socket, index: index)) else {
                loop.close(socket)
                throw SystemError.tooManyDescriptors
            }
            loop.setTag(socket, token.index)
        } catch {
            // Not tried again: what cannot be told apart from a failure at once will not get better at once.
            tally.countLoss("\(error)")
        }
    }

    /// Sends the request that the connection has begun.
    mutating func sendRequest(_ tag: UInt32, on loop: inout EventLoop) {
        let socket = connections[tag].socket
        let bytes = request
        guard let request = loop.pool.copy(bytes.span) else {
            return lose(tag, "no memory", on: &loop)
        }
        connections[tag].state = .waiting
        connections[tag].began = loop.nanoseconds
        loop.setReceiving(socket, true)
        _ = loop.send(request, on: socket)
    }

    /// The connection's request will not be answered; another connection takes its place.
    mutating func lose(_ tag: UInt32, _ reason: String, on loop: inout EventLoop) {
        let index = connections[tag].index
        if case .pausing = connections[tag].state {} else { tally.countLoss(reason) }
        drop(tag, on: &loop)
        connect(index, on: &loop)
    }

    /// Closes a connection.
    mutating func drop(_ tag: UInt32, on loop: inout EventLoop) {
        loop.close(connections[tag].socket)
        if let token = connections.token(at: Int(tag)) { connections.remove(token) }
    }

    private var nextCheck: UInt64 { min(lastAnswer + TrafficPlan.patience, start.addingClamped(plan.time)) }

    /// Ends when all is over, or cannot come to an end.
    private mutating func endIfOver(on loop: inout EventLoop) {
        let now = loop.milliseconds
        if connections.count == 0 || tally.lost >= Self.lossLimit {
            loop.stop()
        } else if now >= start.addingClamped(plan.time) {
            end(.overtime, on: &loop)
        } else if now >= lastAnswer + TrafficPlan.patience {
            end(.silence, on: &loop)
        } else {
            loop.wake(at: nextCheck)
        }
    }

    private mutating func end(_ ending: Tally.Ending, on loop: inout EventLoop) {
        tally.ending = ending
        loop.stop()
    }
}

extension TrafficDriver: LoopDriver {
    mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) { sendRequest(tag, on: &loop) }

    mutating func received(_ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop) {
        guard let bytes = Pieces.join(connections[tag].rest.take(), buffer) else {
            return lose(tag, "a head that is too large", on: &loop)
        }
        readAnswer(bytes, tag, on: &loop)
    }

    mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        lose(tag, "the connection was closed", on: &loop)
    }

    mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        lose(tag, "\(error)", on: &loop)
    }

    mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        sendRequest(tag, on: &loop)
    }

    mutating func handle(_ message: Message, on loop: inout EventLoop) {
        switch message {
        case .stop: end(.interrupted, on: &loop)
        }
    }

    mutating func turnEnded(on loop: inout EventLoop) {
        progress.set(tally.answered + tally.lost)
        endIfOver(on: &loop)
    }

    mutating func accepted(_ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop) {}
    mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {}
    mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {}
    mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
}

extension UInt64 {
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
