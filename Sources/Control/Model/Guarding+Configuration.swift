// From what the user wrote of access to what it means.
import MartletHTTPCore
import MartletProxy
import MartletProxyConfig
import MartletRouting

/// Gathers what stands between routes and servers.
struct GateCompiler {
    private(set) var gates = GateSet()
    private let parts: GuardParts
    private let maintenance: MaintenanceParts
    /// Who is asked on routes that say nothing of it; -1 for nobody.
    private var common: Int32 = -1

    /// With the rules that are asked on all routes.
    /// - Parameters:
    ///   - places: of upstreams in the model, by their names.
    ///   - secret: what cookies are signed with where the config has no secret.
    init(
        _ configuration: Configuration, _ parts: GuardParts, places: [String: Int], _ secret: StickySecret
    ) throws(PatternError) {
        self.parts = parts
        maintenance = parts.sites.maintenance
        gates.maintenances = maintenance.models
        gates.hasCommonMaintenance = configuration.maintenance != nil
        for (name, place) in places where !maintenance.places.isEmpty {
            gates.upstreamMaintenances[place] = maintenance.places["upstreams.\(name).maintenance"]
        }
        gates.access.lists = parts.lists
        try add(configuration.access, at: "access")
        gates.access.common = gates.access.rules.count
        if configuration.hasChallenges { gates.challenge = ChallengeModel(configuration.challenge, secret: secret) }
        if let challenger = parts.challenger { gates.challenge?.challenger = challenger }
        if let auth = configuration.auth { common = admission(auth, at: "auth") }
    }

    /// What stands before a route: a place among the gates; -1 for nothing.
    mutating func gate(of route: RouteConfiguration, _ index: Int) throws(PatternError) -> Int32 {
        let isOpenToAll = gates.access.common == 0 && common < 0 && maintenance.places.isEmpty
        if isOpenToAll && route.access.isEmpty && route.auth == nil { return -1 }
        let path = "routes[\(index)]"
        var gate = GateModel()
        gate.first = Int32(gates.access.rules.count)
        try add(route.access, at: path + ".access")
        gate.end = Int32(gates.access.rules.count)
        gate.admission =
            switch route.auth {
            // What Martlet answers by itself is in the config: nobody is asked.
            case nil: route.upstreams.isEmpty && route.files == nil ? -1 : common
            case .some(nil): -1
            case .some(let auth?): admission(auth, at: path + ".auth")
            }
        setMaintenance(of: route, at: path, &gate)
        let isOpen =
            gate.admission < 0 && gate.maintenance < 0 && gate.ownMaintenance < 0
            && !gate.asksUpstream
        if gates.access.common == 0 && gate.first == gate.end && isOpen { return -1 }
        gates.gates.append(gate)
        return Int32(gates.gates.count - 1)
    }

    private func setMaintenance(of route: RouteConfiguration, at path: String, _ gate: inout GateModel) {
        if case .some(nil) = route.maintenance { return }
        gate.maintenance = maintenance.places["maintenance"] ?? -1
        let own = maintenance.places[path + ".maintenance"]
        gate.ownMaintenance = own ?? maintenance.places["upstreams.\(route.upstream).maintenance"] ?? -1
        let shares = route.split?.upstreams.map(\.upstream) ?? []
        gate.asksUpstream = own == nil && shares.contains { maintenance.places["upstreams.\($0).maintenance"] != nil }
    }

    /// A way to prove who one is, among the model's: at the place where its judge is.
    private mutating func admission(_ auth: AuthConfiguration, at path: String) -> Int32 {
        // Without, everybody would come in.
        guard let place = parts.admissions[path] else { preconditionFailure("auth without its parts") }
        while gates.admissions.count <= place { gates.admissions.append(AdmissionModel(.authorization)) }
        gates.admissions[place] = AdmissionModel(auth)
        for name in auth.identityFields.map({ $0.lowercased() }) where !gates.identityFields.contains(name) {
            gates.identityFields.append(name)
        }
        return Int32(place)
    }

    /// All of it.
    mutating func finish() -> GateSet {
        gates.access.counts = RuleCounts(gates.access.rules.count)
        return gates
    }

    private mutating func add(_ rules: [AccessRuleConfiguration], at path: String) throws(PatternError) {
        for (index, rule) in rules.enumerated() {
            var compiled = AccessRule(name: rule.name ?? "\(path)[\(index)]", action: AccessAction(rule.action))
            compiled.status = UInt16(rule.status)
            compiled.isShadow = rule.shadow
            compiled.requests = try rule.places().map { RouteTable($0) }
            compiled.condition = try rule.condition().map { RouteTable([$0]) }
            if !rule.clients.isEmpty { compiled.clients = NetworkSet(rule.clients) }
            compiled.lists = rule.clientFiles.compactMap { parts.places[$0] }
            gates.access.rules.append(compiled)
        }
    }
}

extension AdmissionModel {
    init(_ auth: AuthConfiguration) {
        if !auth.any.isEmpty {
            self.init(anyOf: auth.any.map { AdmissionModel($0) })
        } else if let keys = auth.apiKeys {
            self.init(.key(field: keys.header?.lowercased(), parameter: keys.query))
        } else if auth.forward != nil {
            self.init(.head)
        } else if let jwt = auth.jwt {
            let place = Evidence.token(field: jwt.header?.lowercased(), cookie: jwt.cookie, parameter: jwt.query)
            let challenge = AuthenticateChallenge("Bearer realm=\(Self.quoted(jwt.realm))", isForTokens: true)
            self.init(place, challenges: [challenge])
        } else {
            let realm = Self.quoted(auth.basic?.realm ?? "")
            self.init(.authorization, challenges: [AuthenticateChallenge("Basic realm=\(realm), charset=\"UTF-8\"")])
        }
    }

    /// A quoted string (RFC 9110 section 5.6.4).
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension AccessAction {
    fileprivate init(_ action: AccessRuleAction) {
        self =
            switch action {
            case .deny: .deny
            case .allow: .allow
            case .challenge: .challenge
            case .log: .log
            }
    }
}
