// A config without a file.
import MartletHTTPCore
import MartletProxyConfig

/// What `martlet proxy` runs: everything that comes in goes to one group of servers.
package enum QuickProxy {
    /// What servers that are reached by TLS begin with.
    private static let secure = "https://"

    /// The config for these addresses.
    /// - Parameters:
    ///   - servers: addresses, all of them with `https://` in front, or none.
    ///   - accessLog: `json`, `combined` or `off`.
    ///   - certificate: the path of a certificate for TLS with clients, and of its key where that is in another file.
    /// - Throws: for a text that is no address, with what was expected.
    package static func configuration(
        listen: String, servers: [String], accessLog: String, certificate: (path: String, key: String?)? = nil
    ) throws(AddressError) -> Configuration {
        let isSecure = servers.allSatisfy { $0.hasPrefix(secure) }
        var addresses: [ServerConfiguration] = []
        for server in servers {
            let text = isSecure ? authority(server.dropFirst(secure.count)) : server
            addresses.append(ServerConfiguration(address: try ServerAddress(parsing: text)))
        }
        var configuration = Configuration(
            listeners: [ListenerConfiguration(address: try ListenAddress(parsing: listen))],
            routes: [RouteConfiguration(upstream: "servers")],
            upstreams: [UpstreamConfiguration(name: "servers", servers: addresses)])
        if isSecure { configuration.upstreams[0].tls = UpstreamTLSConfiguration() }
        if let certificate {
            var tls = ListenerTLSConfiguration()
            tls.certificates = [CertificateConfiguration(certificate: certificate.path, key: certificate.key)]
            configuration.listeners[0].tls = tls
        }
        configuration.accessLog = nil
        if accessLog == "json" || accessLog == "combined" {
            var log = AccessLogConfiguration()
            log.format = accessLog == "json" ? .json : .combined
            configuration.accessLog = log
        }
        return configuration
    }

    /// Host and port of a URL without its scheme, with the port of https where there is none.
    private static func authority(_ text: Substring) -> String {
        let bare = text.hasSuffix("/") ? text.dropLast() : text
        let hasPort = bare.hasPrefix("[") ? bare.contains("]:") : bare.contains(":")
        return hasPort ? String(bare) : bare + ":443"
    }
}
