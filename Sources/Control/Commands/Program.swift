// Running a proxy as a program.
import Logging
import MartletProxyConfig

/// From a config that can be used to an exit code.
package enum Program {
    /// What the command line says in place of the config, whenever it is read.
    package struct Overrides: Sendable {
        /// How many event loops.
        var workers: Int?
        /// What the event loops stand on.
        var engine: EngineChoice?

        /// - Parameter engine: as the config calls it.
        package init(workers: Int? = nil, engine: String? = nil) {
            self.workers = workers
            self.engine = engine.flatMap(EngineChoice.init)
        }

        func applied(to configuration: Configuration) -> Configuration {
            var configuration = configuration
            if let engine { configuration.engine = engine }
            return configuration
        }
    }

    /// Serves, as a file says, until a signal ends it.
    /// - Parameters:
    ///   - path: of the file that `checked` was read from; it is read again when that is asked for.
    ///   - watches: whether it is read again whenever it is saved.
    ///   - complain: is told, in a line, why the proxy does not start.
    /// - Returns: the exit code.
    package static func run(
        _ checked: CheckedConfiguration, path: String, watches: Bool, _ overrides: Overrides,
        complain: (String) -> Void
    ) -> Int32 {
        serve(overrides.applied(to: checked.configuration), overrides, complain: complain) { server, log in
            var source = ReloadControl.Source { ConfigurationCheck.result(path) }
            source.adjust = overrides.applied
            let control = ReloadControl(
                server, current: checked, source: source, record: server.reloads, log: log)
            control.setOverlay(isInForce: true, server.host.overlay)
            server.host.begin(control)
            return (control, watches ? ConfigurationWatcher(control, log: log) : nil)
        }
    }

    /// Serves, with a config that was made in code, until a signal ends it.
    package static func run(
        _ configuration: Configuration, _ overrides: Overrides, complain: (String) -> Void
    ) -> Int32 {
        serve(overrides.applied(to: configuration), overrides, complain: complain) { _, _ in (nil, nil) }
    }

    private static func serve(
        _ configuration: Configuration, _ overrides: Overrides, complain: (String) -> Void,
        reloading: (ProxyServer, Logger) -> (control: ReloadControl?, watcher: ConfigurationWatcher?)
    ) -> Int32 {
        let levels = LogSwitch()
        let log = Logger.martlet(configuration.log.level, levels: levels)
        let files = configuration.routes.contains { $0.files != nil } ? configuration.limits.openFiles : 0
        DescriptorLimit.raise(forConnections: configuration.limits.connections, files: files, log: log)
        do throws(StartError) {
            let host = AdminHost(configuration, levels: levels, log: log)
            let server = try AdminSocket.open(configuration, host, log: log) { configuration throws(StartError) in
                try ProxyServer(host.overlay(configuration), workers: overrides.workers, host: host, log: log)
            }
            let (control, watcher) = reloading(server, log)
            let supervisor = Supervisor(
                server, drainTime: configuration.timeouts.drain, reloading: control, watcher: watcher, log: log)
            return try Blocking.run { await supervisor.result() }.get()
        } catch {
            complain(error.description)
            return error.exitCode
        }
    }
}
