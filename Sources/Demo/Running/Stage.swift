// All that has to stand before the demo begins: the servers, and the proxy in front of them.
import Logging
import MartletControl
import MartletEventLoop
import MartletProxyConfig

/// The servers and the proxy.
struct Stage: Sendable {
    let servers: DemoServers
    let proxy: ProxyServer
    /// The usual port was taken.
    let isElsewhere: Bool

    /// Enough for the clients of a demo, at both ends.
    private static let descriptors = 8_192

    /// - Parameters:
    ///   - engine: what the proxy's event loops stand on, as the config calls it.
    ///   - failed: is called on the servers' thread if it fails later.
    init(port: UInt16?, engine: String, failed: @escaping @Sendable (SystemError) -> Void) throws(StartError) {
        _ = Host.raiseDescriptorLimit(to: Self.descriptors)
        do throws(SystemError) {
            servers = try DemoServers(failed: failed)
        } catch {
            throw StartError.system(error)
        }
        (proxy, isElsewhere) = try Self.proxy(port, servers.ports, engine)
    }

    /// Only the port that nobody asked for is exchanged for another one.
    private static func proxy(
        _ port: UInt16?, _ servers: [UInt16], _ engine: String
    ) throws(StartError) -> (ProxyServer, isElsewhere: Bool) {
        do throws(StartError) {
            return (try proxy(at: port ?? DemoOptions.usualPort, servers, engine), false)
        } catch {
            guard port == nil, case .listening(_, .addressInUse) = error else { throw error }
            return (try proxy(at: 0, servers, engine), true)
        }
    }

    private static func proxy(
        at port: UInt16, _ servers: [UInt16], _ engine: String
    ) throws(StartError) -> ProxyServer {
        let configuration = DemoConfiguration.make(port: port, servers: servers, engine: engine)
        return try ProxyServer(configuration, log: Logger.martlet(configuration.log))
    }

    /// Where clients connect.
    var address: SocketAddress { proxy.addresses[0] }

    /// The figures now. The config has the servers in the order of `ServerKind`.
    var figures: Figures { Figures(proxy.snapshot, names: ServerKind.allCases.map(\.name)) }
}
