// How many orders run at the same time.

/// Lets one order of an account run at a time, and a few of all.
actor OrderGate {
    private struct Waiting {
        let id: Int
        let account: String
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let most: Int
    private var running: Set<String> = []
    private var waiting: [Waiting] = []
    private var lastID = 0

    /// - Parameter most: how many orders of different accounts run at a time.
    init(most: Int = 4) { self.most = most }

    /// Runs `body` when its turn has come.
    /// - Throws: what it throws, or `CancellationError` when the task is cancelled while it waits.
    func run<Value: Sendable>(
        _ account: String, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await enter(account)
        defer { leave(account) }
        return try await body()
    }

    private func enter(_ account: String) async throws {
        try Task.checkCancellation()
        if admits(account) {
            running.insert(account)
            return
        }
        lastID += 1
        let id = lastID
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                // The handler may have run before, and found nobody.
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                waiting.append(Waiting(id: id, account: account, continuation: continuation))
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    private func leave(_ account: String) {
        running.remove(account)
        while let index = waiting.firstIndex(where: { admits($0.account) }) {
            let next = waiting.remove(at: index)
            running.insert(next.account)
            next.continuation.resume()
        }
    }

    private func admits(_ account: String) -> Bool { running.count < most && !running.contains(account) }

    private func giveUp(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
