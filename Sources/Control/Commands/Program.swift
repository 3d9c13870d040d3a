// Running a proxy as a program.
import CProcess
import Logging
import MartletEventLoop
import MartletProxyConfig

/// From a config that can be used to an exit code.
package enum Program {
    /// What the command line says in place of the config, whenever it is read.
    package struct Overrides: Sendable {
        /// How many event loops.
        var workers: Int?
        /// What the event loops stand on.
        var engine: EngineChoice?

        /// Where the process's number is written.
        var pidFile: String?

        /// - Parameter engine: as the config calls it.
        package init(workers: Int? = nil, engine: String? = nil, pidFile: String? = nil) {
            self.workers = workers
            self.pidFile = pidFile
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
            var source = ReloadControl.Source(readAfter: { ConfigurationCheck.result(path, after: $0) })
            source.adjust = overrides.applied
            let control = ReloadControl(
                server, current: checked, source: source, record: server.reloads, log: log)
            control.setOverlay(isInForce: true, server.host.overlay)
            server.host.begin(control)
            if let discovery = server.host.discovery { control.follow(discovery) }
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
        let log = Logger.martlet(configuration.log, levels: levels)
        let files = configuration.routes.contains { $0.files != nil } ? configuration.limits.openFiles : 0
        DescriptorLimit.raise(forConnections: configuration.limits.connections, files: files, log: log)
        do throws(StartError) {
            // Before any other program is started, and before root's rights are given up.
            let (inheritance, command) = (try Inheritance.adopt(), ProgramCommand.ofProcess)
            let host = AdminHost(configuration, levels: levels, after: inheritance, log: log)
            host.discovery?.start(configuration)
            let server = try AdminSocket.open(configuration, host, log: log) { configuration throws(StartError) in
                try ProxyServer(
                    host.overlay(configuration), workers: overrides.workers, host: host, inheritance: inheritance,
                    log: log)
            }
            limitArenas(server.loops)
            let file = try overrides.pidFile.map { path throws(StartError) in try write(path, inheritance) }
            try Privileges.drop(configuration, files: reopened(configuration, file), log: log)
            let life = ProcessLife(server, configuration, command: command, pidFile: file, log: log)
            let supervisor = Supervisor(
                server, life: life, reloading: reloading(server, log), log: log)
            return try Blocking.run { await supervisor.result() }.get()
        } catch {
            complain(error.description)
            return error.exitCode
        }
    }

    /// Of what reloads leave behind, each of the allocator's arenas keeps its own share, and each new thread may get another of them:
    /// with as many as there are loops, and two for all else, memory does not grow from reload to reload.
    private static func limitArenas(_ loops: Int) { martlet_limit_arenas(Int32(clamping: loops + 2)) }

    /// Says which process this is, unless another one still is it.
    private static func write(_ path: String, _ inheritance: Inheritance) throws(StartError) -> PidFile {
        let file = PidFile(path: path)
        if inheritance.predecessor != nil { return file }
        do throws(SystemError) {
            try file.write()
        } catch {
            throw StartError.pidFile(path: path, error)
        }
        return file
    }

    /// The files that are opened anew while the proxy runs.
    private static func reopened(_ configuration: Configuration, _ pidFile: PidFile?) -> [String] {
        var files = pidFile.map { [$0.path] } ?? []
        if case .path(let path) = configuration.accessLog?.file { files.append(path) }
        return files
    }
}
