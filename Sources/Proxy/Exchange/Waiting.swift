// Exchanges that wait for a server: in order, up to a number, up to a time, and only as long as their clients do.
import MartletBalancing
import MartletEventLoop
import MartletTelemetry

extension ProxyDriver {
    /// How often waiting exchanges are looked at even if nothing is heard of a free place, in milliseconds.
    private static var lookInterval: UInt64 { 20 }
    /// How much longer another loop's exchange must have waited to come before ours, in milliseconds.
    private static var turnSlack: UInt64 { 50 }

    private static func list(_ upstream: Int, _ priority: Priority) -> Int {
        upstream * Priority.allCases.count + Int(priority.rawValue)
    }

    /// Lets an exchange wait; those that have had their turn come first.
    mutating func wait(_ exchange: UInt32, _ cause: WaitCause, first: Bool, on loop: inout EventLoop) {
        let upstream = Int(exchanges[exchange].upstream)
        let settings = upstreamStates[upstream].settings.queue
        if waitTime(cause, upstream) == 0 { return fail(exchange, failure(cause), on: &loop) }
        let isFull = !upstreamLoads.take(.waiting, upstream, limit: first ? .max : settings.size)
        if isFull {
            metrics.add(.queueOverflows)
            return fail(exchange, .queueFull, on: &loop)
        }
        if exchanges[exchange].waitingSince == 0 {
            exchanges[exchange].waitingSince = loop.milliseconds
            metrics.add(.queueEntered)
        }
        exchanges[exchange].phase = .waiting
        exchanges[exchange].times.queued = loop.nanoseconds
        metrics.increment(.exchangesWaiting)
        if head(upstream) == nil && limitedUpstreams.contains(upstream) { askForIdle() }
        upstreamStates[upstream].waitCause = cause
        waiting.insert(
            exchange, list: Self.list(upstream, exchanges[exchange].priority), since: exchanges[exchange].waitingSince,
            first: first)
        if !waitingUpstreams.contains(upstream) { waitingUpstreams.append(upstream) }
        publishTurn(upstream)
        loop.wake(at: loop.milliseconds + Self.lookInterval)
    }

    private func waitTime(_ cause: WaitCause, _ upstream: Int) -> UInt64 {
        switch cause {
        case .saturated: upstreamStates[upstream].settings.queue.saturatedTime
        case .noServer: upstreamStates[upstream].settings.queue.noServerTime
        }
    }

    private func failure(_ cause: WaitCause) -> FailureKind {
        switch cause {
        case .saturated: .saturated
        case .noServer: .noServer
        }
    }

    /// The exchange waits no longer, for whatever reason.
    mutating func leaveQueue(_ exchange: UInt32) {
        if waiting.count == 0 || !waiting.remove(exchange) { return }
        let upstream = Int(exchanges[exchange].upstream)
        upstreamLoads.giveBack(.waiting, upstream)
        metrics.decrement(.exchangesWaiting)
        publishTurn(upstream)
    }

    /// Whose turn it is.
    private func head(_ upstream: Int) -> UInt32? {
        for priority in Priority.allCases {
            if let first = waiting.first(of: Self.list(upstream, priority)) { return first }
        }
        return nil
    }

    /// When it is an exchange's turn among all loops': by priority, and then by when it came. The upper bits hold the
    /// priority; milliseconds never reach them.
    private func turn(_ exchange: UInt32) -> UInt64 {
        UInt64(exchanges[exchange].priority.rawValue) << 56 | waiting.since(exchange)
    }

    private func publishTurn(_ upstream: Int) {
        upstreamLoads.setTurn(upstream, loop: number, head(upstream).map { turn($0) } ?? 0)
    }

    /// The loop whose exchange comes before those of this one, if any does.
    func loopBefore(_ upstream: Int) -> Int? {
        if upstreamLoads.read(.waiting, upstream) == 0 { return nil }
        guard let head = head(upstream) else { return upstreamLoads.loopBefore(upstream, turn: .max, butFor: number) }
        let slack = min(waiting.since(head), Self.turnSlack)
        return upstreamLoads.loopBefore(upstream, turn: turn(head) - slack, butFor: number)
    }

