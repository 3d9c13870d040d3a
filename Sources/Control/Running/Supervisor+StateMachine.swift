// What signals and ending loops mean for the program as a whole. Pure.
import MartletEventLoop

/// What the supervisor is told.
enum SupervisorEvent: Equatable, Sendable {
    /// SIGTERM or SIGINT, by its number.
    case endSignal(Int32)
    /// The admin API was told to drain.
    case drainOrder
    /// SIGHUP.
    case reloadSignal
    /// SIGUSR1.
    case reopenSignal
    /// SIGUSR2.
    case upgradeSignal
    /// Another process serves now.
    case handedOver
    /// The time for draining is over.
    case drainTimedOut
    /// A loop has ended.
    case loopEnded(ProxyServer.LoopEnd)
    /// All loops have.
    case allEnded
}

/// From serving to the end.
struct SupervisorStateMachine {
    private enum State: Equatable {
        case serving
        case draining
        /// The code is the program's.
        case stopping(code: Int32)
    }

    /// What is to be done about an event.
    enum Action: Equatable {
        case none
        case drain
        case stop(StopReason)
        case reopenLogs
        case reload
        /// It ends: no config comes into force any more.
        case refuseReload
        case upgrade
        /// Drain, as another process serves now.
        case leave
        /// All is over: end with this code.
        case exit(Int32)
    }

    /// Why the loops are stopped before they are drained.
    enum StopReason: Equatable {
        case secondSignal
        case drainTime
        case loopFailed(Int, SystemError)
    }

    private var state = State.serving

    mutating func handle(_ event: SupervisorEvent) -> Action {
        switch event {
        case .endSignal(let number): endSignal(number)
        case .drainOrder: drainOrder()
        case .reloadSignal: state == .serving ? .reload : .refuseReload
        case .reopenSignal: .reopenLogs
        case .upgradeSignal: .upgrade
        case .handedOver: handedOver()
        case .drainTimedOut: drainTimedOut()
        case .loopEnded(let end): loopEnded(end)
        case .allEnded: .exit(exitCode)
        }
    }

    private mutating func endSignal(_ number: Int32) -> Action {
        switch state {
        case .serving:
            state = .draining
            return .drain
        case .draining:
            // As shells have it for a program that a signal ended.
            state = .stopping(code: 128 + number)
            return .stop(.secondSignal)
        case .stopping:
            return .none
        }
    }

    /// It is no second signal: whoever asks twice is not in a hurry.
    private mutating func drainOrder() -> Action {
        switch state {
        case .serving:
            state = .draining
            return .drain
        case .draining, .stopping: return .none
        }
    }

    private mutating func handedOver() -> Action {
        switch state {
        case .serving:
            state = .draining
            return .leave
        case .draining, .stopping: return .none
        }
    }

    private mutating func drainTimedOut() -> Action {
        switch state {
        case .serving, .stopping: return .none
        case .draining:
            state = .stopping(code: ExitStatus.success)
            return .stop(.drainTime)
        }
    }

    /// A loop that fails takes its clients with it; the others drain no more, so that whoever watches the program can
    /// start it anew at once.
    private mutating func loopEnded(_ end: ProxyServer.LoopEnd) -> Action {
        guard let error = end.error else { return .none }
        switch state {
        case .serving, .draining:
            state = .stopping(code: ExitStatus.systemError)
            return .stop(.loopFailed(end.loop, error))
        case .stopping:
            return .none
        }
    }

    private var exitCode: Int32 {
        switch state {
        case .serving, .draining: ExitStatus.success
        case .stopping(let code): code
        }
    }
}
