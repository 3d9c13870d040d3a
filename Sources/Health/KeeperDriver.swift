// The keeper of the servers' health on a loop of its own: one for a process. How checks are made stands in
// KeeperDriver+Checks.swift; what is decided, in MartletBalancing.
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletTelemetry

/// Makes the checks that are due, and tells what has come of them and of what the loops have noticed.
package struct KeeperDriver: ~Copyable {
    /// What other threads may tell the keeper.
    package enum Message: Sendable {
        /// A loop has noticed something.
        case notice(ServerNotice)
        /// A server's name has these addresses now. Never none.
        case addresses(server: Int, [SocketAddress])
        /// The operator wants something else of a server.
        case setState(server: Int, OperatorState)
        /// Other servers, or the same in another way, are watched from now on, and others are told. The closure is called when that
        /// is so, on the keeper's thread.
        case plan(KeeperPlan, any KeeperAudience, @Sendable () -> Void)
        /// Somebody wants to know how all servers are.
        case report(@Sendable ([ServerReport]) -> Void)
        /// Somebody wants to tell another process of all servers.
        case records(@Sendable ([(server: Int, record: HealthRecord)]) -> Void)
        /// End now.
        case stop
    }

    /// Checks at a time: others wait, so that thousands of servers do not need thousands of descriptors.
    package static let checkLimit = 64
    /// Sockets that the loop needs.
    package static let socketLimit = checkLimit
    /// Memory for buffers that the loop needs: a large one for each check.
    package static let bufferBytes = 16 << 20

    var plan: KeeperPlan
    var audience: any KeeperAudience
    let metrics: LoopMetrics
    var keeper: KeeperStateMachine
    var addresses: [[SocketAddress]]
    /// The address that each server was asked at last.
    var turns: [Int]
    var connections = Slab<CheckConnection>(limit: Self.checkLimit)
    var head = ResponseHead(fieldCapacity: HTTPCheckReader.limits.fields)

    /// - Parameters:
    ///   - now: milliseconds on the loop's clock.
    ///   - seed: where chance begins.
    package init(
        _ plan: KeeperPlan, _ loads: ServerLoads, audience: any KeeperAudience, metrics: LoopMetrics,
        start: (now: UInt64, seed: UInt64)
    ) {
        self.plan = plan
        self.audience = audience
        self.metrics = metrics
        keeper = KeeperStateMachine(plan.upstreams, loads, seed: start.seed, now: start.now)
        addresses = plan.addresses
        turns = Array(repeating: 0, count: plan.addresses.count)
        for server in keeper.servers where !server.isGone {
            metrics.increment(.state(server.standing.state), server: server.facts.server)
        }
    }

    /// Makes the first checks; before the loop runs.
    package mutating func begin(on loop: inout EventLoop) { work(on: &loop) }

    /// Does all that is due, and has the loop come again for what is next.
    mutating func work(on loop: inout EventLoop) {
        expire(on: &loop)
        while connections.count < Self.checkLimit, let order = keeper.takeCheck(now: loop.milliseconds) {
            start(order, on: &loop)
        }
        settle(on: &loop)
        if let next = keeper.nextTime { loop.wake(at: next) }
        if connections.count < Self.checkLimit, let next = keeper.nextCheck { loop.wake(at: next) }
        if let next = nextDeadline { loop.wake(at: next) }
    }

    mutating func settle(on loop: inout EventLoop) {
        for action in keeper.settle(now: loop.milliseconds) { perform(action) }
    }

    private func perform(_ action: KeeperAction) {
        switch action {
        case .publish(let upstream, let roster): audience.publish(upstream: upstream, roster)
        case .changed(let change):
            metrics.decrement(.state(change.from), server: change.server)
            metrics.increment(.state(change.to), server: change.server)
            metrics.add(.stateChanges, server: change.server)
            if change.to == .ejected { metrics.add(.ejections, server: change.server) }
            audience.changed(change)
        case .down(let server): audience.serverDown(server)
        case .drainExpired(let server): audience.drainExpired(server)
        case .tier(let upstream, let from, let to):
            if to == .panic {
                metrics.add(.panics)
                metrics.increment(.upstreamsInPanic)
            } else if from == .panic {
                metrics.decrement(.upstreamsInPanic)
            }
            audience.tierChanged(upstream: upstream, from: from, to: to)
        }
    }
}

extension KeeperDriver: LoopDriver {
    package mutating func connected(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        checkConnected(tag, on: &loop)
    }

    package mutating func received(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, loop: inout EventLoop
    ) {
        read(buffer.bytes, tag, on: &loop)
    }

    package mutating func receiveEnded(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {
        readEnd(tag, on: &loop)
    }

    package mutating func failed(_ socket: Token, tag: UInt32, error: SystemError, on loop: inout EventLoop) {
        finish(tag, .failed(reason(tag, error, on: &loop)), on: &loop)
    }

    package mutating func handle(_ message: Message, on loop: inout EventLoop) {
        switch message {
        case .notice(let notice): keeper.note(notice, now: loop.milliseconds)
        case .plan(let new, let audience, let reply):
            adopt(new, audience, on: &loop)
            reply()
        case .addresses(let server, let new):
            if !addresses.indices.contains(server) { return }
            addresses[server] = new
            keeper.note(.resolved(server: server), now: loop.milliseconds)
        case .setState(let server, let wanted): keeper.setState(server, wanted, now: loop.milliseconds)
        case .report(let reply):
            // What it was told in this turn shall be seen.
            settle(on: &loop)
            reply(keeper.report(now: loop.milliseconds))
        case .records(let reply):
            settle(on: &loop)
            reply(keeper.records(now: loop.milliseconds))
        case .stop: loop.stop()
        }
    }

    package mutating func turnEnded(on loop: inout EventLoop) { work(on: &loop) }

    package mutating func accepted(
        _ socket: Token, by listener: UInt32, from peer: PeerAddress, on loop: inout EventLoop
    ) {}
    package mutating func acceptFailed(_ error: SystemError, by listener: UInt32, on loop: inout EventLoop) {}
    package mutating func sent(
        _ buffer: consuming Buffer, on socket: Token, tag: UInt32, isIdle: Bool, loop: inout EventLoop
    ) {}
    package mutating func timerExpired(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
    package mutating func starved(_ socket: Token, tag: UInt32, on loop: inout EventLoop) {}
}
