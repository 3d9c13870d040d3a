// What is counted by rules, splits and mirrors goes on where they stay.
import MartletProxy
import MartletProxyConfig

/// What a route is known by when its config changes otherwise.
private struct RouteIdentity: Hashable {
    let host: [String]
    let path: String
    let regex: String?
    let methods: [String]

    init(_ route: RouteConfiguration) {
        (host, path, regex, methods) = (route.host, route.path, route.regex, route.methods)
    }
}

extension RouteSet {
    /// Takes over what has been counted before.
    /// - Parameters:
    ///   - own: the routes that these were compiled from.
    ///   - others: those that `old` was compiled from.
    mutating func goOnCounting(_ own: RouteList, _ old: RouteSet, _ others: RouteList) {
        goOnCountingRules(old)
        if splits.isEmpty && mirrors.isEmpty { return }
        var known: [RouteIdentity: RouteTarget] = [:]
        for (route, target) in zip(others.filter(\.leadsSomewhere), old.targets) {
            known[RouteIdentity(route)] = target
        }
        for (route, target) in zip(own.filter(\.leadsSomewhere), targets) {
            guard let before = known[RouteIdentity(route)] else { continue }
            if target.split >= 0 && before.split >= 0 {
                splits[Int(target.split)].count(with: old.splits[Int(before.split)])
            }
            if target.mirror >= 0 && before.mirror >= 0 {
                mirrors[Int(target.mirror)].count(with: old.mirrors[Int(before.mirror)])
            }
        }
    }

    /// Rules are known by their names.
    private mutating func goOnCountingRules(_ old: RouteSet) {
        var places: [String: Int] = [:]
        for (place, rule) in old.guarding.access.rules.enumerated() where places[rule.name] == nil {
            places[rule.name] = place
        }
        let known = guarding.access.rules.map { places.removeValue(forKey: $0.name) }
        guarding.access.counts = RuleCounts(known, of: old.guarding.access.counts)
    }
}

extension RouteConfiguration {
    /// Whether it has a place among the targets.
    fileprivate var leadsSomewhere: Bool {
        !upstreams.isEmpty || files != nil || redirect != nil || respond != nil
    }
}
