// Asking all loops something, and waiting for what they say, but not for ever.
import Synchronization

/// Collects answers until all have come or the time is over.
final class Gathering<Answer: Sendable>: Sendable {
    private struct State {
        var answers: [Answer] = []
        var isOver = false
        var waiting: CheckedContinuation<[Answer]?, Never>?
    }

    private let count: Int
    private let state = Mutex(State())
    private let discard: @Sendable (Answer) -> Void

    /// - Parameters:
    ///   - count: how many answers there will be.
    ///   - discard: is given each answer that comes too late, or to somebody who has given up.
    init(_ count: Int, discard: @escaping @Sendable (Answer) -> Void = { _ in }) {
        self.count = count
        self.discard = discard
    }

    func add(_ answer: Answer) {
        let (isLate, waiting, answers) = state.withLock { state in
            if state.isOver { return (true, CheckedContinuation<[Answer]?, Never>?.none, [Answer]()) }
            state.answers.append(answer)
            if state.answers.count < count { return (false, nil, []) }
            let waiting = state.waiting
            state.waiting = nil
            return (false, waiting, state.answers)
        }
        if isLate { discard(answer) }
        waiting?.resume(returning: answers)
    }

    /// All answers; `nil` when one of them has not come in time. To be called once.
    func all(within limit: Duration) async -> [Answer]? {
        let timer = Task {
            try? await Task.sleep(for: limit)
            giveUp()
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let isComplete = state.withLock { state in
                if state.answers.count >= count || state.isOver { return true }
                state.waiting = continuation
                return false
            }
            if isComplete { continuation.resume(returning: outcome) }
        }
    }

    private var outcome: [Answer]? { state.withLock { $0.answers.count >= count ? $0.answers : nil } }

    private func giveUp() {
        let (waiting, answers) = state.withLock { state in
            if state.isOver || state.answers.count >= count {
                return (CheckedContinuation<[Answer]?, Never>?.none, [Answer]())
            }
            state.isOver = true
            defer { (state.waiting, state.answers) = (nil, []) }
            return (state.waiting, state.answers)
        }
        for answer in answers { discard(answer) }
        waiting?.resume(returning: nil)
    }
}
