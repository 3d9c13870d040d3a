// Folders that are put in the place of others, and maintenance that begins and ends, while the proxy runs.
import Logging
import MartletEventLoop
import MartletProxy
import Synchronization

/// Looks every second, on a thread of its own, whether the paths of folders still lead to the same ones and whether maintenance
/// is on, and tells the loops.
final class SiteKeeper: Sendable {
    private static let interval = Duration.seconds(1)

    private let roots: [String]
    private let known: Mutex<[FileIdentity?]>
    private let maintenances: MaintenanceWatch
    private let audience: GuardAudience
    private let log: Logger
    private let wakeUp = Semaphore()
    private let isStopped = Atomic(false)

    /// - Parameter audience: the loops.
    init(_ parts: SiteParts, _ sites: [FileSite], audience: GuardAudience, log: Logger) {
        roots = parts.roots
        maintenances = MaintenanceWatch(parts.maintenance) { audience.tell($0) }
        known = Mutex(sites.map(\.folder.identity))
        self.audience = audience
        self.log = log
    }

    /// Starts to watch, if there is anything to watch.
    func start() throws(SystemError) {
        if roots.isEmpty && !maintenances.isNeeded { return }
        try BackgroundThread.start { self.work() }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        wakeUp.signal()
    }

    private func work() {
        while !isStopped.load(ordering: .relaxed) {
            look()
            _ = wakeUp.wait(for: Self.interval)
        }
    }

    /// Looks at all of them once.
    func look() {
        for news in maintenances.look() { log.notice("\(news)") }
        for (site, root) in roots.enumerated() {
            do throws(SystemError) {
                let folder = try FolderHandle(root)
                let before = known.withLock { known in
                    defer { known[site] = folder.identity }
                    return known[site]
                }
                if before == folder.identity { continue }
                audience.tell(.folder(site: site, folder))
                log.notice("another folder is served", metadata: ["root": "\(root)"])
            } catch {
                // Said once: the folder before is served on.
                let before = known.withLock { known in
                    defer { known[site] = nil }
                    return known[site]
                }
                if before == nil { continue }
                log.error(
                    "folder not found: the one before is served",
                    metadata: ["root": "\(root)", "error": "\(error)"])
            }
        }
    }
}
