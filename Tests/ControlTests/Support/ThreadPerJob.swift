// Tasks that do not wait for tests.
import MartletTestSupport

/// Runs each part of a task on a thread of its own. Tests that block keep the threads of Swift concurrency for as long
/// as a whole run takes, and what a test waits for must not stand behind them.
final class ThreadPerJob: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        _ = TestThread { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
