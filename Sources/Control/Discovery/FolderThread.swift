// The thread that watches folders of servers, and reads their files when they have come to rest.
import FoundationEssentials
import Glibc
import Logging
import MartletEventLoop
import MartletProxyConfig
import Synchronization

/// Watches folders until it is stopped.
final class FolderThread: Sendable {
    /// What came of reading a folder.
    typealias Reading = (number: Int, outcome: Result<ServerFolder.Outcome, SystemError>)

    /// A folder that is watched, for somebody who is known by a number.
    private struct Watched {
        let number: Int
        let path: String
        var saves: SaveWatch
        var folder: ServerFolder
    }

    /// How often folders are looked at when nothing is heard of them: not all file systems tell.
    private static let interval: UInt64 = 1_000

    private let watched = Mutex<[Watched]>([])
    private let isStopped = Atomic(false)
    private let notices: FolderNotices?
    private let began = ContinuousClock.now
    private let read: @Sendable (Reading) -> Void
    private let tick: @Sendable () -> Void

    /// - Parameters:
    ///   - read: is told of each reading, on any thread.
    ///   - tick: is called now and then, on the thread.
    init(
        log: Logger, read: @escaping @Sendable (Reading) -> Void, tick: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        (self.read, self.tick) = (read, tick)
        do throws(SystemError) {
            notices = try FolderNotices()
        } catch {
            notices = nil
            log.warning(
                "inotify is not to be had: folders are looked at once a second", metadata: ["error": "\(error)"])
        }
        try BackgroundThread.start { self.work() }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Watches these folders and no others. Those that are new are read before this returns.
    func watch(_ folders: [(number: Int, path: String, mostServers: Int)]) {
        let readings = watched.withLock { watched in
            let old = watched
            var readings: [Reading] = []
            watched = folders.map { number, path, mostServers in
                if let known = old.first(where: { $0.number == number }) { return known }
                // Watched before it is looked at, so that nothing is missed.
                _ = notices?.watch(path)
                var new = Watched(
                    number: number, path: path, saves: SaveWatch(Self.look(path)),
                    folder: ServerFolder(mostServers: mostServers))
                readings.append((number, Self.read(path, &new.folder)))
                return new
            }
            return readings
        }
        for reading in readings { read(reading) }
    }

    private func work() {
        var isWhole = false
        while !isStopped.load(ordering: .relaxed) {
            let now = began.duration(to: .now).milliseconds
            let (readings, due) = lookAtAll(isWhole: isWhole, now: now)
            for reading in readings { read(reading) }
            tick()
            isWhole = wait(milliseconds: Int32(max(1, min(due, now + Self.interval) - now)))
        }
    }

    private func wait(milliseconds: Int32) -> Bool {
        guard let notices else {
            _ = Semaphore().wait(for: .milliseconds(Int(milliseconds)))
            return false
        }
        return notices.wait(milliseconds: milliseconds).contains(where: \.isWhole)
    }

    private func lookAtAll(isWhole: Bool, now: UInt64) -> (readings: [Reading], due: UInt64) {
        watched.withLock { watched in
            var readings: [Reading] = []
            var due = UInt64.max
            for index in watched.indices {
                // Also what is watched: a folder may have been made anew.
                _ = notices?.watch(watched[index].path)
                switch watched[index].saves.look(Self.look(watched[index].path), isWhole: isWhole, now: now) {
                case .wait(let time):
                    due = min(due, time ?? .max)
                case .read:
                    readings.append((watched[index].number, Self.read(watched[index].path, &watched[index].folder)))
                    watched[index].saves.read(Self.look(watched[index].path))
                    due = now
                }
            }
            return (readings, due)
        }
    }

    // MARK: The files

    private static func names(_ path: String) -> [String]? {
        let all = try? FileManager.default.contentsOfDirectory(atPath: path)
        return all.map { Array($0.filter(ServerFolder.counts).sorted().prefix(ServerFolder.mostFiles)) }
    }

    private static func look(_ path: String) -> SaveWatch.Look {
        let names = names(path) ?? []
        var stamps = [path: FileStamp(path)]
        for name in names { stamps["\(path)/\(name)"] = FileStamp("\(path)/\(name)") }
        return SaveWatch.Look(stamps: stamps, matches: names)
    }

    static func read(
        _ path: String, _ folder: inout ServerFolder
    ) -> Result<ServerFolder.Outcome, SystemError> {
        guard let names = names(path) else { return .failure(SystemError(FileStamp(path).exists ? EACCES : ENOENT)) }
        var files: [String: ServerFolder.Content] = [:]
        for name in names {
            do throws(SystemError) {
                let bytes = try FileBytes.read("\(path)/\(name)")
                files[name] =
                    bytes.count > ServerFile.mostBytes
                    ? .unreadable("it is larger than 1 MiB") : .text(String(decoding: bytes, as: UTF8.self))
            } catch {
                // Folders within the folder are none of its files, and what is gone meanwhile neither.
                if error.code != EISDIR && error.code != ENOENT { files[name] = .unreadable("\(error)") }
            }
        }
        return .success(folder.take(files))
    }
}
