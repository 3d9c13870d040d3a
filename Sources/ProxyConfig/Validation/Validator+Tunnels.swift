// Listeners that pass connections on, and those that serve HTTP.
import MartletHTTPCore

extension Validator {
    /// What each mode needs and what it cannot have.
    mutating func checkModes() {
        for (index, listener) in configuration.listeners.enumerated() {
            let path = "listeners[\(index)]"
            guard areReadable([path, path + ".mode"]) else { continue }
            switch listener.mode {
            case .http: checkHTTP(listener, at: path)
            case .tcp: checkTunnel(listener, at: path)
            }
        }
        checkRoutesAreServed()
    }

    private mutating func checkHTTP(_ listener: ListenerConfiguration, at path: String) {
        for key in ["upstream", "serverNames"]
        where key == "upstream" ? listener.upstream != nil : !listener.serverNames.isEmpty {
            let message = "'\(key)' is for 'mode: tcp'; with HTTP, 'routes' say where requests go"
            error("\(path).\(key)", message, hint: "write 'mode: tcp', or remove it", isAboutKey: true)
        }
    }

    private mutating func checkTunnel(_ listener: ListenerConfiguration, at path: String) {
        let names = configuration.upstreams.map(\.name)
        if listener.upstream == nil, listener.serverNames.isEmpty,
            areReadable([path + ".upstream", path + ".serverNames"])
        {
            let hint = "add 'upstream', or 'serverNames' to choose by the name in TLS"
            error(path, "with 'mode: tcp' it has to be said where connections go", hint: hint)
        }
        if !listener.serverNames.isEmpty, listener.tls != nil, isReadable(path + ".tls") {
            let message = "what is passed on by 'serverNames' is not decrypted, so 'tls' has no place here"
            error(path + ".tls", message, hint: "remove one of them", isAboutKey: true)
        }
        if let upstream = listener.upstream { checkReference(upstream, names, at: path + ".upstream") }
        var seen: [String: String] = [:]
        for (index, entry) in listener.serverNames.enumerated() {
            let element = "\(path).serverNames[\(index)]"
            guard isReadable(element) else { continue }
            checkReference(entry.upstream, names, at: element + ".upstream")
            guard areReadable([element + ".host"]) else { continue }
            for host in entry.host where !host.isEmpty {
                if let other = seen[host] {
                    error(element + ".host", "name \(Quoting.quote(host)) is there twice", hint: "\(other) has it")
                }
                seen[host] = seen[host] ?? "serverNames[\(index)]"
            }
        }
    }

    private mutating func checkReference(_ name: String, _ names: [String], at path: String) {
        guard !names.contains(name), isReadable("upstreams") else { return }
        error(path, "there is no upstream \(Quoting.quote(name))", hint: hint(name, names))
    }

    private mutating func checkRoutesAreServed() {
        let listeners = configuration.listeners
        guard !configuration.routes.isEmpty, !listeners.isEmpty else { return }
        let isSure = listeners.indices.allSatisfy { areReadable(["listeners[\($0)]", "listeners[\($0)].mode"]) }
        if isSure, listeners.allSatisfy({ $0.mode == .tcp }) {
            let message = "no listener uses the routes: all of them have 'mode: tcp'"
            warning("routes", message, isAboutKey: true)
        }
    }

    /// The upstreams that listeners lead to, and whether all of them could be read.
    var upstreamsOfListeners: (names: Set<String>, isSure: Bool) {
        var names: Set<String> = []
        var isSure = isReadable("listeners")
        for (index, listener) in configuration.listeners.enumerated() {
            let path = "listeners[\(index)]"
            names.formUnion(listener.serverNames.map(\.upstream))
            if let upstream = listener.upstream { names.insert(upstream) }
            let entries = listener.serverNames.indices.flatMap {
                ["\(path).serverNames[\($0)]", "\(path).serverNames[\($0)].upstream"]
            }
            isSure = isSure && areReadable([path, path + ".upstream", path + ".serverNames"] + entries)
        }
        return (names, isSure)
    }
}
