// What routes ask for, and whether they can be taken at all.
import MartletRouting

extension Validator {
    /// A route has one kind of path, tests test something, and conditions ask for something.
    mutating func checkConditions(of route: RouteConfiguration, at path: String) {
        if route.regex != nil, isWritten?(path + ".path") ?? (route.path != "/*") {
            error(path + ".regex", "this route has 'path' as well", hint: "remove one of the two")
        }
        let condition = route.condition
        if condition != ConditionConfiguration() { checkParts(of: condition, at: path) }
    }

    private mutating func checkParts(of condition: ConditionConfiguration, at path: String) {
        for (key, matches) in [
            ("headers", condition.headers), ("query", condition.query), ("cookies", condition.cookies),
            ("certificate", condition.certificate),
        ] {
            for match in matches { checkMatch(match, at: "\(path).\(key).\(match.name)") }
        }
        checkMethods(condition.methods, at: path + ".methods")
        for (key, conditions) in [("any", condition.any), ("all", condition.all)] {
            for (index, inner) in conditions.enumerated() { checkInner(inner, at: "\(path).\(key)[\(index)]") }
        }
        for (index, inner) in condition.not.enumerated() {
            let isList = isWritten?("\(path).not[0]") ?? true
            checkInner(inner, at: isList ? "\(path).not[\(index)]" : path + ".not")
        }
    }

    private mutating func checkInner(_ condition: ConditionConfiguration, at path: String) {
        if condition == ConditionConfiguration() { error(path, "this condition asks for nothing") }
        checkParts(of: condition, at: path)
    }

    private mutating func checkMatch(_ match: ValueMatchConfiguration, at path: String) {
        let tests = [match.exact != nil, match.prefix != nil, match.regex != nil, match.present != nil]
        guard isWhole(path) else { return }
        switch tests.count(where: { $0 }) {
        case 0: error(path, "this test has no key", hint: "'exact', 'prefix', 'regex' or 'present'")
        case 1: break
        default: error(path, "this test has more than one key", hint: "one of 'exact', 'prefix', 'regex' and 'present'")
        }
    }

    private mutating func checkMethods(_ methods: [String], at path: String) {
        var seen: Set<String> = []
        for (index, method) in methods.enumerated() where !seen.insert(method).inserted {
            error("\(path)[\(index)]", "method \(Quoting.quote(method)) is there twice")
        }
    }

    /// No route stands in the shadow of another one.
    mutating func checkShadows() {
        let routes = configuration.routes
        let hosts = unshadowed.flatMap { changedHosts(since: $0) }
        if let hosts, hosts.isEmpty { return }
        var places: [Int] = []
        var rules: [RouteRule] = []
        for (index, entry) in routes.entries.enumerated() where isWhole("routes[\(index)]") {
            if let hosts, !entry.isFor(anyOf: hosts) { continue }
            guard let rule = try? entry.rule() else { continue }
            places.append(index)
            rules.append(rule)
        }
        for shadow in RouteShadows.find(in: rules) {
            note(shadow, routes[places[shadow.route]], index: places[shadow.route], other: places[shadow.other])
        }
    }

    /// The hosts of routes that are not among those before; `nil` where the others have another order. One route puts another in the
    /// shadow only if both are for the same host, and where there was no shadow, none comes from routes that have gone.
    private func changedHosts(since earlier: RouteList) -> HostSet? {
        var hosts = HostSet()
        var last = -1
        for (entry, place) in zip(configuration.routes.entries, configuration.routes.places(in: earlier)) {
            if let place {
                if place <= last { return nil }
                last = place
            } else if let rule = try? entry.rule() {
                hosts.insert(rule.hosts)
            }
        }
        return hosts
    }

    /// Whether nothing below a setting could not be read.
    private func isWhole(_ path: @autoclosure () -> String) -> Bool {
        if failed.isEmpty { return isReadable("") }
        let path = path()
        let inner = path + "."
        return isReadable(path) && !failed.contains { $0.hasPrefix(inner) }
    }

    private mutating func note(_ shadow: RouteShadow, _ route: RouteConfiguration, index: Int, other: Int) {
        let isOne = route.host.count > 1
        let element = isOne ? "routes[\(index)].host[\(shadow.host ?? 0)]" : "routes[\(index)]"
        let host = shadow.host.map { route.host[$0] } ?? ""
        if index == other { return error(element, "host \(Quoting.quote(host)) is there twice") }
        let place = Quoting.quote(host + (route.regex ?? route.path))
        let message = "this route for \(place) can never match"
        let line = line("routes[\(other)]").map { " on line \($0)" } ?? ""
        if shadow.isTwin {
            error(element, message, hint: "routes[\(other)]\(line) is for the same")
        } else {
            warning(element, message, hint: "routes[\(other)]\(line) is asked before, and is for all its requests")
        }
    }
}
