// What the configuration means: validated, immutable, compiled. Loops share it and never change it (decision D6).
import MartletBalancing
import MartletEventLoop
import MartletHTTPCore
import MartletRouting
import MartletTelemetry

/// A compiled configuration.
package final class Model: Sendable {
    /// Where clients come in, in the order of the listeners' tags.
    package let listeners: [ListenerModel]
    /// From a request to an index of `targets`.
    package let routes: RouteTable
    /// Where routes lead.
    package let targets: [RouteTarget]
    /// What targets are called in logs and metrics, in their order.
    package let names: [RouteName]
    /// How requests are shared out between upstreams; targets refer to it.
    package let splits: [SplitModel]
    /// Copies of requests; targets refer to it.
    package let mirrors: [MirrorModel]
    /// What routes do besides; targets refer to it.
    package let actions: ActionTable
    /// For each upstream, how responses may show where its servers stand.
    let origins: [OriginModel]
    /// What connections may switch to; targets refer to its lists.
    package let upgrades: UpgradeTable
    /// What stands between routes and servers.
    package let guarding: GateSet
    /// What files are served from.
    package let sites: [FileSite]
    /// By their places (`slots`), which they keep from one model to the next. Some are retired.
    package let upstreams: [UpstreamModel]
    /// The servers of all upstreams, by their places.
    package let servers: [ServerModel]
    /// Who has which place.
    package let slots: SlotTable
    /// By the places of servers, that of their upstream; -1 where no server of the config is.
    private let homes: [Int]
    /// Models of a process, from 0 on. Each part that may stay as it was has the number of the model with which it came.
    package let generation: Int
    /// All of what routes lead to, for a model that has the same.
    package let routeSet: RouteSet
    /// Whom to believe about clients.
    package let trust: TrustModel
    package let settings: ProxySettings
    /// Under which names exchanges are counted.
    package let labels: ScopeLabels
    /// Answers to ACME servers.
    package let challenges = HTTPChallenges.ofProcess

    package init(
        listeners: [ListenerModel], routes: RouteSet, groups: UpstreamSet, trust: TrustModel,
        settings: ProxySettings
    ) {
        self.listeners = listeners
        let previous = groups.before
        generation = previous.map { $0.generation + 1 } ?? 0
        slots = groups.slots
        var homes = Array(repeating: -1, count: groups.servers.count)
        for (place, upstream) in groups.upstreams.enumerated() {
            for server in upstream.servers { homes[server] = place }
        }
        self.homes = homes
        routeSet = routes
        self.routes = routes.table
        targets = routes.targets
        names = routes.names
        splits = routes.splits
        mirrors = routes.mirrors
        upgrades = routes.upgrades
        actions = routes.actions
        // Of servers that have been removed, responses may still be on their way.
        var leaving: [String: [Int]] = [:]
        for place in groups.slots.servers.retired {
            if let name = groups.slots.servers.names[place] { leaving[name.upstream, default: []].append(place) }
        }
        origins = groups.upstreams.enumerated().map { place, upstream in
            if let previous, previous.hasSameOrigin(place, upstream, routes.aliases[place]) {
                return previous.origins[place]
            }
            let servers = upstream.servers + (leaving[upstream.name] ?? [])
            return OriginModel(servers: servers.map { groups.servers[$0] }, aliases: routes.aliases[place] ?? [])
        }
        guarding = routes.guarding
        sites = routes.sites
        labels = ScopeLabels()
        upstreams = groups.upstreams
        servers = groups.servers
        self.trust = trust
        self.settings = settings
    }

    /// The same model with other listeners.
    package convenience init(_ other: Model, listeners: [ListenerModel]) {
        self.init(
            other, listeners: listeners, targets: other.targets, upstreams: other.upstreams, labels: other.labels)
    }

    /// The same model, whose exchanges are counted under these names.
    package convenience init(_ other: Model, labels: ScopeLabels, blocks: (Scope) -> [Int]) {
        var (listeners, targets, upstreams) = (other.listeners, other.targets, other.upstreams)
        for (place, block) in blocks(.listener).enumerated() { listeners[place].counters = UInt16(block) }
        for (place, block) in blocks(.route).enumerated() { targets[place].counters = UInt16(block) }
        for (place, block) in blocks(.upstream).enumerated() { upstreams[place].counters = UInt16(block) }
        self.init(other, listeners: listeners, targets: targets, upstreams: upstreams, labels: labels)
    }

    private init(
        _ other: Model, listeners: [ListenerModel], targets: [RouteTarget], upstreams: [UpstreamModel],
        labels: ScopeLabels
    ) {
        self.listeners = listeners
        generation = other.generation
        slots = other.slots
        homes = other.homes
        routeSet = other.routeSet
        self.targets = targets
        self.upstreams = upstreams
        self.labels = labels
        routes = other.routes
        names = other.names
        splits = other.splits
        mirrors = other.mirrors
        upgrades = other.upgrades
        actions = other.actions
        origins = other.origins
        guarding = other.guarding
        sites = other.sites
        servers = other.servers
        trust = other.trust
        settings = other.settings
    }

    private func hasSameOrigin(_ place: Int, _ upstream: UpstreamModel, _ aliases: [String]?) -> Bool {
        upstreams.indices.contains(place) && upstreams[place].revision == upstream.revision
            && upstreams[place].name == upstream.name && routeSet.aliases[place] == aliases
    }

    /// Whether a route or a rule looks at clients' certificates.
    var matchesCertificates: Bool {
        routes.usesCertificates || guarding.access.rules.contains { $0.condition?.usesCertificates ?? false }
    }

    /// The upstreams of the config, with their places.
    package var currentUpstreams: [(place: Int, upstream: UpstreamModel)] {
        upstreams.enumerated().compactMap { place, upstream in upstream.isRetired ? nil : (place, upstream) }
    }

    /// The upstream of a server; `nil` where no server of the config is.
    package func upstream(of server: Int) -> UpstreamModel? {
        homes.indices.contains(server) && homes[server] >= 0 ? upstreams[homes[server]] : nil
    }

    /// Whether there may only be so many connections to an upstream, or to one of its servers.
    func limitsConnections(_ upstream: Int) -> Bool {
        let group = upstreams[upstream]
        return group.settings.breaker.connections != .max
            || group.servers.contains { servers[$0].connectionLimit != .max }
    }
}

