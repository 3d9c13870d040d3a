// Routes and the upstreams they lead to.
import MartletHTTPCore

extension Validator {
    /// Each server once in its upstream, and no upstream in vain.
    mutating func checkUpstreams() {
        let tunnels = upstreamsOfListeners
        let used = tunnels.names.union(upstreamsOfRoutes)
        // A route or a listener that could not be read may have led there.
        let isSure =
            tunnels.isSure
            && (failed.isEmpty
                || configuration.routes.indices.allSatisfy {
                    isReadable("routes[\($0)].upstream") && isReadable("routes[\($0)]")
                        && areReadable(["routes[\($0)].split", "routes[\($0)].mirror", "routes[\($0)].mirror.to"])
                })
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

    /// The upstreams that routes lead to.
    private var upstreamsOfRoutes: Set<String> {
        var names: Set<String> = []
        for entry in configuration.routes.entries {
            if let split = entry.route.split {
                names.formUnion(split.upstreams.map(\.upstream))
            } else {
                names.insert(entry.route.upstream)
            }
            if let mirror = entry.route.mirror { names.insert(mirror.to) }
        }
        return names
    }

    private mutating func checkParts(of upstream: UpstreamConfiguration, at path: String) {
        if let discover = upstream.discover { checkDiscover(discover, of: upstream, at: path + ".discover") }
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

    /// Each route leads somewhere, and asks for something that a request can have.
    mutating func checkRoutes() {
        for (index, entry) in configuration.routes.entries.enumerated() {
            // Most routes of a large file are for nothing but a host and a path, and there is nothing to be found out about them.
            if entry.isPlain, failed.isEmpty, upstreamPlaces[entry.route.upstream] != nil { continue }
            let path = "routes[\(index)]"
            guard isReadable(path) else { continue }
            let route = entry.route
            checkTarget(of: route, at: path)
            checkUpgrades(of: route, at: path + ".upgrades")
            checkConditions(of: route, at: path)
            if let mirror = route.mirror { checkMirror(mirror, of: route, at: path + ".mirror") }
            if route.grpcWeb { checkCalls(of: route, at: path + ".grpcWeb") }
            checkActions(of: route, at: path)
            checkGuarding(of: route, at: path)
            checkBrowsers(of: route, at: path)
        }
        checkShadows()
    }

    private mutating func checkUpgrades(of route: RouteConfiguration, at path: String) {
        guard let upgrades = route.upgrades, upgrades.count > 1 else { return }
        var seen: Set<String> = []
        for (index, name) in upgrades.enumerated() where isReadable("\(path)[\(index)]") {
            if seen.insert(name.lowercased()).inserted { continue }
            error("\(path)[\(index)]", "protocol \(Quoting.quote(name)) is there twice")
        }
    }

    /// Servers of gRPC speak HTTP/2 and nothing else.
    private mutating func checkCalls(of route: RouteConfiguration, at path: String) {
        let found = route.upstreams.compactMap { self.upstream($0) }.first { upstream in
            let place = "upstreams.\(upstream.name)"
            return upstream.protocol == .http1 && areReadable([place, place + ".protocol"])
        }
        guard let upstream = found else { return }
        let message = "calls are made by HTTP/2, and upstream \(Quoting.quote(upstream.name)) has 'protocol: http1'"
        error(path, message, hint: "write 'protocol: h2' or 'protocol: h2c' there", isAboutKey: true)
    }

    /// What to write instead of the name of an upstream that there is not.
    func hint(_ name: String, _ names: [String]) -> String {
        if let near = NearestName.find(name, among: names) { return "did you mean '\(near)'?" }
        guard !names.isEmpty else { return "there are no upstreams at all" }
        return names.count <= 5
            ? "there is \(Quoting.list(names))" : "there are \(names.count) upstreams, none of a similar name"
    }
}
