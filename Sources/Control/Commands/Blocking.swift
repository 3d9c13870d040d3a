// From the command line's one thread to asynchronous work.
import Synchronization

/// Runs asynchronous work to its end on behalf of a thread that has nothing else to do.
///
/// The main thread waits, rather than being given up to the runtime, as an asynchronous `main` would have it: debuggers
/// and profilers lose a process whose main thread has ended.
package enum Blocking {
    /// The result of `work`, for which the calling thread waits. Not for threads of Swift concurrency.
    package static func run<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) -> Result {
        let (done, result) = (Semaphore(), Box<Result>())
        Task {
            let value = await work()
            result.value.withLock { $0 = value }
            done.signal()
        }
        done.wait()
        guard let value = result.value.withLock({ $0 }) else { preconditionFailure("signalled without a result") }
        return value
    }

    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