/// Where a route leads.
package struct RouteTarget: Sendable, BitwiseCopyable {
    /// An index of `Model.upstreams`; -1 if Martlet answers itself.
    package let upstream: Int
    /// What else the route does: a place in `Model.actions`, 0 for nothing.
    package var actions: Int = 0
    /// Which of its exchanges come first when there is a queue.
    package let priority: Priority
    /// The protocols that its requests may switch to: a list of `Model.upgrades`.
    package let upgrades: Int
    /// Paths with an encoded slash or backslash are passed on, rather than refused.
    package var takesEncodedSlashes = false
    /// What decides on the upstream instead: a place in `Model.splits`; -1 for nothing.
    package var split: Int32 = -1
    /// What copies its requests: a place in `Model.mirrors`; -1 for nothing.
    package var mirror: Int32 = -1
    /// Whether calls of gRPC-Web become calls of gRPC.
    package var translatesWeb = false
    /// Whether content of its responses may be changed on the way.
    package var codesContent = false
    /// What stands before it: a place in the gates of `Model.guarding`; -1 for nothing.
    package var gate: Int32 = -1
    /// The block of counters in which its exchanges are counted.
    package var counters = UInt16(Scope.other)
    /// The share of its new traces that are recorded, of 2^32; `nil` for that of all, and see `untraced`.
    package var traceShare: UInt64?
    /// The share of a route without traces.
    package static let untraced = UInt64.max

    package init(upstream: Int, priority: Priority = .normal, upgrades: Int = 0) {
        self.upstream = upstream
        self.priority = priority
        self.upgrades = upgrades
    }
}

/// All routes with what they lead to.
package struct RouteSet: Sendable {
    /// From a request to an index of `targets`.
    package let table: RouteTable
    package let targets: [RouteTarget]
    /// The lists that targets refer to.
    package let upgrades: UpgradeTable
    /// How requests are shared out; targets refer to it.
    package var splits: [SplitModel] = []
    /// Copies of requests; targets refer to it.
    package var mirrors: [MirrorModel] = []
    /// What targets do besides.
    package var actions = ActionTable()
    /// By upstream: hosts by which its servers are asked, besides their addresses.
    package var aliases: [Int: [String]] = [:]
    /// What stands between them and the servers.
    package var guarding = GateSet()
    /// What files are served from; actions refer to it.
    package var sites: [FileSite] = []
    /// The number of the model with which it came.
    package var generation = 0
    /// What targets are called in logs and metrics, in their order.
    package var names: [RouteName] = []

    package init(_ table: RouteTable, targets: [RouteTarget], upgrades: UpgradeTable = UpgradeTable()) {
        self.table = table
        self.targets = targets
        self.upgrades = upgrades
    }
}

/// A place where clients come in.
package struct ListenerModel: Sendable {
    /// How it is called in logs and metrics.
    package let name: String
    package let address: SocketAddress
    /// The admin listener: requests are answered by Martlet itself.
    package let isAdmin: Bool
    /// TLS for its clients.
    package var tls: ListenerTLS?
    /// HTTP/2 for its clients: by ALPN over TLS, and else with prior knowledge. `nil` for none.
    package var http2: HTTP2Settings?
    /// The port that requests are redirected to, by https: this listener does nothing else.
    package var redirectPort: UInt16?
    /// Its connections are passed on as they are, without HTTP.
    package var tunnel: TunnelModel?
    /// Peers that must begin with the PROXY protocol, and are believed.
    package var proxyProtocol: NetworkSet?
    /// The block of counters in which its exchanges are counted.
    package var counters = UInt16(Scope.other)

    /// Whether all loops accept on one socket: a path can be bound once. The admin listener is one loop's.
    package var isShared: Bool { address.path != nil && !isAdmin }

    package init(name: String, address: SocketAddress, isAdmin: Bool = false) {
        self.name = name
        self.address = address
        self.isAdmin = isAdmin
    }
}

