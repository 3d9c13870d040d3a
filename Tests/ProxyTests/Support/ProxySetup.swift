// What a proxy under test is made of.
import MartletBalancing
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
    /// How servers are chosen and watched. Its servers are the setup's when it names none.
    var health = UpstreamHealthSettings()
    var affinity = Affinity()
    /// The most exchanges at a time at each server, over all loops.
    var inFlightLimit = UInt32.max
    /// Who is told what is noticed of servers.
    var watch: (any ServerWatch)?
    /// The priority of requests whose path begins with "/high/" or "/low/" is that.
    var hasPriorities = false
    /// What requests may switch to.
    var upgrades = ["websocket"]
    /// The only host that has a route; `nil` for any.
    var host: String?
    /// What else is special about the listener.
    var listener: @Sendable (inout ListenerModel) -> Void = { _ in }
    /// Servers of further upstreams, one each.
    var others: [ServerModel] = []
    /// Whose forwarding fields are believed.
    var trusted: [Network] = []
    var clientField: String?
    /// With one there is an admin listener.
    var admin: (any AdminResponder)?
    /// Who is asked about clients, and how, before any route.
    var gatekeeper: (any Gatekeeper)?
    var evidence = AdmissionModel.Evidence.authorization
    /// What is served instead of asking a server, and who waits for disks.
    var site: FileSite?
    var workers: (any FileWorkers)?
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

    /// The servers, as those see them who choose.
    var facts: [ServerFacts] {
        servers.enumerated().map { place, server in
            var facts = ServerFacts(server: place, identity: Candidate.identity(of: server.name))
            facts.isNamed = server.addresses.isEmpty
            facts.inFlightLimit = inFlightLimit
            return facts
        }
    }

    private func routes() throws(PatternError) -> RouteSet {
        var hosts: [HostPattern] = []
        if let host { hosts.append(try HostPattern(parsing: host)) }
        var rules: [RouteRule] = []
        for path in hasPriorities ? ["/*", "/high/*", "/low/*"] : ["/*"] {
            rules.append(RouteRule(hosts: hosts, path: .pattern(try PathPattern(parsing: path))))
        }
        var table = UpgradeTable()
        let list = table.insert(upgrades)
        var targets = [Priority.normal, .high, .low].map { RouteTarget(upstream: 0, priority: $0, upgrades: list) }
        var actions = ActionTable()
        if site != nil {
            var plan = RoutePlan()
            plan.answer = .files(site: 0)
            targets = [RouteTarget(upstream: -1)]
            targets[0].actions = actions.insert(plan)
        }
        if gatekeeper != nil { for index in targets.indices { targets[index].gate = 0 } }
        var set = RouteSet(RouteTable(rules, seed: 1), targets: targets, upgrades: table)
        set.guarding = guarding
        set.actions = actions
        if let site { set.sites = [site] }
        return set
    }

    private var guarding: GateSet {
        var guarding = GateSet()
        guard gatekeeper != nil else { return guarding }
        var gate = GateModel()
        gate.admission = 0
        guarding.gates = [gate]
        guarding.admissions = [AdmissionModel(evidence, challenges: [.init("Basic realm=\"test\"")])]
        guarding.identityFields = ["x-user"]
        return guarding
    }

    func model() throws(PatternError) -> Model {
        let place = SocketAddress.loopback(port: 0)
        var listeners = [ListenerModel(name: "test", address: place)]
        listener(&listeners[0])
        if admin != nil { listeners.append(ListenerModel(name: "admin", address: place, isAdmin: true)) }
        var groups = UpstreamSet()
        var health = health
        if health.servers.isEmpty { health.servers = facts }
        groups.append("app", servers, settings: upstream, health: health, affinity: affinity)
        for (index, server) in others.enumerated() {
            groups.append("other \(index)", [server], settings: upstream)
        }
        return Model(
            listeners: listeners, routes: try routes(), groups: groups,
            trust: TrustModel(proxies: NetworkSet(trusted), field: clientField),
            settings: settings)
    }
}

extension ServerModel {
    /// A scripted server.
    init(_ server: ScriptedServer) { self.init(port: server.port) }

    /// Whoever is, or is not, on a port of 127.0.0.1.
    init(port: UInt16) { self.init(name: "127.0.0.1:\(port)", addresses: [.loopback(port: port)]) }
}
