// The keeper of the servers' health: its thread, and what it says to the loops and to the log.
import Logging
import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletProxy
import MartletTelemetry
import Synchronization

/// Keeps the servers' health, on a thread of its own.
final class HealthKeeper: Sendable {
    private let model: Model
    private let metrics: LoopMetrics
    private let log: Logger
    private let engine: LoopEngine
    private let mailbox: Mailbox<KeeperDriver.Message>
    private let inherited = Mutex<[InheritedServer]>([])

    /// - Parameter metrics: its own counters.
    init(_ model: Model, metrics: LoopMetrics, engine: LoopEngine = .epoll, log: Logger) throws(StartError) {
        self.model = model
        self.engine = engine
        self.metrics = metrics
        self.log = log
        do throws(SystemError) {
            mailbox = try Mailbox()
        } catch {
            throw StartError.system(error)
        }
    }

    /// Starts to check. What comes of it is told to the loops.
    func start(_ loads: ServerLoads, loops: [Mailbox<ProxyDriver.Message>]) throws(SystemError) {
        let plan = KeeperPlan(model)
        let announcer = HealthAnnouncer(model: model, loops: loops, log: log)
        let (mailbox, metrics, log, engine) = (mailbox, metrics, log, engine)
        let inherited = inherited.withLock(\.self)
        try BackgroundThread.start {
            do throws(SystemError) {
                var loop = try EventLoop(
                    socketLimit: KeeperDriver.socketLimit, bufferBytes: KeeperDriver.bufferBytes, engine: engine)
                var driver = KeeperDriver(
                    plan, loads, audience: announcer, metrics: metrics, start: (loop.milliseconds, Host.random()))
                driver.resume(inherited, on: &loop)
                driver.begin(on: &loop)
                try loop.run(&driver, mailbox: mailbox)
            } catch {
                log.critical(
                    "servers are not checked any more; what is known of them stays as it is",
                    metadata: ["error": "\(error)"])
            }
        }
    }

    /// Goes by another model from now on; returns when it does. The loops have it already.
    func adopt(_ model: Model, loops: [Mailbox<ProxyDriver.Message>], within time: Duration) async {
        let answers = Answers<Bool>(1)
        let announcer = HealthAnnouncer(model: model, loops: loops, log: log)
        mailbox.post(.plan(KeeperPlan(model), announcer) { answers.give(0, true) })
        _ = await answers.all(within: time)
    }

    /// A server's name has these addresses now.
    func resolved(_ server: Int, _ addresses: [SocketAddress]) {
        mailbox.post(.addresses(server: server, addresses))
    }

    /// The operator wants something else of a server.
    func setState(_ server: Int, _ state: OperatorState) { mailbox.post(.setState(server: server, state)) }

    /// Calls `reply` with how all servers are, on the keeper's thread. Whatever it was told before has been done then.
    func report(_ reply: @escaping @Sendable ([ServerReport]) -> Void) { mailbox.post(.report(reply)) }

    /// What another process has to know of all servers.
    func records() async -> [(server: Int, record: HealthRecord)] {
        await withCheckedContinuation { continuation in
            mailbox.post(.records { continuation.resume(returning: $0) })
        }
    }

    /// Takes over what another process knew; before it is started.
    func resume(_ servers: [InheritedServer]) { inherited.withLock { $0 = servers } }

    /// Ends it.
    func stop() { mailbox.post(.stop) }
}

extension HealthKeeper: ServerWatch {
    func notice(_ notice: ServerNotice) { mailbox.post(.notice(notice)) }
}

extension KeeperPlan {
    /// What the keeper has to know of a model.
    init(_ model: Model) {
        self.init(
            model.upstreams.map(\.health),
            hosts: model.servers.map { $0.addresses.first?.path == nil ? $0.name : "localhost" },
            addresses: model.servers.map(\.addresses))
        if model.upstreams.allSatisfy({ $0.tls == nil }) { return }
        security = Array(repeating: nil, count: model.servers.count)
        for upstream in model.upstreams {
            for server in upstream.servers {
                security[server] = upstream.tls.map { ($0.context, $0.serverName ?? model.servers[server].hostName) }
            }
        }
    }
}
