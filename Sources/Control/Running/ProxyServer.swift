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

    /// What the config in force was compiled to.
    package var model: Model { operation.model }
    /// The config in force.
    package var configuration: Configuration { operation.now.configuration }
    /// What has become of reloads.
    package var reloads: ReloadRecord { operation.reloads }
    /// Where clients connect, in the order of the model's listeners; port 0 has become a real one.
    package var addresses: [SocketAddress] { operation.now.addresses }
    /// How many event loops there are.
    package let loops: Int
    /// What they stand on.
    package var engine: LoopEngine { selection.engine }
    private let selection: EngineSelection
    /// How the loops end, one after the other; finished when all have.
    package let ends: AsyncStream<LoopEnd>

    /// What it was started with besides the config.
    let inheritance: Inheritance
    /// The sockets that were inherited, by loop, until they are accepted on.
    let heldSockets: Mutex<[[ListeningSocket]]>
    /// How often the process was followed by another, or not.
    let upgradeCounts: SharedUpgradeCounts
    /// What is in force, and who looks after it.
    let operation = Operation()
    let log: Logger
    let metrics: [LoopMetrics]
    /// Which names have counters of their own.
    let scopes: MetricScopes
    let keeper: HealthKeeper
    let balance: SharedBalance
    /// Wait for disks.
    let diskThreads: WorkThreads
    /// One config is put in force after the other.
    let turns = Turns()
    private let threads: [LoopThread]
    private let resolver: Mutex<NameResolver>
    let shared: SharedState
    /// The loops that have left their sockets to another process, or have ended.
    let left = Mutex<Set<Int>>([])
    /// Joins it with whoever runs it.
    package let host: AdminHost
    private let endings: AsyncStream<LoopEnd>.Continuation
    /// How many of the threads have their descriptors; the others' are still ours to close.
    private let startedThreads = Atomic(0)

    /// Compiles the config, and opens the listeners and the access log. Clients can connect from now on, and are served
    /// from `start` on.
    /// - Parameters:
    ///   - workers: how many event loops, instead of what the config says.
    ///   - host: joins it with whoever runs it, for the admin API.
    ///   - inheritance: what the process was started with besides the config.
    /// - Throws: what keeps it from starting. Nothing is left behind then.
    package init(
        _ configuration: Configuration, workers: Int? = nil, host: AdminHost = AdminHost(),
        inheritance: Inheritance = .none, log: Logger
    ) throws(StartError) {
        let loops = workers ?? configuration.workers ?? Host.cores
        try ClientLoops.require(configuration)
        try DescriptorLimit.require(configuration, loops: loops)
        let selection = try EngineSelection(configuration.engine)
        let engine = selection.engine
        let secure = try SecureParts.open(configuration, log: log)
        let guards = try GuardParts.open(configuration)
        guards.complaints.start(log)
        let compiled = try Self.compile(configuration, loops: loops, secure, guards)
        let sockets = try ListenerSockets(compiled.listeners, loops: loops, inherited: inheritance.sockets)
        let room = configuration.room
        scopes = MetricScopes(
            MetricsLayout(configuration, servers: max(room.servers, compiled.servers.count)), loops: loops + 2)
        metrics = scopes.loops
        let model = scopes.label(
            ModelCompiler.place(compiled, ModelCompiler.redirects(configuration), at: sockets.addresses))
        let new = InForce(
            configuration: configuration, model: model, addresses: sockets.addresses, secure: secure, guards: guards,
            certificates: try CertificateKeeper(configuration, secure, challenges: model.challenges, log: log),
            files: FileKeeper(guards.files, log: log),
            sites: SiteKeeper(guards.sites, model.sites, audience: guards.audience, log: log),
            telling: try Telling(configuration, log: log))
        operation.replace(new)
        operation.totals.add(new.telling)
        (ends, endings) = AsyncStream.makeStream()
        shared = SharedState(running: loops)
        keeper = try HealthKeeper(model, metrics: metrics[loops + 1], engine: engine, log: log)
        diskThreads = WorkThreads(configuration.limits.fileThreads)
        upgradeCounts = SharedUpgradeCounts(done: inheritance.predecessor?.note.upgrades ?? 0)
        let parts = Parts(
            configuration: configuration, model: model, operation: operation, metrics: metrics, scopes: scopes,
            telling: new.telling, layout: try AccessLogLayout(configuration.accessLog),
            keeper: keeper, guards: guards, workers: diskThreads, engine: engine, host: host, upgrades: upgradeCounts)
        balance = SharedBalance(model, loops: loops, watch: keeper, room: room)
        let (descriptors, held) = sockets.take()
        heldSockets = Mutex(held)
        threads = try parts.threads(descriptors, shared: shared, balance: balance)
        let mailboxes = threads.map(\.environment.mailbox)
        guards.audience.add(mailboxes)
        let names = ServerName.all(in: configuration, model)
        resolver = Mutex(Self.resolver(names, mailboxes, keeper, metrics[loops], log))
        self.inheritance = inheritance
        self.loops = loops
        self.selection = selection
        self.host = host
        self.log = log
    }

    static func compile(
        _ configuration: Configuration, loops: Int, _ secure: SecureParts, _ guards: GuardParts,
        after before: CompiledBefore? = nil
    ) throws(StartError) -> Model {
        do throws(PatternError) {
            let parts = CompiledParts(secure: secure, guards: guards)
            return try ModelCompiler.compile(configuration, loops: loops, parts, after: before)
        } catch {
            throw StartError.pattern(error.message)
        }
    }

    private static func resolver(
        _ names: [ServerName], _ mailboxes: [Mailbox<ProxyDriver.Message>], _ keeper: HealthKeeper,
        _ metrics: LoopMetrics, _ log: Logger
    ) -> NameResolver {
        NameResolver(names, log: log, metrics: metrics) { server, new in
            for mailbox in mailboxes { mailbox.post(.resolved(server: server, new)) }
            // Last: the loops know the addresses when they are told that the server may be chosen.
            keeper.resolved(server, new)
        }
    }

    /// Looks up other names from now on; what has kept it from that.
    func resolve(_ names: [ServerName]) -> [String] {
        let new = Self.resolver(names, mailboxes, keeper, metrics[loops], log)
        let old = resolver.withLock { resolver in
            defer { resolver = new }
            return resolver
        }
        // Whoever asks last is heard last.
        old.stop()
        do throws(SystemError) {
            try new.start()
            return []
        } catch {
            return ["names of servers are not looked up any more: \(error)"]
        }
    }

    /// Where the loops are told things.
    var mailboxes: [Mailbox<ProxyDriver.Message>] { threads.map(\.environment.mailbox) }

    /// Whether all loops have been started, and none of them is about to end.
    var isRunning: Bool { startedThreads.load(ordering: .relaxed) == loops && shared.isServing }

    deinit {
        for thread in threads.dropFirst(startedThreads.load(ordering: .relaxed)) { thread.closeListeners() }
        for socket in heldSockets.withLock({ $0.joined() }) { Listening.close(socket.descriptor) }
    }

    /// Presents the certificates of authorities that there are already, so that the first clients meet them.
    package func prepare() async { await operation.now.certificates.prepare() }

    /// Starts to serve.
    /// - Throws: when the system has no threads left; the proxy is of no use then.
    package func start() throws(StartError) {
        selection.tell(log)
        do throws(SystemError) {
            for (index, thread) in threads.enumerated() {
                try thread.start { [self] error in loopEnded(LoopEnd(loop: index, error: error)) }
                startedThreads.store(index + 1, ordering: .relaxed)
            }
            let now = operation.now
            try keeper.start(balance.loads, loops: mailboxes)
            try resolver.withLock { $0 }.start()
            try now.certificates.start()
            try now.files.start()
            try now.guards.start()
            try now.telling.start()
            try now.sites.start()
            if !now.model.sites.isEmpty { try diskThreads.start() }
            // A process that follows another one waits until it is ready.
            if inheritance.predecessor == nil { admit() }
        } catch {
            stop()
            throw StartError.system(error)
        }
    }

    private func loopEnded(_ end: LoopEnd) {
        _ = left.withLock { $0.insert(end.loop) }
        endings.yield(end)
        if shared.loopEnded() { endings.finish() }
    }

    /// Takes no more connections, lets the exchanges finish, and ends the loops when none is left.
    package func drain() {
        shared.beginDrain()
        post(.drain)
    }

    /// The same, while another process serves on the same sockets.
    func leave() {
        shared.beginDrain()
        post(.leave)
        for (loop, mailbox) in mailboxes.enumerated() {
            mailbox.post(.ping { [self] in _ = left.withLock { $0.insert(loop) } })
        }
    }

    /// Ends the loops at once.
    package func stop() {
        shared.beginDrain()
        post(.stop)
    }

    private func post(_ message: ProxyDriver.Message) { for mailbox in mailboxes { mailbox.post(message) } }

    /// Opens the access log's file anew, after it has been moved away.
    package func reopenAccessLog() { operation.now.telling.accessLog?.reopen() }

    /// Ends what needs others to end, once the loops have ended and before `finish`. It takes 5 s at most.
    package func conclude() async {
        await operation.now.telling.exporter?.conclude()
        await operation.now.certificates.conclude()
    }

    /// Ends what the loops leave behind, once they have ended: the last lines of the access log are written, and the
    /// paths of Unix sockets removed. Blocks for 5 s at most.
    package func finish() {
        let now = operation.now
        host.discovery?.stop()
        resolver.withLock { $0 }.stop()
        keeper.stop()
        now.certificates.stop()
        now.files.stop()
        now.guards.stop()
        now.telling.slowLog?.stop()
        now.sites.stop()
        diskThreads.stop()
        if let accessLog = now.telling.accessLog, !accessLog.close() {
            log.warning("the access log could not be written in time; its last lines are lost")
        }
        for address in now.addresses {
            if let path = address.path, inheritance.sockets.owns(path: path) { FileRemoval.remove(path) }
        }
    }

    /// All counters as they are about now; the loops are not stopped for it.
    package var snapshot: MetricsSnapshot { MetricsSnapshot(of: metrics, servers: model.servers.count) }
}
