// A try has failed: is there another one?
import MartletBalancing
import MartletEventLoop
import MartletTelemetry

/// What is due for an exchange at a time.
enum Due: UInt32 {
    case retry, hedge, verdict, file
}

extension ProxyDriver {
    /// A try came to nothing before a response's head. The server is left; the request goes to another one if it may, waits,
    /// or fails.
    mutating func tryFailed(
        _ exchange: UInt32, _ kind: TryFailure, _ failure: FailureKind, on loop: inout EventLoop
    ) {
        // What the server has left alone, as it says, is as good as unsent (RFC 9113 section 8.7).
        let isUnsent = isUnsent(exchange, on: &loop) || failure == .streamUnprocessed
        if exchanges[exchange].flags.contains(.isSampled) { noteTryFailure(exchange, failure) }
        dropTry(of: exchange, on: &loop)
        if exchanges[exchange].hedge != .max { return promoteHedge(exchange, on: &loop) }
        switch decide(exchange, kind, isUnsent: isUnsent, now: loop.milliseconds) {
        case .now: retry(exchange, on: &loop)
        case .afterPause: pause(exchange, on: &loop)
        case .waitForServer where failure.isLasting: fail(exchange, failure, on: &loop)
        case .waitForServer: waitForServer(exchange, failure, on: &loop)
        case .never: fail(exchange, failure, on: &loop)
        }
    }

    /// Another try instead of the current one, which goes on if there is to be none; whether there is one.
    mutating func replaceTry(_ exchange: UInt32, _ kind: TryFailure, on loop: inout EventLoop) -> Bool {
        guard let decision = replacement(exchange, kind, on: &loop) else { return false }
        replaceTry(exchange, decision, on: &loop)
        return true
    }

    /// How another try may take the place of the current one; `nil` if none may. Then the current one has to go on, as
    /// there is nothing better.
    mutating func replacement(
        _ exchange: UInt32, _ kind: TryFailure, on loop: inout EventLoop
    ) -> RetryDecision? {
        if exchanges[exchange].hedge != .max { return .now }
        switch decide(exchange, kind, isUnsent: false, now: loop.milliseconds) {
        case .never, .waitForServer: return nil
        case .now: return .now
        case .afterPause: return .afterPause
        }
    }

    /// Leaves the current try for another one.
    mutating func replaceTry(_ exchange: UInt32, _ decision: RetryDecision, on loop: inout EventLoop) {
        dropTry(of: exchange, on: &loop)
        if exchanges[exchange].hedge != .max { return promoteHedge(exchange, on: &loop) }
        if decision == .now { retry(exchange, on: &loop) } else { pause(exchange, on: &loop) }
    }

    private mutating func decide(
        _ exchange: UInt32, _ kind: TryFailure, isUnsent: Bool, now: UInt64
    ) -> RetryDecision {
        // A copy is sent once, whatever becomes of it.
        if exchanges[exchange].flags.contains(.isMirror) { return .never }
        let upstream = Int(exchanges[exchange].upstream)
        let settings = upstreamStates[upstream].settings.retry
        var facts = TryFacts(kind, tries: Int(exchanges[exchange].attempts), limit: Int(settings.attempts))
        facts.isKept = isKept(exchange)
        facts.isRepeatable = isRepeatable(exchange, upstream)
        facts.isUnsent = isUnsent
        facts.hasOther = hasOther(exchange)
        var isRefused = false
        let decision = RetryDecision.decide(facts) {
            let isTaken =
                upstreamStates[upstream].budget.take(
                    now: now, percent: settings.budgetPercent, floor: settings.budgetFloor)
                && takeRetry(exchange, upstream)
            isRefused = !isTaken
            return isTaken
        }
        if isRefused { metrics.add(.retriesRefused) }
        return decision
    }

    /// Whether there is a server that has not been tried.
    func hasOther(_ exchange: UInt32) -> Bool {
        let tried = exchanges[exchange].tried.count { serverStates[$0].isMember }
        return upstreamStates[Int(exchanges[exchange].upstream)].members > tried
    }

