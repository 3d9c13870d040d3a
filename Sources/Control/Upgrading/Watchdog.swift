// Telling the service manager that the process is alive, as long as it gets on.
import Glibc
import Logging

/// Has all loops answer twice in the time that the service manager gives, and tells it so.
struct Watchdog: Sendable {
    /// Half of what the manager waits before it takes the process for dead.
    let interval: Duration

    /// As WATCHDOG_USEC says; `nil` when nobody watches this process.
    static var ofProcess: Watchdog? {
        Watchdog(
            microseconds: ProcessEnvironment.value("WATCHDOG_USEC"),
            process: ProcessEnvironment.value("WATCHDOG_PID"), ownID: getpid())
    }

    init?(microseconds: String?, process: String?, ownID: Int32) {
        guard let microseconds = microseconds.flatMap({ Int64($0) }), microseconds > 0 else { return nil }
        if let process, process != "\(ownID)" { return nil }
        interval = .microseconds(microseconds / 2)
    }

    /// Tells it until the task is cancelled.
    /// - Parameter ping: whether all loops answer in time.
    func run(
        _ notifier: ServiceNotifier, log: Logger, ping: @Sendable (_ limit: Duration) async -> Bool
    ) async {
        var isStuck = false
        while !Task.isCancelled {
            let began = ContinuousClock.now
            if await ping(interval) {
                notifier.alive()
                if isStuck { log.notice("all event loops answer again") }
                isStuck = false
            } else if !Task.isCancelled, !isStuck {
                isStuck = true
                log.error(
                    "an event loop does not answer: the service manager's watchdog is not told that all is well",
                    metadata: ["after": "\(interval)"])
            }
            try? await Task.sleep(until: began + interval, clock: .continuous)
        }
    }
}
