// Running a proxy as a program.
import Logging
import MartletProxyConfig

/// From a config that can be used to an exit code.
package enum Program {
    /// Serves until a signal ends it.
    /// - Parameters:
    ///   - workers: how many event loops, instead of what the config says.
    ///   - engine: what the event loops stand on, instead of what the config says, as the config calls it.
    ///   - complain: is told, in a line, why the proxy does not start.
    /// - Returns: the exit code.
    package static func run(
        _ configuration: Configuration, workers: Int?, engine: String? = nil, complain: (String) -> Void
    ) -> Int32 {
        var configuration = configuration
        if let engine = engine.flatMap(EngineChoice.init) { configuration.engine = engine }
        let log = Logger.martlet(configuration.log.level)
        let files = configuration.routes.contains { $0.files != nil } ? configuration.limits.openFiles : 0
        DescriptorLimit.raise(forConnections: configuration.limits.connections, files: files, log: log)
        do throws(StartError) {
            let server = try ProxyServer(configuration, workers: workers, log: log)
            let supervisor = Supervisor(server, drainTime: configuration.timeouts.drain, log: log)
            return try Blocking.run { await supervisor.result() }.get()
        } catch {
            complain(error.description)
            return error.exitCode
        }
    }
}
