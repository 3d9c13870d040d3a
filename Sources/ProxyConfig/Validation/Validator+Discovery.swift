// What holds between the keys about servers that are found.

extension Validator {
    /// A name or a folder, with the keys that are for it.
    mutating func checkDiscover(_ discover: DiscoverConfiguration, of upstream: UpstreamConfiguration, at path: String)
    {
        guard areReadable([path + ".dns", path + ".folder"]) else { return }
        switch (discover.dns, discover.folder) {
        case (nil, nil):
            error(path, "'discover' has neither 'dns' nor 'folder'", hint: "add one of them", isAboutKey: true)
        case (_?, _?):
            let message = "'dns' and 'folder' exclude each other"
            error(path + ".folder", message, hint: "make two upstreams, and 'split' between them", isAboutKey: true)
        case (_?, nil):
            checkPort(discover, at: path)
            checkOrder(("minTTL", discover.minTTL), ("maxTTL", discover.maxTTL), at: path)
        case (nil, _?):
            checkFolder(discover, at: path)
        }
    }

    private mutating func checkPort(_ discover: DiscoverConfiguration, at path: String) {
        guard areReadable([path + ".port", path + ".type"]) else { return }
        if discover.type == .srv, discover.port != nil {
            let message = "'port' is for servers found by their addresses; services have their own ports"
            error(path + ".port", message, hint: "remove it, or 'type: srv'", isAboutKey: true)
        }
        if discover.type != .srv, discover.port == nil {
            error(
                path, "the servers of \(Quoting.quote(discover.dns ?? "")) have no port",
                hint: "add 'port', or write 'type: srv' for a name whose records have ports", isAboutKey: true)
        }
    }

    /// No key that is about answers of the DNS.
    private mutating func checkFolder(_ discover: DiscoverConfiguration, at path: String) {
        let plain = DiscoverConfiguration()
        let keys: [(String, Bool)] = [
            ("type", discover.type != nil), ("port", discover.port != nil), ("minTTL", discover.minTTL != plain.minTTL),
            ("maxTTL", discover.maxTTL != plain.maxTTL), ("emptyAnswers", discover.emptyAnswers != plain.emptyAnswers),
        ]
        for (key, differs) in keys where isWritten?("\(path).\(key)") ?? differs {
            error(
                "\(path).\(key)", "'\(key)' is about a name of the DNS, and this upstream has a folder",
                hint: "remove it", isAboutKey: true)
        }
    }

    /// Resolvers that nobody asks, and domains that are not looked in.
    mutating func checkResolvers() {
        checkSearch()
        guard isWritten?("resolvers") == true, areReadable(["upstreams", "resolvers"]) else { return }
        if configuration.upstreams.contains(where: { $0.discover?.dns != nil }) { return }
        warning("resolvers", "no upstream has 'discover' with 'dns', so nobody asks them", isAboutKey: true)
    }
    private mutating func checkSearch() {
        let resolvers = configuration.resolvers
        guard areReadable(["resolvers", "resolvers.search", "resolvers.addresses"]) else { return }
        if let domains = resolvers.search {
            let characters = domains.reduce(0) { $0 + $1.utf8.count + 1 } - 1
            if domains.count > 6 || characters > 256 {
                let size = "\(domains.count) domains of \(characters) characters"
                error("resolvers.search", "'search' has \(size); expected 6 domains at most, and 256 characters")
            }
        } else if resolvers.ndots != nil, !resolvers.addresses.isEmpty {
            let hint = "add 'search', or remove it"
            warning(
                "resolvers.ndots", "'ndots' is about domains, and there is no 'search'", hint: hint, isAboutKey: true)
        }
    }
}
