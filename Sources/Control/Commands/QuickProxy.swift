// A config without a file.
import MartletHTTPCore
import MartletProxyConfig

/// What `martlet proxy` runs: everything that comes in goes to one group of servers.
package enum QuickProxy {
    /// The config for these addresses.
    /// - Parameters:
    ///   - accessLog: `json`, `combined` or `off`.
    /// - Throws: for a text that is no address, with what was expected.
    package static func configuration(
        listen: String, servers: [String], accessLog: String
    ) throws(AddressError) -> Configuration {
        var addresses: [ServerConfiguration] = []
        for server in servers { addresses.append(ServerConfiguration(address: try ServerAddress(parsing: server))) }
        var configuration = Configuration(
            listeners: [ListenerConfiguration(address: try ListenAddress(parsing: listen))],
            routes: [RouteConfiguration(upstream: "servers")],
            upstreams: [UpstreamConfiguration(name: "servers", servers: addresses)])
        configuration.accessLog = nil
        if let format = AccessLogFormat(rawValue: accessLog) {
            var log = AccessLogConfiguration()
            log.format = format
            configuration.accessLog = log
        }
        return configuration
    }
}