    /// Counts the exchange among those that are being retried; `false` at the limit.
    mutating func takeRetry(_ exchange: UInt32, _ upstream: Int) -> Bool {
        let limit = upstreamStates[upstream].settings.breaker.retries
        if limit == .max || exchanges[exchange].flags.contains(.isRetrying) { return true }
        if !upstreamLoads.take(.retries, upstream, limit: limit) { return false }
        exchanges[exchange].flags.insert(.isRetrying)
        return true
    }

    /// The exchange is over: it is no longer among those that are being retried.
    mutating func endRetrying(_ exchange: UInt32) {
        if !exchanges[exchange].flags.contains(.isRetrying) { return }
        exchanges[exchange].flags.remove(.isRetrying)
        upstreamLoads.giveBack(.retries, Int(exchanges[exchange].upstream))
    }

    private mutating func retry(_ exchange: UInt32, on loop: inout EventLoop) {
        metrics.add(.retries)
        exchanges[exchange].phase = .connecting
        dispatch(exchange, on: &loop)
    }

    private mutating func pause(_ exchange: UInt32, on loop: inout EventLoop) {
        let settings = upstreamStates[Int(exchanges[exchange].upstream)].settings.retry
        let pause = RetryDecision.pause(
            tries: Int(exchanges[exchange].attempts), base: settings.pause, longest: settings.longestPause,
            random: random.next())
        exchanges[exchange].phase = .waiting
        if pause == 0 || !schedule(.retry, exchange, after: pause, on: &loop) { retry(exchange, on: &loop) }
    }

    /// Lets something be done for an exchange after some milliseconds; `false` when there is no room to remember it.
    mutating func schedule(_ due: Due, _ exchange: UInt32, after pause: UInt64, on loop: inout EventLoop) -> Bool {
        guard let token = exchanges.token(at: Int(exchange)) else { return false }
        let time = loop.milliseconds + pause
        let purpose = due.rawValue << 8 | UInt32(exchanges[exchange].attempts)
        if !deadlines.insert(time, token: token.bits, purpose: purpose) { return false }
        loop.wake(at: time)
        return true
    }

    /// Does what is due; at the end of each turn.
    mutating func serveDeadlines(on loop: inout EventLoop) {
        if deadlines.count == 0 { return }
        while let entry = deadlines.popDue(loop.milliseconds) {
            let token = Token(bits: entry.token)
            // Whatever the exchange has done meanwhile, it is no longer what this was for.
            if !exchanges.contains(token) || UInt32(exchanges[token.index].attempts) != entry.purpose & 0xFF {
                continue
            }
            switch Due(rawValue: entry.purpose >> 8) {
            case .retry: if isPausing(token.index) { retry(token.index, on: &loop) }
            case .hedge: hedge(token.index, on: &loop)
            case .verdict: admissionTimedOut(token.index, on: &loop)
            case .file: fileTimedOut(token.index, on: &loop)
            case nil: preconditionFailure("nothing of the kind is ever due")
            }
        }
        if let next = deadlines.next { loop.wake(at: next) }
    }

    /// Waits for its pause to be over, rather than in a queue.
    private func isPausing(_ exchange: UInt32) -> Bool {
        exchanges[exchange].phase == .waiting && waiting.list(of: exchange) == nil
            && exchanges[exchange].failure == nil
    }

    // MARK: The request

    /// Whether not a byte of the request has left on the current connection. What waits there is taken back.
    private mutating func isUnsent(_ exchange: UInt32, on loop: inout EventLoop) -> Bool {
        let connection = exchanges[exchange].connection
        if connection == .max { return true }
        let socket = servers[connection].socket
        if exchanges[exchange].request == nil && exchanges[exchange].flags.contains(.replayable) {
            exchanges[exchange].request = loop.takeUnsent(socket)
        }
        return servers[connection].state == .connecting
            || loop.hasSentNothing(since: servers[connection].sentBefore, on: socket)
    }

    /// Whether the request is there to be sent again.
    func isKept(_ exchange: UInt32) -> Bool {
        exchanges[exchange].flags.contains(.isTunnel) || exchanges[exchange].request != nil
            || exchanges[exchange].replay.isComplete
    }
}
