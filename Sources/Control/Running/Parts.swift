// Putting the loops together.
import MartletEventLoop
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

/// What a proxy's loops are made from.
struct Parts {
    let configuration: Configuration
    let model: Model
    /// One for each loop, one for what happens beside them, and one for the keeper.
    let metrics: [LoopMetrics]
    let accessLog: AccessLogWriter?
    let keeper: HealthKeeper
    let certificates: CertificateKeeper
    let files: FileKeeper
    let guards: GuardParts
    let workers: WorkThreads
    let engine: LoopEngine

    /// A thread for each loop, with its listening sockets.
    /// - Parameter balance: what the loops know of servers together.
    func threads(
        _ descriptors: [[Int32?]], shared: SharedState, balance: SharedBalance
    ) throws(StartError) -> [LoopThread] {
        var admin = AdminService(metrics: metricsText(shared), isServing: { shared.isServing })
        admin.servers = ServerDesk(model: model, loads: balance.loads, keeper: keeper)
        var threads: [LoopThread] = []
        var mailboxes: [Mailbox<ProxyDriver.Message>] = []
        for _ in descriptors { mailboxes.append(try mailbox()) }
        for (loop, own) in descriptors.enumerated() {
            var environment = LoopEnvironment(
                loop: loop, metrics: metrics[loop], shared: shared.limits, log: (logFormat, accessLog),
                mailbox: mailboxes[loop])
            environment.admin = admin
            environment.gatekeeper = AdmissionDesk(judges: guards.judges)
            environment.workers = workers
            environment.balance = balance
            environment.neighbours = mailboxes
            threads.append(LoopThread(model: model, environment: environment, descriptors: own, engine: engine))
        }
        return threads
    }

    private func mailbox() throws(StartError) -> Mailbox<ProxyDriver.Message> {
        do throws(SystemError) {
            return try Mailbox()
        } catch {
            throw StartError.system(error)
        }
    }

    private var logFormat: MartletProxy.AccessLogFormat {
        switch configuration.accessLog?.format {
        case .combined: .combined
        case .json, nil: .json
        }
    }

    private func metricsText(_ shared: SharedState) -> @Sendable () -> [UInt8] {
        let names = model.upstreams.flatMap { upstream in
            model.servers[upstream.servers].map { (upstream: upstream.name, server: $0.name) }
        }
        let (metrics, accessLog, certificates, files) = (metrics, accessLog, certificates, files)
        let (access, splits, guards, engine) = (model.guarding.access, model.splits, guards, engine)
        return {
            return PrometheusText.render(
                MetricsSnapshot(of: metrics), servers: names, about: (MartletVersion.string, engine),
                accessLog: accessLog?.counts,
                others: (
                    certificates.counts, GuardCounts(access, files.counts, guards.counts), SplitCounts(splits)
                ))
        }
    }
}
