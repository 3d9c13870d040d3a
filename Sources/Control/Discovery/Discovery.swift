// Servers that are found while Martlet runs. This is where it is decided what is looked for; what has been found is laid over
// the config (`overlay`), and put into force by whoever puts configs into force (decision 0023).
//
//   config ─▶ prepare: look for it ─▶ first answer, or startTimeout ─▶ overlay ─▶ in force ─▶ settle: look for nothing else
//                                     later answers ─▶ servers are others ─▶ reapply ─▶ overlay ─▶ in force
import Logging
import MartletDNS
import MartletEventLoop
import MartletProxyConfig
import Synchronization

/// Finds servers.
final class Discovery: Sendable {
    struct State {
        var book = DiscoveryBook()
        var counts = DiscoveryCounts()
        var resolvers = ResolversConfiguration()
        /// How `resolvers.file` looked when it was read.
        var stamp: FileStamp?
        var names: ResolverThread?
        var folders: FolderThread?
        /// The changes that a config has taken in last.
        var taken = 0
        /// Puts the config that is in force into force once more; whether that has worked.
        var apply: (@Sendable () async -> Bool)?
        var isApplying = false
        var isDirty = false
        /// Who waits for answers.
        var waiting: [Semaphore] = []
    }

    let state = Mutex(State())
    let log: Logger
    private let began = ContinuousClock.now

    init(log: Logger) { self.log = log }

    /// Time on a clock that does not jump.
    var now: Duration { began.duration(to: .now) }

    /// What is known.
    var book: DiscoveryBook { state.withLock(\.book) }

    // MARK: Configs

    /// Looks for what a config names that is about to be taken for the first time, and waits for the first answers.
    func start(_ configuration: Configuration) {
        let added = look(for: configuration)
        wait(for: added, patience: state.withLock { $0.book.patience(added) })
    }

    /// The same for one that is to take the place of another, whose servers are looked for meanwhile.
    func prepare(_ configuration: Configuration, after old: Configuration) async {
        let added = look(for: configuration, and: old)
        let patience = state.withLock { $0.book.areAnswered(added) ? .zero : $0.book.patience(added) }
        if patience == .zero { return }
        await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = { [self] in
                wait(for: added, patience: patience)
                continuation.resume()
            }
            do throws(SystemError) {
                try BackgroundThread.start(work)
            } catch {
                // It is better not to wait than not to go on.
                continuation.resume()
            }
        }
    }

    /// This config is in force: nothing else is looked for.
    func settle(_ configuration: Configuration) { _ = look(for: configuration) }

    /// The config with what has been found. Every config that is put into force comes by here.
    func overlay(_ configuration: Configuration) -> Configuration {
        state.withLock { state in
            state.taken = state.book.version
            return state.book.applied(to: configuration)
        }
    }

    /// From now on what is found can be put into force.
    func begin(_ apply: @escaping @Sendable () async -> Bool) {
        let isBehind = state.withLock { state in
            state.apply = apply
            return state.taken != state.book.version
        }
        if isBehind { putIntoForce() }
    }

    func stop() {
        state.withLock { state in
            state.names?.stop()
            state.folders?.stop()
            (state.names, state.folders, state.apply) = (nil, nil, nil)
        }
    }

    // MARK: Looking

    /// Looks for what the configs name; the numbers of what is new.
    private func look(for configuration: Configuration, and other: Configuration? = nil) -> [Int] {
        var sources = DiscoverySource.all(in: configuration)
        for source in other.map({ DiscoverySource.all(in: $0) }) ?? [] where !sources.contains(source) {
            sources.append(source)
        }
        let (added, entries, resolvers) = state.withLock { state in
            state.resolvers = configuration.resolvers
            return (state.book.want(sources), state.book.entries, state.resolvers)
        }
        if entries.isEmpty && state.withLock({ $0.folders == nil }) { return [] }
        do throws(SystemError) {
            try lookUp(entries.compactMap { WatchedName($0) }, resolvers)
            try watch(
                entries.compactMap { entry in
                    let settings = entry.source.settings
                    return settings.folder.map { (entry.number, $0, settings.maxServers) }
                })
        } catch {
            log.critical("servers are not looked for: there is no thread for it", metadata: ["error": "\(error)"])
        }
        return added
    }

    private func lookUp(_ names: [WatchedName], _ settings: ResolversConfiguration) throws(SystemError) {
        if let thread = state.withLock({ $0.names }) {
            ask(settings)
            return thread.watch(names)
        }
        if names.isEmpty { return }
        let stamp = FileStamp(settings.file)
        let resolvers = Resolvers(settings)
        let thread = try ResolverThread(
            resolvers.addresses, DNSSettings(settings, resolvers.search), audience: self, log: log)
        state.withLock { ($0.names, $0.stamp) = (thread, stamp) }
        thread.watch(names)
    }

    /// Says who is asked from now on.
    private func ask(_ settings: ResolversConfiguration) {
        let stamp = FileStamp(settings.file)
        let thread = state.withLock { state in
            state.stamp = stamp
            return state.names
        }
        let resolvers = Resolvers(settings)
        thread?.ask(resolvers.addresses, DNSSettings(settings, resolvers.search))
    }

    /// The file with the resolvers may have been changed.
    private func lookAtResolvers() {
        let (settings, known, isAsked) = state.withLock { ($0.resolvers, $0.stamp, $0.names != nil) }
        if !isAsked || !settings.addresses.isEmpty || FileStamp(settings.file) == known { return }
        log.info("resolvers are read anew", metadata: ["file": "\(settings.file)"])
        ask(settings)
    }

    private func watch(_ folders: [(number: Int, path: String, mostServers: Int)]) throws(SystemError) {
        if let thread = state.withLock({ $0.folders }) { return thread.watch(folders) }
        let thread = try FolderThread(
            log: log, read: { [weak self] in self?.read($0) }, tick: { [weak self] in self?.lookAtResolvers() })
        state.withLock { $0.folders = thread }
        thread.watch(folders)
    }

    private func wait(for numbers: [Int], patience: Duration) {
        let (end, signal) = (now + patience, Semaphore())
        state.withLock { $0.waiting.append(signal) }
        while !state.withLock({ $0.book.areAnswered(numbers) }) {
            let left = end - now
            if left <= .zero || !signal.wait(for: left) { break }
        }
        let late = state.withLock { state in
            state.waiting.removeAll { $0 === signal }
            return numbers.compactMap { state.book[$0] }.filter { $0.answered == nil }
        }
        for entry in late {
            log.warning(
                "there is no answer yet about servers: it goes on with those that are known",
                metadata: Self.metadata(entry))
        }
    }

    // MARK: Putting it into force

    /// Something has been found. Changes that come while one is put into force are put into force together.
    func putIntoForce() {
        let mustBegin = state.withLock { state in
            state.isDirty = true
            if state.isApplying || state.apply == nil { return false }
            state.isApplying = true
            return true
        }
        if mustBegin { Task { await applyAll() } }
    }

    private func applyAll() async {
        var pause = Duration.seconds(1)
        while let apply = nextToApply() {
            if await apply() {
                pause = .seconds(1)
                continue
            }
            // There was no room perhaps, until what has left has finished.
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(60))
            state.withLock { $0.isDirty = true }
        }
    }

    private func nextToApply() -> (@Sendable () async -> Bool)? {
        state.withLock { state in
            defer { state.isDirty = false }
            if state.isDirty, let apply = state.apply { return apply }
            state.isApplying = false
            return nil
        }
    }
}
