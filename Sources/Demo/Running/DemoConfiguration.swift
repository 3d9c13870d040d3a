// The demo's config, made in code.
import MartletHTTPCore
import MartletProxyConfig

/// Makes the config of the proxy in front of the demo's servers.
enum DemoConfiguration {
    private static let loopback = IPAddress(v4: 0x7F00_0001)

    /// All three do the same work, and one of them is slow: how little it is asked is the proxy's doing. Errors that were
    /// asked for shall not be taken for illness.
    static func make(port: UInt16, servers: [UInt16], engine: String = "auto") -> Configuration {
        var upstream = UpstreamConfiguration(
            name: "demo", servers: servers.map { ServerConfiguration(address: .ip(loopback, port: $0)) })
        upstream.ejection = nil
        upstream.retry?.statuses = []
        var configuration = Configuration(
            listeners: [ListenerConfiguration(address: .tcp(loopback, port: port))],
            routes: [RouteConfiguration(upstream: upstream.name)], upstreams: [upstream])
        configuration.engine = EngineChoice(rawValue: engine) ?? .auto
        configuration.accessLog = nil
        configuration.log.level = .warning
        return configuration
    }
}
