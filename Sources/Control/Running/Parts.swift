// Putting the loops together.
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

/// What a proxy's loops are made from.
struct Parts {
    let configuration: Configuration
    let model: Model
    /// What is in force whenever somebody asks.
    let operation: Operation
    /// One for each loop, one for what happens beside them, and one for the keeper.
    let metrics: [LoopMetrics]
    /// Which names have counters of their own.
    let scopes: MetricScopes
    /// Who is told of requests.
    let telling: Telling
    /// What lines of the access log say, and which requests have one.
    let layout: AccessLogLayout
    let keeper: HealthKeeper
    let guards: GuardParts
    let workers: WorkThreads
    let engine: LoopEngine
    let host: AdminHost
    let upgrades: SharedUpgradeCounts

    /// A thread for each loop, with its listening sockets.
    /// - Parameter balance: what the loops know of servers together.
    func threads(
        _ descriptors: [[Int32?]], shared: SharedState, balance: SharedBalance
    ) throws(StartError) -> [LoopThread] {
        var threads: [LoopThread] = []
        var mailboxes: [Mailbox<ProxyDriver.Message>] = []
        for _ in descriptors { mailboxes.append(try mailbox()) }
        let admin = adminService(shared, balance, mailboxes)
        for (loop, own) in descriptors.enumerated() {
            var environment = LoopEnvironment(
                loop: loop, metrics: metrics[loop], shared: shared.limits, log: (layout, telling.accessLog),
                mailbox: mailboxes[loop])
            environment.tracing = (configuration.tracing.map { TracePlan($0) }, telling.exporter)
            environment.slow = (SlowPlan(configuration.slowRequests), telling.slowLog)
            environment.admin = admin
            environment.gatekeeper = AdmissionDesk(judges: guards.judges)
            environment.workers = workers
            environment.balance = balance
            environment.neighbours = mailboxes
            threads.append(LoopThread(model: model, environment: environment, descriptors: own, engine: engine))
        }
        return threads
    }

    private func adminService(
        _ shared: SharedState, _ balance: SharedBalance, _ loops: [Mailbox<ProxyDriver.Message>]
    ) -> AdminService {
        let (operation, text) = (operation, metricsText(shared))
        let scene = AdminScene(
            view: {
                let now = operation.now
                return AdminScene.View(model: now.model, configuration: now.configuration, addresses: now.addresses)
            },
            host: host, keeper: keeper, loads: balance.loads, metrics: metrics, loops: loops, engine: engine,
            isServing: { shared.isServing },
            metricsText: { format in
                var answer = LocalAnswer(status: 200, contentType: format.contentType, content: text(format))
                answer.lines = Array("Vary: Accept\r\n".utf8)
                return answer
            },
            certificates: { operation.now.certificates.facts }, upgrades: { [upgrades] in upgrades.value },
            scopes: scopes)
        return AdminService(
            scene,
            rights: { AdminRights(scene.view().configuration.admin) })
    }

    private func mailbox() throws(StartError) -> Mailbox<ProxyDriver.Message> {
        do throws(SystemError) {
            return try Mailbox()
        } catch {
            throw StartError.system(error)
        }
    }

    private func metricsText(_ shared: SharedState) -> @Sendable (MetricsFormat) -> [UInt8] {
        let page = MetricsPage()
        let (scopes, loops) = (scopes, metrics.count - 2)
        let (metrics, operation, engine, upgrades, host) = (metrics, operation, engine, upgrades, host)
        return { format in
            let now = operation.now
            var snapshot = MetricsSnapshot(of: metrics, servers: now.model.servers.count)
            scopes.settle(&snapshot)
            var facts = MetricsFacts(snapshot, about: (MartletVersion.string, engine))
            facts.busy = metrics.prefix(loops).map { $0.read(.loopBusyNanoseconds) }
            facts.accessLog = operation.totals.accessLog
            facts.traces = operation.totals.traces
            let guarding = GuardCounts(now.model.guarding.access, now.files.counts, now.guards.counts)
            facts.upgrades = upgrades.value
            facts.discovery = host.discovery?.facts
            facts.others = (now.certificates.counts, guarding, SplitCounts(now.model.splits))
            facts.reloads = operation.reloads.counts
            return page.render(facts, now.model, format)
        }
    }
}

extension Model {
    /// How servers are called, by their places; empty where no server of the config is.
    var serverNames: [(upstream: String, server: String)] {
        servers.indices.map { place in
            upstream(of: place).map { ($0.name, servers[place].name) } ?? ("", "")
        }
    }
}
