// What the admin API sees of a running proxy.
import MartletBalancing
import MartletEventLoop
import MartletHealth
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

/// The parts of a running proxy that the admin API looks at.
struct AdminScene: Sendable {
    /// What is in force; a reload replaces it.
    struct View: Sendable {
        let model: Model
        let configuration: Configuration
        /// Where clients connect, in the order of the model's listeners.
        var addresses: [SocketAddress] = []
    }

    let view: @Sendable () -> View
    let host: AdminHost
    let keeper: HealthKeeper
    let loads: ServerLoads
    /// Of the loops, and of what there is beside them.
    let metrics: [LoopMetrics]
    let loops: [Mailbox<ProxyDriver.Message>]
    let engine: LoopEngine
    let isServing: @Sendable () -> Bool
    /// Makes the text of `/metrics`.
    let metricsText: @Sendable (MetricsFormat) -> LocalAnswer
    let certificates: @Sendable () -> [CertificateFact]
    /// How often one process has followed another.
    var upgrades: @Sendable () -> UpgradeCounts = { UpgradeCounts() }
    /// Which names have counters of their own.
    var scopes: MetricScopes?

    /// All counters as they are about now, those of the servers of what is in force among them.
    func snapshot(_ view: View) -> MetricsSnapshot {
        var snapshot = MetricsSnapshot(of: metrics, servers: view.model.servers.count)
        scopes?.settle(&snapshot)
        return snapshot
    }
    var phase: ProxyPhase { host.phase(isServing: isServing()) }

    /// How all servers are.
    func reports() async -> [ServerReport] {
        await withCheckedContinuation { continuation in keeper.report { continuation.resume(returning: $0) } }
    }
}

extension AdminScene.View {
    /// A server with its place in the model and what the config says of it.
    struct Server: Sendable {
        let upstream: String
        let place: Int
        let settings: ServerConfiguration

        var key: ServerOverlay.Key { ServerOverlay.Key(upstream: upstream, server: settings.address) }
    }

    /// All servers of the config, in its order.
    var servers: [Server] {
        var configured: [String: UpstreamConfiguration] = [:]
        for upstream in configuration.upstreams { configured[upstream.name] = upstream }
        return model.upstreams.flatMap { upstream in
            zip(upstream.servers, configured[upstream.name]?.servers ?? []).map {
                Server(upstream: upstream.name, place: $0, settings: $1)
            }
        }
    }
}
