// From the routes of a config to those of its model. There may be tens of thousands: what is done for each is little, and what
// many of them have in common is made once.
import MartletBalancing
import MartletProxy
import MartletProxyConfig
import MartletRouting

/// Compiles routes, one after the other.
struct RouteSetCompiler {
    private let configuration: Configuration
    /// Of upstreams in the model, by their names.
    private let places: [String: Int]
    private let secret: StickySecret
    private let guards: GuardParts
    private let context: RouteContext
    private var gates: GateCompiler
    private var actions: ActionTable
    /// The places in the config of those that lead somewhere.
    private var members: [Int] = []
    private var targets: [RouteTarget] = []
    private var names: [RouteName] = []
    private var upgrades = UpgradeTable()
    private var splits: [SplitModel] = []
    private var mirrors: [MirrorModel] = []
    private var sites: [FileSite] = []
    private var aliases: [Int: [String]] = [:]
    /// What routes do that only lead to an upstream, by its place.
    private var plainActions: [Int: Int] = [:]
    /// Which routes are as they were.
    private let pairing: RoutePairing?
    /// Whether what several have in common is made once; otherwise all is made for each, as tests compare it.
    private let isShared: Bool

    /// - Parameters:
    ///   - places: of upstreams in the model, by their names.
    ///   - before: what loops go by now.
    init(
        _ configuration: Configuration, places: [String: Int], _ parts: CompiledParts,
        after before: CompiledBefore? = nil, isShared: Bool = true
    ) throws(PatternError) {
        self.configuration = configuration
        self.places = places
        secret = parts.secret
        guards = parts.guards
        self.isShared = isShared
        context = RouteContext(configuration)
        gates = try GateCompiler(configuration, parts.guards, places: places, parts.secret)
        pairing = before.flatMap { RoutePairing(configuration.routes, after: $0) }
        actions = ActionTable()
        actions.setCommon(RoutePlan(common: configuration))
        members.reserveCapacity(configuration.routes.count)
        targets.reserveCapacity(configuration.routes.count)
        names.reserveCapacity(configuration.routes.count)
    }

    /// Adds the route at a place of the config, unless it leads nowhere.
    mutating func add(_ index: Int) throws(PatternError) {
        let entry = configuration.routes.entries[index]
        if entry.isPlain && isShared { try addPlain(entry, index) } else { try addOther(entry, index) }
        if targets.count == members.count { return }
        members.append(index)
        names.append(pairing?.name(of: index) ?? RouteName(entry.route))
    }

    /// Adds a target that only leads to its upstream.
    private mutating func addPlain(_ entry: RouteEntry, _ index: Int) throws(PatternError) {
        guard let upstream = places[entry.route.upstream] else { return }
        var target = RouteTarget(upstream: upstream)
        if let known = plainActions[upstream] {
            target.actions = known
        } else {
            target.actions = actions.insertShared(RoutePlan(entry.route, in: context)) { _ in }
            plainActions[upstream] = target.actions
        }
        target.codesContent = context.common.compression != nil
        target.gate = try gates.gate(of: entry.route, index)
        targets.append(target)
    }

    /// Adds a target that may do anything.
    private mutating func addOther(_ entry: RouteEntry, _ index: Int) throws(PatternError) {
        let route = entry.route
        let upstreams = self.upstreams(of: route)
        var plan = RoutePlan(route, in: context)
        if let files = route.files { plan.answer = .files(site: addSite(files, of: route, index)) }
        if upstreams.isEmpty && plan.answer == nil { return }
        // A host of which clients choose parts is not known before.
        if let host = route.rewrite?.host, !host.contains("{") {
            for place in upstreams { aliases[place, default: []].append(host) }
        }
        let rule = try entry.rule()
        var target = RouteTarget(
            upstream: upstreams.first ?? -1, priority: Priority(route.priority),
            upgrades: upgrades.insert(route.upgrades ?? []))
        target.takesEncodedSlashes = route.encodedSlashes == .keep
        addShares(of: route, index, to: &target)
        target.actions = insert(plan) { $0.setPlace(of: rule, route.name ?? "routes[\(index)]") }
        target.traceShare = route.tracing.map {
            $0.map { UInt64($0.sample * 4_294_967_296) } ?? RouteTarget.untraced
        }
        target.codesContent = plan.compression != nil || plan.body != nil
        target.translatesWeb = route.grpcWeb
        target.gate = try gates.gate(of: route, index)
        targets.append(target)
    }

    private mutating func insert(_ plan: RoutePlan, _ setPlace: (inout RoutePlan) -> Void) -> Int {
        if isShared { return actions.insertShared(plan, setPlace) }
        var plan = plan
        setPlace(&plan)
        return actions.insert(plan)
    }

    private func upstreams(of route: RouteConfiguration) -> [Int] {
        if route.split == nil { return places[route.upstream].map { [$0] } ?? [] }
        return route.upstreams.compactMap { places[$0] }
    }

    private mutating func addSite(_ files: FilesConfiguration, of route: RouteConfiguration, _ index: Int) -> Int {
        // Without, there would be nothing to look in.
        guard let folder = guards.sites.folders["routes[\(index)]"] else {
            preconditionFailure("files without their folder")
        }
        sites.append(FileSite(files, of: route, folder))
        return sites.count - 1
    }

    /// How requests are shared out, and who gets copies of them.
    private mutating func addShares(of route: RouteConfiguration, _ index: Int, to target: inout RouteTarget) {
        if let split = route.split {
            target.split = Int32(splits.count)
            var model = SplitModel(split, places: places, secret: secret)
            model.route = route.name ?? "routes[\(index)]"
            splits.append(model)
        }
        if let mirror = route.mirror.flatMap({ MirrorModel($0, places: places) }) {
            target.mirror = Int32(mirrors.count)
            mirrors.append(mirror)
        }
    }

    /// All of them.
    mutating func finish() throws(PatternError) -> RouteSet {
        actions.close()
        var routes = RouteSet(try table(), targets: targets, upgrades: upgrades)
        routes.names = names
        routes.splits = splits
        routes.mirrors = mirrors
        routes.actions = actions
        routes.aliases = aliases
        routes.guarding = gates.finish()
        routes.sites = sites
        return routes
    }

    /// From requests to targets.
    private func table() throws(PatternError) -> RouteTable {
        if let known = pairing?.table, members.count == configuration.routes.count { return known }
        var rules: [RouteRule] = []
        rules.reserveCapacity(members.count)
        for index in members { rules.append(try configuration.routes.entries[index].rule()) }
        return RouteTable(rules)
    }
}
