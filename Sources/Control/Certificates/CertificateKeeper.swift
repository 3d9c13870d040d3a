// Keeps certificates up to date while the proxy runs, beside the loops.
import Logging
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTLS
import Synchronization

/// Loads files anew when they change, and says when a certificate is about to expire. No connection is touched.
final class CertificateKeeper: Sendable {
    private static let interval = Duration.seconds(1)

    private let owners: [Owner]
    private let acme: AcmeDesk
    private let staples: StapleDesk
    private let state: Mutex<State>
    private let wakeUp = Semaphore()
    private let isStopped = Atomic(false)
    /// Whether authorities are left alone for now.
    private let isHeld = Atomic(false)
    private let log: Logger
    private let began = ContinuousClock.now

    private struct State {
        var files: [WatchedFiles]
        var reminder = ExpiryReminder()
        var reloads: UInt64 = 0
        var reloadFailures: UInt64 = 0
    }

    /// Somebody with certificates.
    private struct Owner: Sendable {
        let name: String
        let certificates: @Sendable () -> [TLSIdentity]
        let facts: @Sendable () -> [CertificateFact]
    }

    /// - Parameters:
    ///   - secure: of this config.
    ///   - challenges: where answers to an authority are put.
    init(
        _ configuration: Configuration, _ secure: SecureParts, challenges: HTTPChallenges, log: Logger
    ) throws(StartError) {
        self.log = log
        state = Mutex(State(files: secure.files))
        let secured = secure.listeners.sorted { $0.key < $1.key }.map(\.value)
        acme = AcmeDesk(secured, challenges: challenges, log: log)
        staples = StapleDesk(secured, log: log)
        let listeners = secured.map(\.certificates)
        let upstreams = configuration.upstreams.compactMap { upstream in
            secure.upstreams[upstream.name]?.certificate.map { (upstream.name, $0) }
        }
        owners =
            listeners.map { own in
                Owner(name: own.listener, certificates: { own.vouchedFor }, facts: { own.facts })
            }
            + upstreams.map { name, shown in
                Owner(
                    name: name, certificates: { shown.current.map { [$0] } ?? [] },
                    facts: {
                        shown.current.map { [CertificateFact(owner: name, identity: $0, source: .file)] } ?? []
                    })
            }
    }

    /// Presents the certificates of authorities that there are already, and begins to get the others. It need not be called,
    /// but without it the first clients may meet a listener that has no certificate yet.
    func prepare() async { await acme.start() }

    /// Leaves authorities alone until `release`, as another process still asks them; before anything else.
    func hold() async {
        isHeld.store(true, ordering: .relaxed)
        await acme.hold()
    }

    /// Asks authorities from now on.
    func release() async {
        isHeld.store(false, ordering: .relaxed)
        staples.refresh()
        await acme.release()
    }

    /// Asks no authority any more, as another process does that now.
    func retire() async {
        staples.stop()
        await conclude()
    }

    /// Starts to watch, on a thread of its own.
    func start() throws(SystemError) {
        guard !owners.isEmpty || !state.withLock(\.files.isEmpty) else { return }
        Task { [acme] in await acme.start() }
        refreshStaples()
        try BackgroundThread.start { self.work() }
    }

    /// Ends what needs others to end: orders of certificates, whose proofs are taken away. It takes 5 s at most.
    func conclude() async { await acme.stop(.seconds(5)) }

    /// Ends the rest.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        staples.stop()
        wakeUp.signal()
    }

    private func refreshStaples() { if !isHeld.load(ordering: .relaxed) { staples.refresh() } }

    private func work() {
        while !isStopped.load(ordering: .relaxed) {
            let time = began.duration(to: .now)
            look(now: time.milliseconds, wall: WallClock.seconds)
            _ = wakeUp.wait(for: Self.interval)
        }
    }

    /// Looks at everything once.
    /// - Parameters:
    ///   - now: milliseconds of a clock that is never set.
    ///   - wall: seconds since 1970.
    func look(now: UInt64, wall: Int64) {
        let hasLoaded = state.withLock { state in
            let before = state.reloads
            for index in state.files.indices {
                switch state.files[index].look(now: now) {
                case .unchanged: continue
                case .loaded:
                    state.reloads += 1
                    report(loaded: state.files[index])
                case .refused(let problem):
                    state.reloadFailures += 1
                    report(problem, state.files[index])
                }
            }
            for due in state.reminder.due(lifetimes, now: wall) { report(due, now: wall) }
            return state.reloads != before
        }
        if hasLoaded { refreshStaples() }
        staples.look(now: wall)
    }

    private var lifetimes: [(owner: String, lifetime: Lifetime)] {
        owners.flatMap { owner in owner.certificates().map { (owner.name, Lifetime($0)) } }
    }

    /// All certificates that are in force.
    var facts: [CertificateFact] { owners.flatMap { $0.facts() } }

    /// What has become of certificates.
    var counts: CertificateCounts {
        var counts = CertificateCounts()
        state.withLock { state in (counts.reloads, counts.reloadFailures) = (state.reloads, state.reloadFailures) }
        counts.acme = acme.statuses.map { CertificateCounts.Acme(name: $0.name, $0.status) }
        let stapled = staples.counts
        (counts.staples, counts.stapleFailures, counts.staplesLost) = (stapled.fetched, stapled.failed, stapled.lost)
        for (owner, lifetime) in lifetimes {
            let twin = counts.expiries.firstIndex {
                $0.owner == owner && $0.name == lifetime.name && $0.keyType == lifetime.keyType
            }
            let expiry = CertificateCounts.Expiry(
                owner: owner, name: lifetime.name, keyType: lifetime.keyType, notAfter: lifetime.notAfter)
            // A metric cannot have two values: of two certificates that look the same, the one that expires first counts.
            guard let twin else {
                counts.expiries.append(expiry)
                continue
            }
            if expiry.notAfter < counts.expiries[twin].notAfter { counts.expiries[twin] = expiry }
        }
        return counts
    }
}

extension CertificateKeeper {
    private func report(loaded files: WatchedFiles) {
        log.notice("\(files.what) loaded anew", metadata: ["files": "\(files.paths.joined(separator: ", "))"])
    }

    private func report(_ problem: FileProblem, _ files: WatchedFiles) {
        log.error(
            "\(files.what) not loaded: the one before stays in force",
            metadata: ["setting": "\(problem.keyPath)", "error": "\(problem.message)"])
    }

    private func report(_ due: (owner: String, lifetime: Lifetime, state: Lifetime.State), now: Int64) {
        let metadata: Logger.Metadata = [
            "for": "\(due.owner)", "name": "\(due.lifetime.name)", "key": "\(due.lifetime.keyType)",
            "until": "\(TimeText.date(due.lifetime.notAfter))",
        ]
        switch due.state {
        case .good: return
        case .notYetValid: log.warning("certificate is not valid yet", metadata: metadata)
        case .expiresSoon:
            let span = TimeText.span(due.lifetime.notAfter - now)
            log.warning("certificate expires in \(span)", metadata: metadata)
        case .expired: log.error("certificate has expired", metadata: metadata)
        }
    }
}
