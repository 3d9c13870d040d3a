// Waiting for what others say, on their own threads, when they are told something.
import Synchronization

/// The answers of several, each of whom answers once.
final class Answers<Answer: Sendable>: Sendable {
    private struct State {
        var answers: [Answer?]
        var missing: Set<Int>
        var continuation: CheckedContinuation<[Answer?], Never>?
    }

    /// How long is slept at a time: the system keeps what belongs to a sleep until its time is over, also when it was called off.
    private static var step: Duration { .milliseconds(100) }

    private let state: Mutex<State>

    /// - Parameter count: how many are asked.
    init(_ count: Int) {
        state = Mutex(State(answers: Array(repeating: nil, count: count), missing: Set(0..<count)))
    }

    /// One has answered; from any thread.
    func give(_ place: Int, _ answer: Answer) {
        settle { state in
            if state.missing.remove(place) != nil { state.answers[place] = answer }
        }
    }

    /// All of them, when there are all; `nil` for those that have not come in time.
    func all(within time: Duration) async -> [Answer?] {
        let timer = Task {
            let end = ContinuousClock.now + time
            while !Task.isCancelled && ContinuousClock.now < end {
                try? await Task.sleep(for: min(Self.step, ContinuousClock.now.duration(to: end)))
            }
            settle { $0.missing = [] }
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            settle { $0.continuation = continuation }
        }
    }

    private func settle(_ change: (inout sending State) -> Void) {
        let (continuation, answers) = state.withLock { state in
            change(&state)
            guard state.missing.isEmpty else { return (CheckedContinuation<[Answer?], Never>?.none, state.answers) }
            defer { state.continuation = nil }
            return (state.continuation, state.answers)
        }
        continuation?.resume(returning: answers)
    }
}

/// Lets one after the other in.
final class Turns: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Returns when it is the caller's turn, which `leave` ends.
    func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if !state.isTaken {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
