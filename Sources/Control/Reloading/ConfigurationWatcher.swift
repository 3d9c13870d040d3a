// Reloads when a file of the config is saved: `martlet run --watch`.
import Logging
import MartletEventLoop
import MartletProxyConfig
import Synchronization

/// Watches the files of a config on a thread of its own.
package final class ConfigurationWatcher: Sendable {
    /// How often the files are looked at when nothing is heard of them: not all file systems tell.
    private static let interval: UInt64 = 1_000

    private let control: ReloadControl
    private let log: Logger
    private let isStopped = Atomic(false)
    private let began = ContinuousClock.now

    package init(_ control: ReloadControl, log: Logger) {
        self.control = control
        self.log = log
    }

    /// Starts to watch. What has changed since the config was read is noticed.
    package func start() throws(SystemError) {
        try BackgroundThread.start { self.work() }
    }

    package func stop() { isStopped.store(true, ordering: .relaxed) }

    private func work() {
        var folders = WatchedFolders(log)
        var sources = control.sources
        folders.watch(sources)
        // Somebody may have saved a file since it was read, and within the same tick of the clock that stamps have.
        var doubted = SaveWatch.Look?.none
        var watch = SaveWatch(Self.lookAfterReading(sources, &doubted))
        var isWhole = false
        while !isStopped.load(ordering: .relaxed) {
            let now = began.duration(to: .now).milliseconds
            switch watch.look(Self.look(sources), isWhole: isWhole, now: now) {
            case .read:
                _ = Blocking.run { [control] in await control.reload(.watch) }
                sources = control.sources
                folders.watch(sources)
                watch.read(Self.lookAfterReading(sources, &doubted))
                isWhole = false
            case .wait(let due):
                let time = min(due ?? .max, now + Self.interval)
                isWhole = folders.wait(milliseconds: Int32(max(1, time - now)))
            }
        }
    }

    /// How files look that have been read: as if they were not there when they are others by now, so that they are read again.
    /// Those that were doubted and have not changed are not doubted twice.
    private static func lookAfterReading(
        _ sources: ConfigurationSources, _ doubted: inout SaveWatch.Look?
    ) -> SaveWatch.Look {
        let look = look(sources)
        if sources.isUpToDate || doubted == look { return look }
        doubted = look
        return SaveWatch.Look(stamps: [:], matches: [])
    }

    private static func look(_ sources: ConfigurationSources) -> SaveWatch.Look {
        let stamps = Dictionary(sources.watched.map { ($0, FileStamp($0)) }, uniquingKeysWith: { first, _ in first })
        return SaveWatch.Look(stamps: stamps, matches: sources.matches)
    }
}

/// The folders in which something may happen to the files of a config.
private struct WatchedFolders {
    private let notices: FolderNotices?
    /// The numbers of folders.
    private var watches: [String: Int32] = [:]
    /// The names that are waited for.
    private var names: Set<String> = []
    /// The folders of patterns, where every name counts.
    private var open: Set<Int32> = []

    init(_ log: Logger) {
        do throws(SystemError) {
            notices = try FolderNotices()
        } catch {
            notices = nil
            log.warning("inotify is not to be had: files are looked at once a second", metadata: ["error": "\(error)"])
        }
    }

    /// Watches the folders of these files, and no others.
    mutating func watch(_ sources: ConfigurationSources) {
        guard let notices else { return }
        names = []
        var wanted: Set<String> = Set(sources.folders)
        for path in sources.watched {
            // Where a link stands, and where it leads: either may be replaced.
            for place in FilePlaces.all(of: path) {
                wanted.insert(place.folder)
                names.insert(place.name)
            }
        }
        for (folder, watch) in watches where !wanted.contains(folder) {
            notices.end(watch)
            watches[folder] = nil
        }
        // Also those that are watched: a folder may have been made anew.
        for folder in wanted { watches[folder] = notices.watch(folder) }
        open = Set(sources.folders.compactMap { watches[$0] })
    }

    /// Waits until something happens that may matter, or so long. Whether a file became whole.
    func wait(milliseconds: Int32) -> Bool {
        guard let notices else {
            _ = Semaphore().wait(for: .milliseconds(Int(milliseconds)))
            return false
        }
        let start = ContinuousClock.now
        var left = milliseconds
        while left > 0 {
            let happened = notices.wait(milliseconds: left)
            let ours = happened.filter { open.contains($0.watch) || names.contains($0.name) || $0.name.hasPrefix("..") }
            if !ours.isEmpty || happened.isEmpty { return ours.contains(where: \.isWhole) }
            left = milliseconds - Int32(clamping: start.duration(to: .now).milliseconds)
        }
        return false
    }
}
