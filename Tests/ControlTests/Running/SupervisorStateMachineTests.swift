import Glibc
import MartletEventLoop
import Testing

@testable import MartletControl

/// Every cell of state × event: what is to be done, and the code that the program then ends with.
@Suite struct SupervisorStateMachineTests {
    private typealias Action = SupervisorStateMachine.Action
    private static let failure = SupervisorEvent.loopEnded(.init(loop: 1, error: .noMemory))
    private static let loopFailed = Action.stop(.loopFailed(1, .noMemory))

    /// The states, by the events that lead to them.
    private enum State: CaseIterable {
        case serving, draining, left, stoppedBySignal, stoppedByTime, stoppedByFailure

        var machine: SupervisorStateMachine {
            var machine = SupervisorStateMachine()
            for event in way { _ = machine.handle(event) }
            return machine
        }

        private var way: [SupervisorEvent] {
            switch self {
            case .serving: []
            case .draining: [.endSignal(SIGTERM)]
            case .left: [.handedOver]
            case .stoppedBySignal: [.endSignal(SIGTERM), .endSignal(SIGTERM)]
            case .stoppedByTime: [.endSignal(SIGTERM), .drainTimedOut]
            case .stoppedByFailure: [SupervisorStateMachineTests.failure]
            }
        }
    }

    private static let cells: [(State, SupervisorEvent, action: Action, code: Int32)] = [
        (.serving, .endSignal(SIGTERM), .drain, 0),
        (.serving, .endSignal(SIGINT), .drain, 0),
        (.serving, .drainOrder, .drain, 0),
        (.serving, .reloadSignal, .reload, 0),
        (.serving, .reopenSignal, .reopenLogs, 0),
        (.serving, .upgradeSignal, .upgrade, 0),
        (.serving, .handedOver, .leave, 0),
        (.serving, .drainTimedOut, .none, 0),
        (.serving, .loopEnded(.init(loop: 1, error: nil)), .none, 0),
        (.serving, failure, loopFailed, 71),
        (.serving, .allEnded, .exit(0), 0),

        (.draining, .endSignal(SIGTERM), .stop(.secondSignal), 143),
        (.draining, .endSignal(SIGINT), .stop(.secondSignal), 130),
        (.draining, .drainOrder, .none, 0),
        (.draining, .reloadSignal, .refuseReload, 0),
        (.draining, .reopenSignal, .reopenLogs, 0),
        (.draining, .upgradeSignal, .upgrade, 0),
        (.draining, .handedOver, .none, 0),
        (.draining, .drainTimedOut, .stop(.drainTime), 0),
        (.draining, .loopEnded(.init(loop: 1, error: nil)), .none, 0),
        (.draining, failure, loopFailed, 71),
        (.draining, .allEnded, .exit(0), 0),

        // Who has been followed drains as everybody does.
        (.left, .endSignal(SIGTERM), .stop(.secondSignal), 143),
        (.left, .handedOver, .none, 0),
        (.left, .drainTimedOut, .stop(.drainTime), 0),
        (.left, .allEnded, .exit(0), 0),

        (.stoppedBySignal, .endSignal(SIGTERM), .none, 143),
        (.stoppedBySignal, .endSignal(SIGINT), .none, 143),
        (.stoppedBySignal, .drainOrder, .none, 143),
        (.stoppedBySignal, .reloadSignal, .refuseReload, 143),
        (.stoppedBySignal, .reopenSignal, .reopenLogs, 143),
        (.stoppedBySignal, .upgradeSignal, .upgrade, 143),
        (.stoppedBySignal, .handedOver, .none, 143),
        (.stoppedBySignal, .drainTimedOut, .none, 143),
        (.stoppedBySignal, .loopEnded(.init(loop: 1, error: nil)), .none, 143),
        (.stoppedBySignal, failure, .none, 143),
        (.stoppedBySignal, .allEnded, .exit(143), 143),

        (.stoppedByTime, .endSignal(SIGTERM), .none, 0),
        (.stoppedByTime, .drainOrder, .none, 0),
        (.stoppedByTime, .drainTimedOut, .none, 0),
        (.stoppedByTime, failure, .none, 0),
        (.stoppedByTime, .allEnded, .exit(0), 0),

        (.stoppedByFailure, .endSignal(SIGTERM), .none, 71),
        (.stoppedByFailure, .drainTimedOut, .none, 71),
        (.stoppedByFailure, failure, .none, 71),
        (.stoppedByFailure, .allEnded, .exit(71), 71),
    ]

    @Test func everyCellIsAsItShouldBe() {
        for (state, event, action, code) in Self.cells {
            var machine = state.machine
            #expect(machine.handle(event) == action, "\(state), \(event)")
            #expect(machine.handle(.allEnded) == .exit(code), "\(state), \(event)")
        }
    }

    /// The table above must not forget a cell of the three states that differ in more than their code.
    @Test func theTableIsComplete() {
        for state in [State.serving, .draining, .stoppedBySignal] {
            #expect(Self.cells.count { $0.0 == state } == 11, "\(state)")
        }
    }
}
