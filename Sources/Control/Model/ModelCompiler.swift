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
    ///   - guards: of this config; without rules, files and maintenance there are none.
    /// - Throws: when a pattern is none. The loader has refused such a config already; one made in code may have them.
    package static func compile(
        _ configuration: Configuration, loops: Int, secret: StickySecret = .ofProcess,
        secure: SecureParts = SecureParts(), guards: GuardParts = GuardParts()
    ) throws(PatternError) -> Model {
        let parts = CompiledParts(secret: secret, secure: secure, guards: guards)
        return try compile(configuration, loops: loops, parts, after: nil)
    }

    /// The same for a proxy that runs.
    /// - Parameter before: what its loops go by now.
    static func compile(
        _ configuration: Configuration, loops: Int, _ parts: CompiledParts, after before: CompiledBefore?
    ) throws(PatternError) -> Model {
        let placement = Placement(configuration, after: before)
        let settings = ProxySettings(configuration, loops: loops)
        return Model(
            listeners: try listeners(configuration, parts.secure, places: placement.upstreams),
            routes: try routes(configuration, placement.upstreams, parts, after: before),
            groups: groups(configuration, placement, parts.secret, parts.secure, after: before),
            trust: TrustModel(
                proxies: NetworkSet(configuration.trustedProxies), field: configuration.clientAddressField),
            settings: before.map { settings.keepingSizes(of: $0.model.settings) } ?? settings)
    }

    /// The same as before where nothing about them is another.
    private static func routes(
        _ configuration: Configuration, _ places: [String: Int], _ parts: CompiledParts, after before: CompiledBefore?
    ) throws(PatternError) -> RouteSet {
        if let before, before.keepsRoutes { return before.model.routeSet }
        var compiler = try RouteSetCompiler(configuration, places: places, parts, after: before)
        for index in configuration.routes.indices { try compiler.add(index) }
        var routes = try compiler.finish()
        guard let before else { return routes }
        routes.generation = before.model.generation + 1
        routes.goOnCounting(configuration.routes, before.model.routeSet, before.configuration.routes)
        return routes
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

extension RouteName {
    /// A route's name, or else the first host and the path that it is for.
    init(_ route: RouteConfiguration) {
        let path = route.regex.map { " ~ " + $0 } ?? route.path
        self.init(
            text: route.name ?? (route.host.first ?? "") + path, path: route.regex ?? route.path,
            isGiven: route.name != nil)
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

/// What a config is compiled with, besides itself.
struct CompiledParts {
    var secret = StickySecret.ofProcess
    var secure: SecureParts
    var guards: GuardParts
}