    /// Lets the other loops give up idle connections (`yieldIdle`).
    private func askForIdle() {
        for loop in neighbours.indices where loop != number { tell(loop, .serveWaiting) }
    }

    /// A place has become free. This loop serves its own at the end of the turn; another one has to be told.
    mutating func wakeWaiting(_ upstream: Int) {
        if upstreamLoads.read(.waiting, upstream) == 0 || head(upstream) != nil { return }
        if let other = loopBefore(upstream) { tell(other, .serveWaiting) }
    }

    func tell(_ loop: Int, _ message: Message) {
        if loop < neighbours.count { neighbours[loop].post(message) }
    }

    /// Serves those who wait, as far as there are places; at the end of each turn.
    mutating func serveWaiting(on loop: inout EventLoop) {
        if waitingUpstreams.isEmpty { return }
        var place = 0
        while place < waitingUpstreams.count {
            let upstream = waitingUpstreams[place]
            expire(upstream, on: &loop)
            serve(upstream, on: &loop)
            if head(upstream) == nil { waitingUpstreams.remove(at: place) } else { place += 1 }
        }
        if !waitingUpstreams.isEmpty { loop.wake(at: loop.milliseconds + Self.lookInterval) }
    }

    private mutating func expire(_ upstream: Int, on loop: inout EventLoop) {
        let cause = upstreamStates[upstream].waitCause
        let limit = waitTime(cause, upstream)
        for priority in Priority.allCases {
            while let first = waiting.first(of: Self.list(upstream, priority)),
                loop.milliseconds - waiting.since(first) >= limit
            {
                metrics.add(.queueTimeouts)
                noteWait(first, now: loop.nanoseconds)
                fail(first, failure(cause), on: &loop)
            }
        }
    }

    /// The upstream is gone: nobody is served there any more.
    mutating func failWaiting(_ upstream: Int, on loop: inout EventLoop) {
        while let exchange = head(upstream) { fail(exchange, .noServer, on: &loop) }
    }

    private mutating func serve(_ upstream: Int, on loop: inout EventLoop) {
        let isProbing = upstreamStates[upstream].outage.isOn
        if isProbing && !upstreamStates[upstream].outage.takesTurn(now: loop.milliseconds) { return }
        while let exchange = head(upstream) {
            if let other = loopBefore(upstream) { return tell(other, .serveWaiting) }
            let claim = claim(exchange, on: &loop)
            switch claim {
            case .idle, .shared, .fresh:
                leaveQueue(exchange)
                noteWait(exchange, now: loop.nanoseconds)
                start(claim, exchange, on: &loop)
            case .saturated:
                upstreamStates[upstream].waitCause = .saturated
                return
            case .nobody:
                upstreamStates[upstream].waitCause = .noServer
                return
            }
            // One is enough to find out whether a server can be reached again.
            if isProbing || upstreamStates[upstream].outage.isOn { return }
        }
    }

    /// An exchange has waited long enough, or in vain.
    private mutating func noteWait(_ exchange: UInt32, now: UInt64) {
        let waited = now - exchanges[exchange].times.queued
        exchanges[exchange].times.waited += waited
        metrics.record(.queueWait, waited / 1_000)
    }

    /// No server can be reached: the exchange waits until one can.
    mutating func waitForServer(_ exchange: UInt32, _ failure: FailureKind, on loop: inout EventLoop) {
        let upstream = Int(exchanges[exchange].upstream)
        if upstreamStates[upstream].settings.queue.noServerTime == 0 { return fail(exchange, failure, on: &loop) }
        upstreamStates[upstream].outage.begin(now: loop.milliseconds)
        exchanges[exchange].attempts = 0
        exchanges[exchange].tried = TriedServers()
        wait(exchange, .noServer, first: true, on: &loop)
    }
}