/// All upstreams with all their servers.
package struct UpstreamSet: Sendable {
    package private(set) var upstreams: [UpstreamModel] = []
    package private(set) var servers: [ServerModel] = []
    /// Who has which place; of those that were appended nothing is kept.
    package private(set) var slots = SlotTable()
    /// The model that was made before.
    private(set) var before: Model?

    package init() {}

    /// All by their places.
    /// - Parameter before: the model that loops go by now, if there is one.
    package init(_ upstreams: [UpstreamModel], _ servers: [ServerModel], slots: SlotTable, after before: Model?) {
        self.upstreams = upstreams
        self.servers = servers
        self.slots = slots
        self.before = before
    }

    /// Puts an upstream behind the others. Without `health` it has plain servers and the defaults.
    package mutating func append(
        _ name: String, _ servers: [ServerModel], settings: UpstreamSettings, health: UpstreamHealthSettings? = nil,
        affinity: Affinity = Affinity()
    ) {
        let first = self.servers.count
        self.servers += servers
        let range = Array(first..<self.servers.count)
        var plain = UpstreamHealthSettings()
        plain.servers = range.map {
            var facts = ServerFacts(server: $0, identity: Candidate.identity(of: self.servers[$0].name))
            facts.isNamed = self.servers[$0].addresses.isEmpty
            return facts
        }
        upstreams.append(
            UpstreamModel(name: name, servers: range, settings: settings, health: health ?? plain, affinity: affinity))
    }
}

extension UpstreamSet {
    /// Puts TLS before the servers of the upstream that was appended last.
    package mutating func secureLast(_ tls: UpstreamTLS?) { upstreams[upstreams.count - 1].tls = tls }
}

/// A group of servers that are alike.
package struct UpstreamModel: Sendable {
    package let name: String
    /// Its servers' places in `Model.servers`, in the order of the config.
    package private(set) var servers: [Int]
    package private(set) var settings: UpstreamSettings
    /// How its servers are chosen and watched.
    package private(set) var health: UpstreamHealthSettings
    package private(set) var affinity: Affinity
    /// TLS to its servers.
    package var tls: UpstreamTLS?
    /// The number of the model with which it became what it is.
    package var revision = 0
    /// It is not in the config any more, and exchanges may still refer to it; or nobody has its place.
    package private(set) var isRetired = false
    /// The block of counters in which its exchanges are counted.
    package var counters = UInt16(Scope.other)

    package init(
        name: String, servers: [Int], settings: UpstreamSettings, health: UpstreamHealthSettings, affinity: Affinity
    ) {
        self.name = name
        self.servers = servers
        self.settings = settings
        self.health = health
        self.health.preface = settings.proxyProtocol.header(from: nil, to: nil)
        self.affinity = affinity
    }

    /// A place that nobody has.
    package static let vacant = UpstreamModel(
        name: "", servers: [], settings: UpstreamSettings(), health: UpstreamHealthSettings(), affinity: Affinity()
    ).retired(revision: 0)

    /// The same, out of the config: nobody is chosen any more, and nobody waits.
    package func retired(revision: Int) -> UpstreamModel {
        var retired = self
        retired.isRetired = true
        retired.servers = []
        retired.health.servers = []
        retired.affinity = Affinity()
        retired.settings.queue.noServerTime = 0
        retired.settings.queue.saturatedTime = 0
        retired.revision = revision
        return retired
    }
}

/// One address of an upstream.
package struct ServerModel: Sendable {
    /// As the user wrote it: "127.0.0.1:9001", "app.internal:80", "unix:/run/app.sock".
    package let name: String
    /// Where to connect. Empty for a host name: its addresses come by message when they are resolved.
    package let addresses: [SocketAddress]
    /// The most connections at a time, idle ones included, over all loops.
    package let connectionLimit: Int

    /// The host of the address, without a port: a name, or an IP address as text; "localhost" for a Unix socket.
    package var hostName: String {
        if name.hasPrefix("unix:") { return "localhost" }
        if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
            return String(name[name.index(after: name.startIndex)..<end])
        }
        return name.lastIndex(of: ":").map { String(name[..<$0]) } ?? name
    }

    /// A place that nobody has.
    package static let vacant = ServerModel(name: "", addresses: [])

    package init(name: String, addresses: [SocketAddress], connectionLimit: Int = .max) {
        self.name = name
        self.addresses = addresses
        self.connectionLimit = connectionLimit
    }
}
