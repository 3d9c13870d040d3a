// The thread that writes the access log: takes batches from the queue, writes them, and says what was lost.
import Logging
import MartletEventLoop
import Synchronization

/// What the writer and its thread share.
final class AccessLogThread: Sendable {
    let queue: Mutex<LogQueue>
    let wakeUp = Semaphore()
    let done = Semaphore()
    /// Until the thread takes it, whose own it is from then on.
    private let file: Mutex<LogFile?>
    private let log: Logger
    private let reportInterval: Duration

    init(queue: LogQueue, file: consuming LogFile, log: Logger, reportInterval: Duration) {
        self.queue = Mutex(queue)
        self.file = Mutex(file)
        self.log = log
        self.reportInterval = reportInterval
    }

    /// Works until the queue is closed and empty, and closes the file.
    func run() {
        guard let file = file.withLock({ $0.take() }) else { return }
        work(file)
        done.signal()
    }

    private func work(_ file: consuming LogFile) {
        var report = LossReport(interval: reportInterval)
        var isClosed = false
        while !isClosed {
            wakeUp.wait()
            let items: [LogQueue.Item]
            (items, isClosed) = queue.withLock { ($0.takeAll(), $0.isClosed) }
            for item in items {
                report.note(perform(item, &file))
                say(&report)
            }
        }
        say(&report, isLast: true)
    }

    /// Does one thing; what went wrong.
    private func perform(_ item: LogQueue.Item, _ file: inout LogFile) -> SystemError? {
        switch item {
        case .write(let batch, let lines): write(batch, lines, to: &file)
        case .reopen: reopen(&file)
        }
    }

    private func write(_ batch: [UInt8], _ lines: Int, to file: inout LogFile) -> SystemError? {
        let (bytes, error) = file.write(batch) { queue.withLock { $0.isAbandoned } }
        let written = bytes == batch.count ? lines : batch[..<bytes].count { $0 == 0x0A }
        queue.withLock { $0.finished(batch, lines: lines, written: written, failed: error != nil) }
        return error
    }

    private func reopen(_ file: inout LogFile) -> SystemError? {
        do throws(SystemError) {
            try file.reopen()
            return nil
        } catch {
            queue.withLock { $0.reopeningFailed() }
            log.error("access log not opened anew, the old file stays", metadata: ["error": "\(error)"])
            return error
        }
    }

    private func say(_ report: inout LossReport, isLast: Bool = false) {
        let counts = queue.withLock { $0.counts }
        guard let loss = report.due(counts, now: .now, isLast: isLast) else { return }
        var metadata: Logger.Metadata = ["queue_full": "\(loss.refused)", "not_written": "\(loss.lost)"]
        if let error = loss.error { metadata["error"] = "\(error)" }
        log.warning("access log lines lost", metadata: metadata)
    }
}
