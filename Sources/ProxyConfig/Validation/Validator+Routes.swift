// Routes and the upstreams they lead to.
import MartletHTTPCore

extension Validator {
    /// Each server once in its upstream, and no upstream in vain.
    mutating func checkUpstreams() {
        let tunnels = upstreamsOfListeners
        let used = tunnels.names.union(configuration.routes.map(\.upstream))
        // A route or a listener that could not be read may have led there.
        let isSure =
            tunnels.isSure
            && configuration.routes.indices.allSatisfy {
                isReadable("routes[\($0)].upstream") && isReadable("routes[\($0)]")
            }
        for upstream in configuration.upstreams {
            let path = "upstreams.\(upstream.name)"
            checkServers(upstream, at: path + ".servers")
            checkParts(of: upstream, at: path)
            if isSure, isReadable("routes"), !used.contains(upstream.name) {
                let leads = configuration.listeners.contains { $0.mode == .tcp } ? "no route or listener" : "no route"
                warning(path, "\(leads) leads to upstream \(Quoting.quote(upstream.name))", isAboutKey: true)
            }
        }
    }

    private mutating func checkParts(of upstream: UpstreamConfiguration, at path: String) {
        checkChoice(upstream, at: path)
        if let sticky = upstream.sticky { checkSticky(sticky, at: path + ".sticky") }
        if let check = upstream.check { checkCheck(check, of: upstream, at: path + ".check") }
        if upstream.agent != nil { checkAgent(of: upstream, at: path + ".agent") }
        if let ejection = upstream.ejection { checkEjection(ejection, at: path + ".ejection") }
        if let retry = upstream.retry { checkRetry(retry, of: upstream, at: path + ".retry") }
        if let hedge = upstream.hedge { checkHedge(hedge, of: upstream, at: path + ".hedge") }
    }

    private mutating func checkServers(_ upstream: UpstreamConfiguration, at path: String) {
        var seen: [ServerAddress: Int] = [:]
        for (index, server) in upstream.servers.enumerated() {
            let element = "\(path)[\(index)]"
            guard isReadable(element), isReadable(element + ".address") else { continue }
            if let other = seen[server.address] {
                let message = "server \(Quoting.quote(server.address.description)) is there twice"
                error(element, message, hint: "it is already servers[\(other)]")
            }
            seen[server.address] = seen[server.address] ?? index
        }
    }

    /// Each route leads somewhere, and none is the same as one before it.
    mutating func checkRoutes() {
        let names = configuration.upstreams.map(\.name)
        let known = Set(names)
        var seen: [RouteKey: Int] = [:]
        for (index, route) in configuration.routes.enumerated() where isReadable("routes[\(index)]") {
            let path = "routes[\(index)]"
            if !known.contains(route.upstream), isReadable("upstreams") {
                error(
                    path + ".upstream", "there is no upstream \(Quoting.quote(route.upstream))",
                    hint: hint(route.upstream, names))
            }
            checkUpgrades(of: route, at: path + ".upgrades")
            guard isReadable(path + ".path"), isReadable(path + ".host") else { continue }
            checkTwins(of: route, index: index, seen: &seen)
        }
    }

    private mutating func checkUpgrades(of route: RouteConfiguration, at path: String) {
        var seen: Set<String> = []
        for (index, name) in (route.upgrades ?? []).enumerated() where isReadable("\(path)[\(index)]") {
            if seen.insert(name.lowercased()).inserted { continue }
            error("\(path)[\(index)]", "protocol \(Quoting.quote(name)) is there twice")
        }
    }

    /// What to write instead of the name of an upstream that there is not.
    func hint(_ name: String, _ names: [String]) -> String {
        if let near = NearestName.find(name, among: names) { return "did you mean '\(near)'?" }
        guard !names.isEmpty else { return "there are no upstreams at all" }
        return names.count <= 5
            ? "there is \(Quoting.list(names))" : "there are \(names.count) upstreams, none of a similar name"
    }

    /// What a route matches.
    private struct RouteKey: Hashable {
        let host: String
        let path: String
    }

    private mutating func checkTwins(of route: RouteConfiguration, index: Int, seen: inout [RouteKey: Int]) {
        for (position, host) in (route.host.isEmpty ? [""] : route.host).enumerated() {
            let key = RouteKey(host: host, path: route.path)
            guard let other = seen[key] else {
                seen[key] = index
                continue
            }
            let element = route.host.count > 1 ? "routes[\(index)].host[\(position)]" : "routes[\(index)]"
            if other == index {
                error(element, "host \(Quoting.quote(host)) is there twice")
            } else {
                let place = host.isEmpty ? Quoting.quote(route.path) : Quoting.quote(host + route.path)
                error(element, "this route for \(place) can never match", hint: "routes[\(other)] is for the same")
            }
        }
    }
}
