// Keeps the addresses of servers with names up to date, on threads that may block.
import Logging
import MartletEventLoop
import MartletTelemetry
import Synchronization

/// Looks names up again and again. A name that does not resolve holds up no other, nor the start.
final class NameResolver: Sendable {
    private static let threadLimit = 8

    private let names: [ServerName]
    private let schedule: Mutex<LookupSchedule>
    private let wakeUp = Semaphore()
    private let isSilent = Mutex(false)
    private let lookUp: @Sendable (ServerName) throws(LookupError) -> [SocketAddress]
    private let changed: @Sendable (_ server: Int, [SocketAddress]) -> Void
    private let log: Logger
    private let began = ContinuousClock.now
    /// Its counters, written under the lock of `schedule`.
    let metrics: LoopMetrics

    /// - Parameters:
    ///   - changed: is told the new addresses of a server, never none.
    ///   - lookUp: asks the system, except in tests.
    init(
        _ names: [ServerName], log: Logger, metrics: LoopMetrics,
        lookUp: @escaping @Sendable (ServerName) throws(LookupError) -> [SocketAddress] = {
            (name) throws(LookupError) in try NameLookup.addresses(of: name.host, port: name.port)
        },
        changed: @escaping @Sendable (_ server: Int, [SocketAddress]) -> Void
    ) {
        self.names = names
        self.log = log
        self.metrics = metrics
        self.lookUp = lookUp
        self.changed = changed
        schedule = Mutex(LookupSchedule(intervals: names.map(\.interval)))
    }

    /// Starts the threads, a few for all names.
    func start() throws(SystemError) {
        for _ in 0..<min(names.count, Self.threadLimit) { try BackgroundThread.start { self.work() } }
    }

    /// Ends the threads, each after the look-up that it is in. Nobody is told anything afterwards.
    func stop() {
        isSilent.withLock { $0 = true }
        schedule.withLock { $0.stop() }
        for _ in 0..<Self.threadLimit { wakeUp.signal() }
    }

    private func work() {
        while true {
            switch schedule.withLock({ $0.next(now: began.duration(to: .now)) }) {
            case .stop: return
            case .wait(let time): _ = wakeUp.wait(for: time)
            case .lookUp(let index): resolve(index)
            }
        }
    }

    private func resolve(_ index: Int) {
        let name = names[index]
        var addresses: [SocketAddress] = []
        var reason = ""
        do throws(LookupError) {
            addresses = try lookUp(name)
        } catch {
            reason = error.description
        }
        let outcome = schedule.withLock { schedule in
            metrics.add(addresses.isEmpty ? .lookupsFailed : .lookupsDone)
            return schedule.finished(index, addresses, now: began.duration(to: .now))
        }
        report(outcome, name, reason)
    }

    private func report(_ outcome: LookupSchedule.Outcome, _ name: ServerName, _ reason: String) {
        switch outcome {
        case .changed(let addresses):
            let isTold = isSilent.withLock { isSilent in
                if !isSilent { changed(name.server, addresses) }
                return !isSilent
            }
            if !isTold { return }
            let list = addresses.map(\.description).joined(separator: " ")
            log.info("server's name resolved", metadata: ["name": "\(name.host)", "addresses": "\(list)"])
        case .failed:
            log.warning(
                "server's name does not resolve; addresses known before stay in use",
                metadata: ["name": "\(name.host)", "error": "\(reason)"])
        case .unchanged, .failedAgain:
            return
        }
    }
}
