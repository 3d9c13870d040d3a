// Listeners and whom they trust.
import MartletHTTPCore

extension Validator {
    /// What a file must have a config made in code must have too.
    mutating func checkRequired() {
        if configuration.listeners.isEmpty { error("listeners", "there is no listener") }
        var names: Set<String> = []
        for upstream in configuration.upstreams {
            let path = "upstreams.\(upstream.name)"
            if upstream.servers.isEmpty, upstream.discover == nil,
                areReadable([path, path + ".servers", path + ".discover"])
            {
                error(
                    path, "upstream '\(upstream.name)' has no server", hint: "add 'servers' or 'discover'",
                    isAboutKey: true)
            }
            if !names.insert(upstream.name).inserted {
                error(path, "there are two upstreams '\(upstream.name)'", isAboutKey: true)
            }
        }
    }

    /// Each address and each name once, the admin listener included.
    mutating func checkListeners() {
        var addresses: [ListenAddress: String] = [:]
        var names: [String: String] = [:]
        for (index, listener) in configuration.listeners.enumerated() {
            let path = "listeners[\(index)]"
            if isReadable(path + ".address"), isReadable(path) {
                claim(listener.address, at: path + ".address", in: &addresses)
            }
            if let plain = listener.tls?.httpsOnly, isReadable(path + ".tls.httpsOnly") {
                claim(plain, at: path + ".tls.httpsOnly", in: &addresses)
            }
            guard let name = listener.name else { continue }
            if let other = names[name] {
                error(path + ".name", "two listeners are called \(Quoting.quote(name))", hint: "\(other) has that name")
            }
            names[name] = names[name] ?? path
        }
        if let address = configuration.admin?.address, isReadable("admin") {
            claim(address, at: "admin.address", in: &addresses)
        }
    }

    private mutating func claim(_ address: ListenAddress, at path: String, in addresses: inout [ListenAddress: String])
    {
        if case .tcp(_, 0) = address { return }  // the kernel picks another port each time
        if let other = addresses[address] {
            error(
                path, "two listeners have the address \(Quoting.quote(address.description))",
                hint: "\(other) has it already")
        }
        addresses[address] = addresses[address] ?? path
    }

    /// What the admin listener cannot do with what it is told.
    mutating func checkAdmin() {
        guard let admin = configuration.admin, isReadable("admin") else { return }
        if let tls = admin.tls {
            if tls.httpsOnly != nil { error("admin.tls.httpsOnly", "the admin listener redirects nobody") }
            if tls.acme != nil { error("admin.tls.acme", "the certificate of the admin listener is one from a file") }
        }
        if case .tcp = admin.address { return checkOpenings(admin) }
        let hint = "set 'address', such as 127.0.0.1:9901, or remove the key"
        if admin.tls != nil { error("admin.tls", "a Unix socket needs no TLS", hint: hint, isAboutKey: true) }
        if !admin.hosts.isEmpty {
            warning(
                "admin.hosts", "it does not matter how a Unix socket is called", hint: hint, isAboutKey: true)
        }
        if admin.token != nil {
            warning("admin.token", "nobody is asked for a token by a Unix socket", hint: hint, isAboutKey: true)
        }
        if admin.open != nil {
            warning("admin.open", "through a Unix socket everything may be asked", hint: hint, isAboutKey: true)
        }
    }

    /// Who may ask by TCP has to be said, unless only this machine can.
    private mutating func checkOpenings(_ admin: AdminConfiguration) {
        let keys = ["token", "open", "tls", "tls.clientCertificates"].map { "admin." + $0 }
        guard !admin.knowsOperators, areReadable(keys + ["admin.address"]) else { return }
        if admin.open?.isEmpty == true {
            let hint = "add 'token', or 'tls' with 'clientCertificates'"
            return error("admin.open", "nothing is open, and nobody has a token: nobody can ask anything", hint: hint)
        }
        guard !admin.isOnLoopback, admin.open == nil, let address = admin.address else { return }
        error(
            "admin.address",
            "others can reach \(Quoting.quote(address.description)), and there is nothing to tell operators from them by",
            hint:
                "add 'token', or 'tls' with 'clientCertificates'; or 'open: [health, metrics]' if everybody may ask for that, "
                + "and nobody for more")
    }

    /// Whoever writes how much room there is has to leave enough of it.
    mutating func checkRoom() {
        let servers = configuration.upstreams.reduce(0) { $0 + $1.servers.count }
        if let room = configuration.limits.servers, room < servers {
            error("limits.servers", "there are \(servers) servers, and room for \(room)")
        }
        if let room = configuration.limits.upstreams, room < configuration.upstreams.count {
            error("limits.upstreams", "there are \(configuration.upstreams.count) upstreams, and room for \(room)")
        }
    }

    /// Warns when everybody is trusted.
    mutating func checkTrust() {
        for (index, network) in configuration.trustedProxies.enumerated() {
            let isEverything = network.prefix == 0 || network.prefix == 96 && network.base.isIPv4
            guard isEverything else { continue }
            warning(
                "trustedProxies[\(index)]", "every client is trusted, so every client can claim any address as its own")
        }
    }
}
