// What the admin API knows and does of the process around the proxy.
import Logging
import MartletHTTPCore
import MartletProxyConfig
import Synchronization

/// What a proxy is doing, in a word.
enum ProxyPhase: String, CaseIterable, Sendable {
    case starting, serving
    /// It serves, and says already that it is not to get new requests.
    case leaving
    case draining
}

/// Joins the admin API with whoever runs the proxy. A proxy in somebody's own program has one as well, with which less can
/// be done.
package final class AdminHost: Sendable {
    private struct State {
        var hasStarted = false
        var isLeaving = false
        /// Where the admin listener is, as no config says it.
        var address: ListenAddress?
        var drain: (@Sendable () -> Void)?
        var upgrading: UpgradeDesk?
    }

    /// What is logged.
    package let levels: LogSwitch
    /// What is changed of servers at run time; `nil` where nothing is.
    let servers: RuntimeServers?
    /// Finds servers; `nil` where none are looked for.
    let discovery: Discovery?
    let began = ContinuousClock.now
    private let state = Mutex(State())
    private let configurations = Mutex<(any ConfigurationSource)?>(nil)

    /// - Parameters:
    ///   - servers: `nil` where nothing is changed at run time.
    ///   - discovery: `nil` where no servers are looked for.
    init(levels: LogSwitch = LogSwitch(), servers: RuntimeServers? = nil, discovery: Discovery? = nil) {
        self.levels = levels
        self.servers = servers
        self.discovery = discovery
    }

    /// For a proxy that is run by a command.
    /// - Parameter inheritance: what was changed at run time goes on.
    package convenience init(
        _ configuration: Configuration, levels: LogSwitch, after inheritance: Inheritance, log: Logger
    ) {
        let (discovery, note) = (Discovery(log: log), inheritance.predecessor?.note)
        self.init(
            levels: levels,
            servers: RuntimeServers(
                StateFile(configured: configuration.admin?.stateFile), inherited: note?.overlay?.overlay,
                discovery: discovery, log: log),
            discovery: discovery)
        // Who has edited the config since wants that to be in force.
        if let said = note?.log, said.configured == configuration.log.level.rawValue,
            let level = LogLevel(rawValue: said.level)
        {
            levels.level = level
        }
    }

    /// Who puts configs into force; `nil` when nobody does.
    var source: (any ConfigurationSource)? { configurations.withLock { $0 } }

    /// From now on configs can be put into force.
    func begin(_ source: any ConfigurationSource) {
        configurations.withLock { $0 = source }
        servers?.begin(source)
    }

    /// The admin listener is there, where the config names no place.
    func settle(_ address: ListenAddress?) { state.withLock { $0.address = address } }

    /// The config with the servers that have been found, what was changed at run time, and where the admin listener is. Every config that is put into force comes
    /// by here.
    package func overlay(_ configuration: Configuration) -> Configuration {
        var result = servers?.overlay(configuration) ?? discovery?.overlay(configuration) ?? configuration
        if let admin = result.admin, admin.address == nil { result.admin?.address = state.withLock(\.address) }
        return result
    }

    /// From now on it can be told to drain.
    package func onDrain(_ drain: @escaping @Sendable () -> Void) { state.withLock { $0.drain = drain } }

    /// From now on it can be told to be followed by another process.
    func onUpgrade(_ desk: UpgradeDesk) { state.withLock { $0.upgrading = desk } }

    /// Who has another process follow this one; `nil` where nobody does.
    var upgrading: UpgradeDesk? { state.withLock(\.upgrading) }

    /// The proxy serves.
    func started() { state.withLock { $0.hasStarted = true } }

    /// What the proxy is doing.
    func phase(isServing: Bool) -> ProxyPhase {
        if !isServing { return .draining }
        return state.withLock { $0.isLeaving ? .leaving : $0.hasStarted ? .serving : .starting }
    }

    /// Drains after a while, in which it says that it is not ready. Once.
    /// - Returns: `false` when nobody can be told.
    func leave(after delay: Duration) -> Bool {
        let (drain, isFirst) = state.withLock { state in
            let isFirst = !state.isLeaving && state.drain != nil
            if isFirst { state.isLeaving = true }
            return (state.drain, isFirst)
        }
        guard let drain else { return false }
        if isFirst {
            Task {
                try? await Task.sleep(for: delay)
                drain()
            }
        }
        return true
    }
}
