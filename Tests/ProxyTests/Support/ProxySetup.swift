// What a proxy under test is made of.
import MartletEventLoop
import MartletHTTPCore
import MartletProxy
import MartletRouting
import MartletTestSupport

/// One upstream behind every path of the host "test" and any other, unless `hosts` says otherwise.
struct ProxySetup: Sendable {
    var servers: [ServerModel]
    var settings = ProxySettings()
    /// Who cannot be reached is not waited for, unless a test is about that.
    var upstream = ProxySetup.impatient
    /// The only host that has a route; `nil` for any.
    var host: String?
    /// With one there is an admin listener.
    var admin: (any AdminResponder)?
    var format = AccessLogFormat.json
    /// Sockets that the loop may have at a time.
    var sockets: Int?

    private static var impatient: UpstreamSettings {
        var settings = UpstreamSettings()
        settings.queue.noServerTime = 0
        return settings
    }

    init(_ servers: [ServerModel]) { self.servers = servers }

    /// One server on a port of 127.0.0.1.
    init(_ server: ScriptedServer) { self.init([ServerModel(server)]) }

    /// No server that could be asked.
    static var withoutServers: ProxySetup { ProxySetup([ServerModel(name: "app.test:80", addresses: [])]) }

    /// A changed copy.
    func with(_ change: (inout ProxySetup) -> Void) -> ProxySetup {
        var copy = self
        change(&copy)
        return copy
    }

    func model() throws(PatternError) -> Model {
        let place = SocketAddress.loopback(port: 0)
        var listeners = [ListenerModel(name: "test", address: place)]
        if admin != nil { listeners.append(ListenerModel(name: "admin", address: place, isAdmin: true)) }
        var groups = UpstreamSet()
        groups.append("app", servers, settings: upstream)
        var pattern: HostPattern?
        if let host { pattern = try HostPattern(parsing: host) }
        return Model(
            listeners: listeners,
            routes: (RouteTable([(pattern, try PathPattern(parsing: "/*"), 0)], seed: 1), [RouteTarget(upstream: 0)]),
            groups: groups, trustedProxies: NetworkSet([]), settings: settings)
    }
}

extension ServerModel {
    /// A scripted server.
    init(_ server: ScriptedServer) { self.init(port: server.port) }

    /// Whoever is, or is not, on a port of 127.0.0.1.
    init(port: UInt16) { self.init(name: "127.0.0.1:\(port)", addresses: [.loopback(port: port)]) }
}
