// A proxy as a whole: its loops, and what they share. Here is the order in which they start and end.
import Logging
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletRouting
import MartletTelemetry
import Synchronization

/// A running proxy, or one about to run.
package final class ProxyServer: Sendable {
    /// A loop has come to its end: as it was told to, or because of an error.
    package struct LoopEnd: Sendable, Equatable {
        package let loop: Int
        package let error: SystemError?
    }

    /// What it was compiled to.
    package let model: Model
    /// Where clients connect, in the order of the model's listeners; port 0 has become a real one.
    package let addresses: [SocketAddress]
    /// How many event loops there are.
    package let loops: Int
    /// What they stand on.
    package let engine: LoopEngine
    /// How the loops end, one after the other; finished when all have.
    package let ends: AsyncStream<LoopEnd>

    private let configuration: Configuration
    private let log: Logger
    private let threads: [LoopThread]
    private let metrics: [LoopMetrics]
    private let resolver: NameResolver
    private let keeper: HealthKeeper
    private let balance: SharedBalance
    private let accessLog: AccessLogWriter?
    private let certificates: CertificateKeeper
    private let files: FileKeeper
    private let guards: GuardParts
    private let sites: SiteKeeper
    /// Wait for disks.
    private let diskThreads: WorkThreads
    private let shared: SharedState
    private let endings: AsyncStream<LoopEnd>.Continuation
    /// How many of the threads have their descriptors; the others' are still ours to close.
    private let startedThreads = Atomic(0)

    /// Compiles the config, and opens the listeners and the access log. Clients can connect from now on, and are served
    /// from `start` on.
    /// - Parameter workers: how many event loops, instead of what the config says.
    /// - Throws: what keeps it from starting. Nothing is left behind then.
    package init(_ configuration: Configuration, workers: Int? = nil, log: Logger) throws(StartError) {
        let loops = workers ?? configuration.workers ?? Host.cores
        let engine = try EngineSelection.select(configuration.engine, log: log)
        let secure = try SecureParts.open(configuration, log: log)
        let guards = try GuardParts.open(configuration)
        guards.complaints.start(log)
        let compiled: Model
        do throws(PatternError) {
            compiled = try ModelCompiler.compile(configuration, loops: loops, secure: secure, guards: guards)
        } catch {
            throw StartError.pattern(error.message)
        }
        let sockets = try ListenerSockets(compiled.listeners, loops: loops)
        let model = ModelCompiler.place(compiled, ModelCompiler.redirects(configuration), at: sockets.addresses)
        certificates = try CertificateKeeper(configuration, secure, challenges: model.challenges, log: log)
        accessLog = try Self.openAccessLog(configuration.accessLog, log)
        addresses = sockets.addresses
        metrics = (0..<loops + 2).map { _ in LoopMetrics(servers: model.servers.count) }
        (ends, endings) = AsyncStream.makeStream()
        shared = SharedState(running: loops)
        let keeper = try HealthKeeper(model, metrics: metrics[loops + 1], engine: engine, log: log)
        files = FileKeeper(guards.files, log: log)
        diskThreads = WorkThreads(configuration.limits.fileThreads)
        sites = SiteKeeper(guards.sites, model.sites, audience: guards.audience, log: log)
        let parts = Parts(
            configuration: configuration, model: model, metrics: metrics, accessLog: accessLog, keeper: keeper,
            certificates: certificates, files: files, guards: guards, workers: diskThreads,
            engine: engine)
        balance = SharedBalance(model, loops: loops, watch: keeper)
        threads = try parts.threads(sockets.take(), shared: shared, balance: balance)
        let mailboxes = threads.map(\.environment.mailbox)
        guards.audience.add(mailboxes)
        resolver = NameResolver(ServerName.all(in: configuration), log: log, metrics: metrics[loops]) { server, new in
            for mailbox in mailboxes { mailbox.post(.resolved(server: server, new)) }
            // Last: the loops know the addresses when they are told that the server may be chosen.
            keeper.resolved(server, new)
        }
        self.guards = guards
        self.keeper = keeper
        self.model = model
        self.loops = loops
        self.engine = engine
        self.configuration = configuration
        self.log = log
    }

    deinit {
        for thread in threads.dropFirst(startedThreads.load(ordering: .relaxed)) { thread.closeListeners() }
    }

    private static func openAccessLog(
        _ configuration: AccessLogConfiguration?, _ log: Logger
    ) throws(StartError) -> AccessLogWriter? {
        guard let configuration else { return nil }
        do throws(SystemError) {
            return try AccessLogWriter(to: configuration.file, queue: configuration.queue, log: log)
        } catch {
            guard case .path(let path) = configuration.file else { throw StartError.system(error) }
            throw StartError.accessLog(path: path, error)
        }
    }

    /// Presents the certificates of authorities that there are already, so that the first clients meet them.
    package func prepare() async { await certificates.prepare() }

    /// Starts to serve.
    /// - Throws: when the system has no threads left; the proxy is of no use then.
    package func start() throws(StartError) {
        do throws(SystemError) {
            for (index, thread) in threads.enumerated() {
                try thread.start { [self] error in loopEnded(LoopEnd(loop: index, error: error)) }
                startedThreads.store(index + 1, ordering: .relaxed)
            }
            try keeper.start(balance.loads, loops: threads.map(\.environment.mailbox))
            try resolver.start()
            try certificates.start()
            try files.start()
            try guards.start()
            try sites.start()
            if !model.sites.isEmpty { try diskThreads.start() }
        } catch {
            stop()
            throw StartError.system(error)
        }
    }

    private func loopEnded(_ end: LoopEnd) {
        endings.yield(end)
        if shared.loopEnded() { endings.finish() }
    }

    /// Takes no more connections, lets the exchanges finish, and ends the loops when none is left.
    package func drain() {
        shared.beginDrain()
        post(.drain)
    }

    /// Ends the loops at once.
    package func stop() {
        shared.beginDrain()
        post(.stop)
    }

    private func post(_ message: ProxyDriver.Message) {
        for thread in threads { thread.environment.mailbox.post(message) }
    }

    /// Opens the access log's file anew, after it has been moved away.
    package func reopenAccessLog() { accessLog?.reopen() }

    /// Ends what needs others to end, once the loops have ended and before `finish`. It takes 5 s at most.
    package func conclude() async { await certificates.conclude() }

    /// Ends what the loops leave behind, once they have ended: the last lines of the access log are written, and the
    /// paths of Unix sockets removed. Blocks for 5 s at most.
    package func finish() {
        resolver.stop()
        keeper.stop()
        certificates.stop()
        files.stop()
        guards.stop()
        sites.stop()
        diskThreads.stop()
        if let accessLog, !accessLog.close() {
            log.warning("the access log could not be written in time; its last lines are lost")
        }
        for address in addresses { if let path = address.path { FileRemoval.remove(path) } }
    }

    /// All counters as they are about now; the loops are not stopped for it.
    package var snapshot: MetricsSnapshot { MetricsSnapshot(of: metrics) }
}
