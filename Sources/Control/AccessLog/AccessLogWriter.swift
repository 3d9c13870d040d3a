// The access log's way out of the process: loops hand over batches, one thread writes them.
import Logging
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import Synchronization

/// Writes the access log without ever keeping a loop waiting: what does not fit the queue is dropped and counted.
///
/// Errors of the file, a full disk or a pipe that nobody reads any more, cost the lines at hand and are counted; the next
/// batch is tried again.
package final class AccessLogWriter: AccessLogSink {
    private let thread: AccessLogThread

    /// - Parameters:
    ///   - destination: a file is created when it is not there, readable for owner and group.
    ///   - queue: how many bytes may wait to be written.
    ///   - log: where losses are reported, at most one line per `reportInterval`.
    /// - Throws: when the file cannot be opened, or the thread cannot be started.
    package init(
        to destination: AccessLogDestination, queue: Int, log: Logger, reportInterval: Duration = .seconds(60)
    ) throws(SystemError) {
        let thread = AccessLogThread(
            queue: LogQueue(capacity: queue), file: try LogFile(destination), log: log, reportInterval: reportInterval)
        try BackgroundThread.start { thread.run() }
        self.thread = thread
    }

    deinit {
        thread.queue.withLock { $0.close() }
        thread.wakeUp.signal()
    }

    /// Queues a batch of whole lines, each with its line feed; `false` when there is no room. Never waits for the file.
    package func submit(_ batch: [UInt8], lines: Int) -> Bool {
        let isQueued = thread.queue.withLock { $0.push(batch, lines: lines) }
        if isQueued { thread.wakeUp.signal() }
        return isQueued
    }

    /// Opens the file anew, after its name has been given to another (log rotation). Lines queued before still go to the
    /// old file; none is lost. If the file cannot be opened, the old one stays.
    package func reopen() {
        thread.queue.withLock { $0.pushReopen() }
        thread.wakeUp.signal()
    }

    /// Takes no more lines, and waits until all are written, at most `time`: what is left then counts as lost.
    /// - Returns: whether all was written, or failed, in time.
    @discardableResult
    package func close(within time: Duration = .seconds(5)) -> Bool {
        thread.queue.withLock { $0.close() }
        thread.wakeUp.signal()
        if thread.done.wait(for: time) {
            // For the next one who closes.
            thread.done.signal()
            return true
        }
        thread.queue.withLock { $0.abandon() }
        return false
    }

    /// What became of the lines so far.
    package var counts: AccessLogCounts { thread.queue.withLock { $0.counts } }
}
