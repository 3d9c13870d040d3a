// Where routes lead.

extension Validator {
    /// A route leads to an upstream, or to several.
    mutating func checkTarget(of route: RouteConfiguration, at path: String) {
        if let split = route.split {
            if !route.upstream.isEmpty {
                error(path + ".split", "this route has 'upstream' as well", hint: "remove one of the two")
            }
            return checkSplit(split, at: path + ".split")
        }
        // That a route leads anywhere at all, `checkActions` sees to.
        if route.upstream.isEmpty { return }
        checkUpstream(route.upstream, at: path + ".upstream")
    }

    /// The name of an upstream is that of one.
    mutating func checkUpstream(_ name: String, at path: String, isAboutKey: Bool = false) {
        if upstreamPlaces[name] != nil || !isReadable("upstreams") { return }
        let message = "there is no upstream \(Quoting.quote(name))"
        error(path, message, hint: hint(name, configuration.upstreams.map(\.name)), isAboutKey: isAboutKey)
    }

    private mutating func checkSplit(_ split: SplitConfiguration, at path: String) {
        for share in split.upstreams {
            checkUpstream(share.upstream, at: "\(path).upstreams.\(share.upstream)", isAboutKey: true)
        }
        if !split.upstreams.isEmpty, split.upstreams.allSatisfy({ $0.weight == 0 }) {
            error(path + ".upstreams", "no upstream of this split has a weight, so none gets a request")
        }
        guard let sticky = split.sticky else { return }
        checkSticky(sticky, at: path + ".sticky")
        for upstream in configuration.upstreams where upstream.sticky?.cookie == sticky.cookie {
            guard split.upstreams.contains(where: { $0.upstream == upstream.name }) else { continue }
            let message =
                "upstream \(Quoting.quote(upstream.name)) has a cookie of the same name, \(Quoting.quote(sticky.cookie))"
            return error(path + ".sticky", message, hint: "give one of them another name")
        }
    }
}
