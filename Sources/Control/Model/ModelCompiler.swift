// From what the user wrote to what it means (decision D6).
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting

/// Compiles configs.
package enum ModelCompiler {
    /// What `configuration` means for `loops` event loops.
    /// - Parameters:
    ///   - secret: what sticky cookies are made with where the config has no secret.
    ///   - secure: of this config; without TLS there is none.
    /// - Throws: when a pattern is none. The loader has refused such a config already; one made in code may have them.
    package static func compile(
        _ configuration: Configuration, loops: Int, secret: StickySecret = .ofProcess,
        secure: SecureParts = SecureParts()
    ) throws(PatternError) -> Model {
        var places: [String: Int] = [:]
        for (index, upstream) in configuration.upstreams.enumerated() { places[upstream.name] = index }
        return Model(
            listeners: try listeners(configuration, secure, places: places),
            routes: try routes(configuration, places: places), groups: groups(configuration, secret, secure),
            trustedProxies: NetworkSet(configuration.trustedProxies),
            settings: ProxySettings(configuration, loops: loops))
    }

    private static func groups(
        _ configuration: Configuration, _ secret: StickySecret, _ secure: SecureParts
    ) -> UpstreamSet {
        var groups = UpstreamSet()
        for upstream in configuration.upstreams {
            let first = groups.servers.count
            groups.append(
                upstream.name, upstream.servers.map { ServerModel($0) }, settings: UpstreamSettings(upstream),
                health: UpstreamHealthSettings(upstream, firstServer: first),
                affinity: Affinity(upstream, secret: secret))
            guard let tls = upstream.tls else { continue }
            // Without, its servers would be sent everything in clear.
            guard let security = secure.upstreams[upstream.name] else { preconditionFailure("TLS without its parts") }
            groups.secureLast(UpstreamTLS(tls, security))
        }
        return groups
    }

    private static func routes(
        _ configuration: Configuration, places: [String: Int]
    ) throws(PatternError) -> RouteSet {
        var routes: [(host: HostPattern?, path: PathPattern, value: Int)] = []
        var targets: [RouteTarget] = []
        var upgrades = UpgradeTable()
        for route in configuration.routes {
            guard let upstream = places[route.upstream] else { continue }
            let path = try PathPattern(parsing: route.path)
            if route.host.isEmpty { routes.append((nil, path, targets.count)) }
            for host in route.host { routes.append((try HostPattern(parsing: host), path, targets.count)) }
            let list = upgrades.insert(route.upgrades ?? [])
            targets.append(RouteTarget(upstream: upstream, priority: Priority(route.priority), upgrades: list))
        }
        return RouteSet(RouteTable(routes), targets: targets, upgrades: upgrades)
    }
}

extension SocketAddress {
    /// Where a listener listens.
    init(_ address: ListenAddress) {
        switch address {
        case .tcp(nil, let port): self.init(anyPort: port)
        case .tcp(let address?, let port): self.init(high: address.hi, low: address.lo, port: port)
        case .unix(let path): self.init(path: path)
        }
    }
}

extension ServerModel {
    /// A server as it is written; the addresses of a host name come later.
    init(_ server: ServerConfiguration) {
        let addresses: [SocketAddress] =
            switch server.address {
            case .ip(let ip, let port): [SocketAddress(high: ip.hi, low: ip.lo, port: port)]
            case .name: []
            case .unix(let path): [SocketAddress(path: path)]
            }
        self.init(
            name: server.address.description, addresses: addresses, connectionLimit: server.maxConnections ?? .max)
    }
}

extension Priority {
    init(_ priority: RoutePriority) {
        self =
            switch priority {
            case .high: .high
            case .normal: .normal
            case .low: .low
            }
    }
}
