// What holds between the keys about choosing and watching servers.
import MartletHTTPCore

extension Validator {
    /// Whom an upstream can choose, and by what.
    mutating func checkChoice(_ upstream: UpstreamConfiguration, at path: String) {
        if upstream.hash != nil, upstream.balance != .hash, isReadable(path + ".balance") {
            let message = "'hash' is for 'balance: hash', and this upstream has '\(upstream.balance.rawValue)'"
            error(path + ".hash", message, hint: "write 'balance: hash', or remove it", isAboutKey: true)
        }
        // What could not be read may have been different.
        guard areReadable(upstream.servers.indices.map { "\(path).servers[\($0)]" } + [path + ".servers"]) else {
            return
        }
        let servers = upstream.servers
        guard !servers.isEmpty, upstream.discover == nil else { return }
        if servers.allSatisfy(\.backup), areReadable(path, of: upstream, "backup") {
            error(
                path + ".servers", "every server of upstream \(Quoting.quote(upstream.name)) is a backup",
                hint: "remove 'backup' from those that are to serve first")
        }
        if servers.allSatisfy({ $0.state != .up }), areReadable(path, of: upstream, "state") {
            let message =
                "no server of upstream \(Quoting.quote(upstream.name)) is 'up', so its requests are not served"
            warning(path + ".servers", message)
        }
    }

    /// A cookie that browsers take.
    mutating func checkSticky(_ sticky: StickyConfiguration, at path: String) {
        guard isReadable(path + ".secure") else { return }
        if sticky.sameSite == .none, !sticky.secure {
            let message = "browsers drop a cookie with 'sameSite: none' that is not secure"
            error(path + ".sameSite", message, hint: "add 'secure: true'")
        }
        // RFC 6265bis section 4.1.3.
        let name = sticky.cookie.lowercased()
        guard name.hasPrefix("__secure-") || name.hasPrefix("__host-") else { return }
        if !sticky.secure {
            let message = "browsers drop a cookie \(Quoting.quote(sticky.cookie)) that is not secure"
            error(path + ".cookie", message, hint: "add 'secure: true', or choose another name")
        }
        if name.hasPrefix("__host-"), sticky.domain != nil || sticky.path != "/" {
            let message = "browsers drop a cookie \(Quoting.quote(sticky.cookie)) with a domain, or a path other than /"
            error(path + ".cookie", message, hint: "remove 'domain' and 'path', or choose another name")
        }
    }

    /// Keys that fit each other and the servers.
    mutating func checkCheck(_ check: CheckConfiguration, of upstream: UpstreamConfiguration, at path: String) {
        checkKind(of: check, at: path)
        if check.kind == .http, check.method == "HEAD", check.contains != nil || check.prefix != nil {
            let key = check.contains != nil ? "contains" : "prefix"
            error("\(path).\(key)", "the answer to HEAD has no content", hint: "use 'method: GET'")
        }
        if check.port != nil, let server = upstream.firstSocket {
            error(path + ".port", "server \(Quoting.quote(server)) is a socket, which has no ports")
        }
    }

    /// No keys of another kind of check.
    private mutating func checkKind(of check: CheckConfiguration, at path: String) {
        guard isReadable(path + ".kind") else { return }
        let kind = check.kind.rawValue
        for (key, kinds) in CheckConfiguration.kindsOfKeys where !kinds.contains(check.kind) {
            guard isSet(key, in: check, at: path) else { continue }
            let wanted = kinds[0].rawValue
            error(
                "\(path).\(key)", "'\(key)' is for 'kind: \(wanted)', and this check has '\(kind)'",
                hint: "remove it, or write 'kind: \(wanted)'", isAboutKey: true)
        }
    }

    /// Whether a key of a check is there; of one made in code, whether it differs from its default.
    private func isSet(_ key: String, in check: CheckConfiguration, at path: String) -> Bool {
        isWritten?("\(path).\(key)") ?? CheckConfiguration.differs(check, in: key)
    }

    /// Servers that can have an agent.
    mutating func checkAgent(of upstream: UpstreamConfiguration, at path: String) {
        guard let server = upstream.firstSocket else { return }
        error(
            path, "server \(Quoting.quote(server)) is a socket, on whose host there is no port to ask", isAboutKey: true
        )
    }

    /// Times in order, and something to eject for.
    mutating func checkEjection(_ ejection: EjectionConfiguration, at path: String) {
        checkOrder(("time", ejection.time), ("longestTime", ejection.longestTime), at: path)
        let reasons = ["connectionFailures", "serverErrors", "failureRate"]
        if ejection.connectionFailures == nil, ejection.serverErrors == nil, ejection.failureRate == nil,
            areReadable(reasons.map { "\(path).\($0)" })
        {
            warning(
                path, "no failure ejects a server", hint: "write 'ejection: off' if that is meant", isAboutKey: true)
        }
    }
}

extension Validator {
    /// Whether all of these were read.
    func areReadable(_ keyPaths: @autoclosure () -> [String]) -> Bool {
        if failed.isEmpty { return isReadable("") }
        return keyPaths().allSatisfy { isReadable($0) }
    }

    /// Whether this key of all servers was read.
    private func areReadable(_ path: String, of upstream: UpstreamConfiguration, _ key: String) -> Bool {
        areReadable(upstream.servers.indices.map { "\(path).servers[\($0)].\(key)" })
    }

    /// Notes an error when the first of two times is longer than the second.
    mutating func checkOrder(
        _ first: (key: String, time: Duration), _ second: (key: String, time: Duration), at path: String
    ) {
        guard first.time > second.time, areReadable(["\(path).\(first.key)", "\(path).\(second.key)"]) else { return }
        let times = (DurationText.write(first.time), DurationText.write(second.time))
        error("\(path).\(first.key)", "'\(first.key)' of \(times.0) is longer than '\(second.key)' of \(times.1)")
    }
}

extension UpstreamConfiguration {
    /// The first server that is a Unix socket.
    fileprivate var firstSocket: String? {
        for server in servers {
            if case .unix = server.address { return server.address.description }
        }
        return nil
    }
}

extension CheckConfiguration {
    /// The keys that are about a request or a call, with the kinds of checks that they are for.
    fileprivate static let kindsOfKeys: [(key: String, kinds: [CheckKind])] = [
        ("method", [.http]), ("path", [.http]), ("host", [.http, .grpc]), ("fields", [.http, .grpc]),
        ("statuses", [.http]), ("contains", [.http]), ("prefix", [.http]), ("service", [.grpc]),
    ]

    /// Whether what a key stands for is not the default.
    fileprivate static func differs(_ check: CheckConfiguration, in key: String) -> Bool {
        let plain = CheckConfiguration()
        switch key {
        case "method": return check.method != plain.method
        case "path": return check.path != plain.path
        case "host": return check.host != plain.host
        case "fields": return check.fields != plain.fields
        case "statuses": return check.statuses != plain.statuses
        case "contains": return check.contains != plain.contains
        case "service": return check.service != plain.service
        default: return check.prefix != plain.prefix
        }
    }
}
