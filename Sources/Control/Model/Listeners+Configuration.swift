// Listeners: what the config says of them, compiled.
import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting

extension ModelCompiler {
    /// The listeners in the order of the config, behind them those that only lead to https, and the admin listener last.
    static func listeners(
        _ configuration: Configuration, _ secure: SecureParts, places: [String: Int]
    ) throws(PatternError) -> [ListenerModel] {
        var listeners: [ListenerModel] = []
        var redirecting: [ListenerModel] = []
        for (index, listener) in configuration.listeners.enumerated() {
            var model = ListenerModel(name: listener.label, address: SocketAddress(listener.address))
            if !listener.proxyProtocol.isEmpty { model.proxyProtocol = NetworkSet(listener.proxyProtocol) }
            switch listener.mode {
            case .http: model.http2 = listener.http2.map { HTTP2Settings($0) }
            case .tcp: model.tunnel = try TunnelModel(listener, places: places)
            }
            if let tls = listener.tls {
                // Without, its clients would be served in clear.
                guard let security = secure.listeners[index] else { preconditionFailure("TLS without its parts") }
                model.tls = ListenerTLS(tls, security)
                if let plain = tls.httpsOnly {
                    var redirect = ListenerModel(name: plain.description, address: SocketAddress(plain))
                    redirect.redirectPort = SocketAddress(listener.address).port
                    redirecting.append(redirect)
                }
            }
            listeners.append(model)
        }
        listeners += redirecting
        if let admin = configuration.admin, let address = admin.address {
            var address = SocketAddress(address)
            address.isPrivate = true
            var model = ListenerModel(name: "admin", address: address, isAdmin: true)
            if let tls = admin.tls {
                guard let security = secure.listeners[configuration.listeners.count] else {
                    preconditionFailure("TLS without its parts")
                }
                model.tls = ListenerTLS(tls, security)
            }
            listeners.append(model)
        }
        return listeners
    }

    /// The places, in the model, of listeners that only lead to https, each with that of the listener they lead to.
    static func redirects(_ configuration: Configuration) -> [(from: Int, to: Int)] {
        var redirects: [(from: Int, to: Int)] = []
        for (index, listener) in configuration.listeners.enumerated() where listener.tls?.httpsOnly != nil {
            redirects.append((configuration.listeners.count + redirects.count, index))
        }
        return redirects
    }

    /// The same model, with the real ports of listeners that others lead to: the kernel may have picked them.
    static func place(
        _ model: Model, _ redirects: [(from: Int, to: Int)], at addresses: [SocketAddress]
    ) -> Model {
        if redirects.isEmpty { return model }
        var listeners = model.listeners
        for redirect in redirects { listeners[redirect.from].redirectPort = addresses[redirect.to].port }
        return Model(model, listeners: listeners)
    }
}

extension ListenerTLS {
    fileprivate init(_ tls: ListenerTLSConfiguration, _ security: ListenerSecurity) {
        self.init(context: security.context)
        strictTransport = tls.effectiveHSTS.map(\.fieldValue)
        leavesStrictTransport = tls.hsts == nil && strictTransport == nil
        forwardsCertificate = tls.clientCertificates?.forwardCertificate ?? false
    }
}

extension HSTSConfiguration {
    /// The value of Strict-Transport-Security (RFC 6797 section 6.1).
    var fieldValue: String {
        "max-age=\(maxAge.components.seconds)" + (includeSubdomains ? "; includeSubDomains" : "")
            + (preload ? "; preload" : "")
    }
}

extension UpstreamTLS {
    init(_ tls: UpstreamTLSConfiguration, _ security: UpstreamSecurity) {
        self.init(context: security.context)
        serverName = tls.serverName
        isInsecure = tls.insecure
    }
}

extension TunnelModel {
    /// The most exact names first: the first that matches counts.
    fileprivate init(_ listener: ListenerConfiguration, places: [String: Int]) throws(PatternError) {
        self.init()
        upstream = listener.upstream.flatMap { places[$0] }
        for entry in listener.serverNames {
            guard let place = places[entry.upstream] else { continue }
            for host in entry.host { names.append((try HostPattern(parsing: host), place)) }
        }
        names.sort { one, other in
            if one.host.isWildcard != other.host.isWildcard { return !one.host.isWildcard }
            return one.host.name.utf8.count > other.host.name.utf8.count
        }
    }
}
