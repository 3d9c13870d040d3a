// Martlet as a library: what a program of one's own may do with a proxy.
import Logging
import MartletProxyConfig

/// A reverse proxy in a program of your own.
///
///     let proxy = try ReverseProxy(yaml: """
///         listeners: [{ address: ":8080" }]
///         routes: [{ upstream: app }]
///         upstreams: { app: { servers: ["127.0.0.1:9001"] } }
///         """)
///     try await proxy.run()
///
/// The config is that of the program, key for key (docs/config.md).
public final class ReverseProxy: Sendable {
    private let server: ProxyServer
    private let drainTime: Duration
    private let configuration: Configuration

    /// A proxy with the config in `yaml`. Its listeners are open from now on; clients are served from `run` on. Where servers are to be
    /// found (`discover`), it waits for the first answers, for as long as `startTimeout` says.
    ///
    /// - Parameters:
    ///   - name: what messages call the config.
    ///   - log: where the proxy tells what happens to it. Without one: to the standard error output, as the config says.
    /// - Throws: all that is wrong with the config, or the address or file that cannot be had.
    public init(yaml: String, name: String = "config", log: Logger? = nil) throws(ReverseProxyError) {
        let configuration: Configuration
        do throws(ConfigurationErrors) {
            configuration = try ConfigurationLoader.parse(yaml, file: name, inspect: FileInspection.inspect)
        } catch {
            throw ReverseProxyError.configuration(error.text(colour: false))
        }
        let log = log ?? .martlet(configuration.log)
        let host = AdminHost(discovery: Discovery(log: log))
        host.discovery?.start(configuration)
        do throws(StartError) {
            server = try ProxyServer(host.overlay(configuration), host: host, log: log)
        } catch {
            host.discovery?.stop()
            throw ReverseProxyError.start(error.description)
        }
        drainTime = configuration.timeouts.drain
        self.configuration = configuration
    }

    deinit { server.host.discovery?.stop() }

    /// Where clients connect, in the order of the config, as `127.0.0.1:8080`; port 0 has become the one that the kernel
    /// picked.
    public var addresses: [String] { server.addresses.map(\.description) }

    /// Serves until the task is cancelled, or `drain` or `stop` is called. A cancelled task drains: exchanges may finish
    /// for as long as `timeouts.drain` says. Call it once.
    ///
    /// - Throws: when the system has no threads left, or a loop failed.
    public func run() async throws(ReverseProxyError) {
        await server.prepare()
        do throws(StartError) {
            try server.start()
        } catch {
            throw ReverseProxyError.start(error.description)
        }
        server.host.onDrain { [weak self] in self?.drain() }
        server.host.discovery?.begin { [server, configuration] in await Self.adopt(configuration, server) }
        let failure = await withTaskCancellationHandler {
            await waitForEnd()
        } onCancel: {
            drain()
        }
        await server.conclude()
        server.finish()
        if let failure { throw ReverseProxyError.failed(failure) }
    }

    /// Puts into force what has been found; whether that has worked.
    private static func adopt(_ configuration: Configuration, _ server: ProxyServer) async -> Bool {
        let (old, new) = (server.configuration, server.host.overlay(configuration))
        switch await server.reload(new) {
        case .success:
            let changes = ConfigurationDiff(from: old, to: new)
            if !changes.isEmpty { server.log.notice("servers found", metadata: ["changes": "\(changes.summary)"]) }
            return true
        case .failure(let error):
            server.log.error("servers found are not in force yet", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Takes no more connections, lets exchanges finish for as long as `timeouts.drain` says, and ends.
    public func drain() {
        server.drain()
        Task { [server, drainTime] in
            try? await Task.sleep(for: drainTime)
            server.stop()
        }
    }

    /// Ends at once; exchanges that are going on are cut.
    public func stop() { server.stop() }

    /// Why a loop failed, if one did.
    private func waitForEnd() async -> String? {
        var failure: String?
        for await end in server.ends {
            guard let error = end.error else { continue }
            failure = failure ?? "event loop \(end.loop) failed: \(error)"
            server.stop()
        }
        return failure
    }
}

/// Why a proxy does not run.
public enum ReverseProxyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The config is wrong: all of it at once, as compilers show it.
    case configuration(String)
    /// An address, a file or a resource of the system cannot be had.
    case start(String)
    /// The system failed while the proxy was running.
    case failed(String)

    /// For a person.
    public var description: String {
        switch self {
        case .configuration(let text), .start(let text), .failed(let text): text
        }
    }
}
