// Threads for what takes long, beside the loops.
import MartletEventLoop
import MartletProxy
import Synchronization

/// A few threads that check passwords, or wait for disks, so that however much there is to do, loops have the processor.
final class WorkThreads: Sendable {
    private let count: Int
    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let isStarted = Atomic(false)
    private let isStopped = Atomic(false)
    private let available = Semaphore()

    /// - Parameter count: how many there are.
    init(_ count: Int) { self.count = count }

    /// Starts the threads, once.
    func start() throws(SystemError) {
        if isStarted.exchange(true, ordering: .relaxed) { return }
        for _ in 0..<count { try BackgroundThread.start { self.work() } }
    }

    /// Ends the threads; what waits is not done any more.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        for _ in 0..<count { available.signal() }
    }

    /// Does `job` when the others before it are done. Whoever calls bounds how many wait.
    func add(_ job: @escaping @Sendable () -> Void) {
        jobs.withLock { $0.append(job) }
        available.signal()
    }

    private func work() {
        while true {
            available.wait()
            if isStopped.load(ordering: .relaxed) { return }
            let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            job?()
        }
    }
}

extension WorkThreads: FileWorkers {
    func run(_ job: @escaping @Sendable () -> Void) { add(job) }
}
