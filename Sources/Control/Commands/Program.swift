// Running a proxy as a program.
import Logging
import MartletProxyConfig

/// From a config that can be used to an exit code.
package enum Program {
    /// Serves until a signal ends it.
    /// - Parameters:
    ///   - workers: how many event loops, instead of what the config says.
    ///   - complain: is told, in a line, why the proxy does not start.
    /// - Returns: the exit code.
    package static func run(
        _ configuration: Configuration, workers: Int?, complain: (String) -> Void
    ) -> Int32 {
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
