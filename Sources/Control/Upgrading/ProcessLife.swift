// The life of the process around a proxy: who was there before it, who watches over it, and who comes after it.
import Glibc
import Logging
import MartletEventLoop
import MartletProxyConfig
import Synchronization

/// What happens besides serving when the process begins, is followed by another, and ends.
package final class ProcessLife: Sendable {
    /// How long a process that follows another one waits until all is known of its servers.
    private static let warmUpTime = Duration.seconds(5)
    /// How long its loops may take to run.
    private static let loopTime = Duration.seconds(10)

    private let server: ProxyServer
    private let notifier: ServiceNotifier
    private let watchdog: Watchdog?
    private let pidFile: PidFile?
    private let upgrader: Upgrader
    private let log: Logger
    private let feeding = Mutex<Task<Void, Never>?>(nil)
    private let isEnding = Atomic(false)

    package init(
        _ server: ProxyServer, _ configuration: Configuration, command: ProgramCommand, pidFile: PidFile?, log: Logger
    ) {
        self.server = server
        self.log = log
        self.pidFile = pidFile
        notifier = ServiceNotifier.ofProcess(log)
        watchdog = Watchdog.ofProcess
        upgrader = Upgrader(
            server, command: command, limit: configuration.timeouts.upgrade, notifier: notifier, log: log)
    }

    /// For who reloads.
    package var service: ServiceNotifier { notifier }

    /// What `service.ready` says.
    package var status: String {
        "Serving on " + server.addresses.map(\.description).joined(separator: ", ")
    }

    /// Before the proxy is prepared and started.
    func prepare() async {
        guard let predecessor = server.inheritance.predecessor else { return }
        await server.operation.now.certificates.hold()
        for fault in server.resume(predecessor.note) {
            log.warning(
                "the process before this one has handed over something that makes no sense, and is not heeded",
                metadata: ["what": "\(fault)"])
        }
    }

    /// After the proxy has been started. When this returns, clients are served.
    func begin() async throws(StartError) {
        if let predecessor = server.inheritance.predecessor { try await follow(predecessor) }
        notifier.ready(status)
        guard let watchdog else { return }
        let (notifier, log, server) = (notifier, log, server)
        feeding.withLock {
            $0 = Task { [self] in
                await watchdog.run(notifier, log: log) { limit in
                    // Loops that have come to their end answer no more.
                    if isEnding.load(ordering: .relaxed) { return true }
                    return await server.ping(within: limit)
                }
            }
        }
    }

    private func follow(_ predecessor: Predecessor) async throws(StartError) {
        await server.warmUp(within: Self.warmUpTime)
        guard await server.ping(within: Self.loopTime) else {
            throw StartError.inheritance("an event loop does not answer: the process before this one goes on")
        }
        do throws(SystemError) {
            try predecessor.announce()
        } catch {
            log.warning("the process before this one is gone", metadata: ["error": "\(error)"])
        }
        await Self.wait { predecessor.waitForWord() }
        server.admit()
        if predecessor.note.confirms {
            guard await server.ping(within: Self.loopTime) else {
                throw StartError.inheritance("an event loop does not accept: the process before this one goes on")
            }
            predecessor.confirm()
            await Self.wait { predecessor.waitForWord() }
        }
        predecessor.inheritErrors()
        await server.takeOver()
        writePidFile()
        log.notice(
            "this process has taken over",
            metadata: [
                "before": "\(predecessor.note.process)", "version": "\(MartletVersion.string)",
                "version_before": "\(predecessor.note.program)",
            ])
    }

    private func writePidFile() {
        guard let pidFile else { return }
        do throws(SystemError) {
            try pidFile.write()
        } catch {
            log.error("the pid file cannot be written", metadata: ["file": "\(pidFile.path)", "error": "\(error)"])
        }
    }

    /// Waits for what blocks.
    private static func wait(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = {
                body()
                continuation.resume()
            }
            do throws(SystemError) { try BackgroundThread.start(work) } catch { work() }
        }
    }

    /// Has another process follow this one; its id. This one has to drain then.
    package func upgrade() async throws(UpgradeFailure) -> Int32 {
        let process = try await upgrader.upgrade()
        isEnding.store(true, ordering: .relaxed)
        return process
    }

    /// The upgrade that is going on, or the last one.
    var progress: UpgradeProgress { upgrader.progress }

    /// Has the config read anew, of which the service manager is told.
    func reload(_ body: @Sendable () async -> ReloadOutcome) async {
        notifier.reloading()
        let outcome = await body()
        // It was asked for before another process had taken over: that one is asked.
        if case .refused = outcome, let follower = upgrader.follower { kill(follower, SIGHUP) }
        // Who is about to end has said so, and takes nothing back.
        if !isEnding.load(ordering: .relaxed) { notifier.ready(status) }
    }

    /// The proxy drains, or is stopped.
    func drain() {
        isEnding.store(true, ordering: .relaxed)
        upgrader.end()
        notifier.stopping()
    }

    /// The loops have ended: an upgrade that is being broken off is waited for.
    func conclude() async { await upgrader.conclude() }

    /// The proxy has ended.
    func end() {
        feeding.withLock { $0?.cancel() }
        pidFile?.remove()
    }
}
