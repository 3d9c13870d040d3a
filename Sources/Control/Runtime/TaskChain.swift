// Asynchronous work in turn.
import Synchronization

/// Does one thing after the other, in the order in which they came.
final class TaskChain: Sendable {
    private let last = Mutex<Task<Void, Never>?>(nil)

    /// Does `work` when all before it is done.
    func run<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let task = last.withLock { last in
            let previous = last
            let task = Task {
                await previous?.value
                return await work()
            }
            last = Task { _ = await task.value }
            return task
        }
        return await task.value
    }
}
