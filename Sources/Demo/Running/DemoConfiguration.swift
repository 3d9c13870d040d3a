// The demo's config, made in code.
import MartletHTTPCore
import MartletProxyConfig

/// Makes the config of the proxy in front of the demo's servers.
enum DemoConfiguration {
    private static let loopback = IPAddress(v4: 0x7F00_0001)

    /// The slow server has a route of its own: that the others do not wait for it is the proxy's doing, and that nobody
    /// else waits for it is the config's.
    static func make(port: UInt16, servers: [UInt16]) -> Configuration {
        let addresses = zip(ServerKind.allCases, servers).map { kind, port in
            (kind, ServerConfiguration(address: .ip(loopback, port: port)))
        }
        let fast = addresses.filter { $0.0.thinkingTime == 0 }.map(\.1)
        let slow = addresses.filter { $0.0.thinkingTime > 0 }.map(\.1)
        var configuration = Configuration(
            listeners: [ListenerConfiguration(address: .tcp(loopback, port: port))],
            routes: [RouteConfiguration(upstream: "fast"), RouteConfiguration(path: "/slow", upstream: "slow")],
            upstreams: [
                UpstreamConfiguration(name: "fast", servers: fast), UpstreamConfiguration(name: "slow", servers: slow),
            ])
        configuration.accessLog = nil
        configuration.log.level = .warning
        return configuration
    }
}
