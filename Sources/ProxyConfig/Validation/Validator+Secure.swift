// What holds between the keys of TLS.
import MartletHTTPCore

extension Validator {
    /// TLS of listeners and upstreams.
    mutating func checkSecurity() {
        checkOrders()
        for (index, listener) in configuration.listeners.enumerated() {
            guard let tls = listener.tls else { continue }
            let path = "listeners[\(index)].tls"
            checkListenerTLS(tls, of: listener, at: path)
            if let acme = tls.acme { checkACME(acme, at: path + ".acme") }
        }
        if let admin = configuration.admin, let tls = admin.tls {
            let listener = ListenerConfiguration(address: admin.address ?? .tcp(nil, port: 0), name: "admin")
            checkListenerTLS(tls, of: listener, at: "admin.tls")
        }
        for upstream in configuration.upstreams {
            if let tls = upstream.tls { checkUpstreamTLS(tls, at: "upstreams.\(upstream.name).tls") }
        }
    }

    private mutating func checkListenerTLS(
        _ tls: ListenerTLSConfiguration, of listener: ListenerConfiguration, at path: String
    ) {
        checkVersions(tls.minVersion, tls.maxVersion, at: path)
        checkCiphers(tls.ciphers, tls.minVersion, at: path)
        checkTwins(tls.groups.map { Twin($0, nil) }, what: "group", at: path + ".groups")
        if tls.certificates.isEmpty, tls.acme == nil, areReadable([path + ".certificates", path + ".acme"]) {
            error(
                path, "there is no certificate", hint: "add 'certificates' with files, or 'acme' to get one",
                isAboutKey: true)
        }
        checkTwins(
            tls.certificates.map { Twin($0.certificate, $0.key) }, what: "certificate", at: path + ".certificates")
        if let tickets = tls.tickets, !tickets.keys.isEmpty {
            if isWritten?(path + ".tickets.rotate") ?? (tickets.rotate != TicketsConfiguration().rotate) {
                let message = "keys from files are not rotated by Martlet"
                error(path + ".tickets.rotate", message, hint: "remove it, and change the files", isAboutKey: true)
            }
            checkTwins(tickets.keys.map { Twin($0, nil) }, what: "key", at: path + ".tickets.keys")
        }
        if let hsts = tls.effectiveHSTS { checkHSTS(hsts, at: path + ".hsts") }
        checkHTTPSOnly(tls, of: listener, at: path)
    }

    private mutating func checkHTTPSOnly(
        _ tls: ListenerTLSConfiguration, of listener: ListenerConfiguration, at path: String
    ) {
        if listener.mode == .tcp {
            for key in ["httpsOnly", "hsts"] where key == "hsts" ? tls.hsts != nil : tls.httpsOnly != nil {
                error("\(path).\(key)", "'\(key)' is for HTTP, and this listener has 'mode: tcp'", isAboutKey: true)
            }
        }
        guard let plain = tls.httpsOnly else { return }
        if case .unix = plain { error(path + ".httpsOnly", "a browser cannot reach a socket by a path") }
        if case .unix = listener.address {
            error(
                path + ".httpsOnly", "this listener is a socket with a path, to which nobody can be sent",
                isAboutKey: true)
        }
    }

    private mutating func checkHSTS(_ hsts: HSTSConfiguration, at path: String) {
        guard hsts.preload else { return }
        // What hstspreload.org asks for.
        if !hsts.includeSubdomains, isReadable(path + ".includeSubdomains") {
            error(path + ".preload", "a preloaded host needs 'includeSubdomains: true'")
        }
        if hsts.maxAge < .hours(24 * 365), isReadable(path + ".maxAge") {
            error(path + ".preload", "a preloaded host needs a 'maxAge' of 365d at least")
        }
    }

    /// Versions in order.
    private mutating func checkVersions(_ minimum: TLSVersionName, _ maximum: TLSVersionName, at path: String) {
        guard minimum > maximum, areReadable([path + ".minVersion", path + ".maxVersion"]) else { return }
        // Of two the one that was written is at fault.
        let key = isWritten?(path + ".minVersion") == false ? "maxVersion" : "minVersion"
        let versions = (minimum.rawValue, maximum.rawValue)
        error("\(path).\(key)", "'minVersion' \(versions.0) is newer than 'maxVersion' \(versions.1)")
    }

    private mutating func checkCiphers(_ ciphers: [String], _ minimum: TLSVersionName, at path: String) {
        checkTwins(ciphers.map { Twin($0, nil) }, what: "suite", at: path + ".ciphers")
        guard !ciphers.isEmpty, minimum == .v13, isReadable(path + ".minVersion") else { return }
        let message = "'ciphers' are for TLS 1.2, which 'minVersion' excludes"
        error(path + ".ciphers", message, hint: "remove it", isAboutKey: true)
    }

    /// The same certificate is ordered once: several listeners may want it, but only in the same way.
    private mutating func checkOrders() {
        var orders: [[String]: (acme: ACMEConfiguration, path: String)] = [:]
        for (index, listener) in configuration.listeners.enumerated() {
            guard let acme = listener.tls?.acme else { continue }
            let path = "listeners[\(index)].tls.acme"
            let order = [acme.directory, acme.keyType.rawValue] + acme.domains
            if let other = orders[order], other.acme != acme {
                let message = "the same certificate is ordered in two ways"
                error(path, message, hint: "\(other.path) wants it with other settings", isAboutKey: true)
            }
            orders[order] = orders[order] ?? (acme, path)
        }
    }

    private mutating func checkACME(_ acme: ACMEConfiguration, at path: String) {
        checkTwins(acme.domains.map { Twin($0, nil) }, what: "name", at: path + ".domains")
        guard areReadable([path + ".challenge", path + ".hook"]) else { return }
        let isDNS = acme.challenge == .dns01
        if isDNS, acme.hook.isEmpty {
            let message = "'challenge: dns-01' needs a 'hook' that sets records"
            error(path + ".challenge", message, hint: "add 'hook', such as [/usr/local/bin/set-record]")
        }
        if !isDNS, !acme.hook.isEmpty {
            let message = "'hook' is for 'challenge: dns-01', and this one is '\(acme.challenge.rawValue)'"
            error(path + ".hook", message, hint: "write 'challenge: dns-01', or remove it", isAboutKey: true)
        }
        for (index, domain) in acme.domains.enumerated() where domain.hasPrefix("*.") && !isDNS {
            let message = "all names below one can only be proven by DNS"
            error("\(path).domains[\(index)]", message, hint: "use 'challenge: dns-01'")
        }
        if acme.challenge == .http01, !speaksPlainHTTP {
            let message = "no listener speaks plain HTTP, by which the authority asks for 'http-01'"
            warning(path, message, hint: "add 'httpsOnly: \":80\"' to 'tls', or use 'tls-alpn-01'", isAboutKey: true)
        }
    }

    /// Whether there is a listener for HTTP without TLS.
    private var speaksPlainHTTP: Bool {
        configuration.listeners.enumerated().contains { index, listener in
            !areReadable(["listeners[\(index)]", "listeners[\(index)].tls", "listeners[\(index)].tls.httpsOnly"])
                || listener.tls?.httpsOnly != nil || listener.tls == nil && listener.mode == .http
        }
    }

    private mutating func checkUpstreamTLS(_ tls: UpstreamTLSConfiguration, at path: String) {
        checkVersions(tls.minVersion, tls.maxVersion, at: path)
        checkCiphers(tls.ciphers, tls.minVersion, at: path)
        checkTwins(tls.groups.map { Twin($0, nil) }, what: "group", at: path + ".groups")
        if tls.key != nil, tls.certificate == nil, isReadable(path + ".certificate") {
            error(path + ".key", "there is no 'certificate' that this key is for", isAboutKey: true)
        }
        if tls.insecure { checkInsecure(tls, at: path) }
        checkPins(tls, at: path)
    }

    private mutating func checkInsecure(_ tls: UpstreamTLSConfiguration, at path: String) {
        if tls.ca != nil {
            error(
                path + ".ca", "with 'insecure: true' nothing is verified", hint: "remove one of them", isAboutKey: true)
        } else if !tls.pins.isEmpty {
            let hint = "remove 'insecure', and write 'pinning: instead-of-chain' if a pinned key is all it takes"
            error(path + ".insecure", "with 'insecure: true' nothing is verified, pins either", hint: hint)
        } else {
            let message = "servers need not prove who they are, and whoever gets in between can read everything"
            warning(path + ".insecure", message, hint: "use 'ca', or 'pins' with 'pinning: instead-of-chain'")
        }
    }

    private mutating func checkPins(_ tls: UpstreamTLSConfiguration, at path: String) {
        guard isReadable(path + ".pins") else { return }
        guard !tls.pins.isEmpty else {
            for key in ["pinning", "pinReportOnly"]
            where key == "pinning" ? tls.pinning != .besidesChain : tls.pinReportOnly {
                error("\(path).\(key)", "there are no 'pins' that '\(key)' is about", isAboutKey: true)
            }
            return
        }
        if tls.pinning == .insteadOfChain, tls.ca != nil {
            let message = "with 'pinning: instead-of-chain' no chain is verified"
            error(path + ".ca", message, hint: "remove one of them", isAboutKey: true)
        }
        if tls.pinning == .insteadOfChain, tls.pinReportOnly {
            let message = "pins that are only reported, and stand for the chain, would let everybody in"
            error(path + ".pinReportOnly", message, hint: "remove one of them")
        }
        // An element that could not be read would be a blank one.
        guard areReadable(tls.pins.indices.map { "\(path).pins[\($0)]" }) else { return }
        checkTwins(tls.pins.map { Twin($0, nil) }, what: "pin", at: path + ".pins")
        if Set(tls.pins).count == 1 {
            let message = "one pin only: if that key is lost, no request gets through"
            warning(path + ".pins", message, hint: "add that of a key kept in reserve ('martlet pin --key FILE')")
        }
    }

    /// What may be in a list once.
    private struct Twin: Hashable {
        let name: String
        let part: String?

        init(_ name: String, _ part: String?) {
            (self.name, self.part) = (name, part)
        }
    }

    private mutating func checkTwins(_ elements: [Twin], what: String, at path: String) {
        var seen: [Twin: Int] = [:]
        for (index, element) in elements.enumerated() where !element.name.isEmpty && isReadable("\(path)[\(index)]") {
            if let other = seen[element] {
                let list = path.split(separator: ".").last ?? ""
                let message = "\(what) \(Quoting.quote(element.name)) is there twice"
                error("\(path)[\(index)]", message, hint: "it is already \(list)[\(other)]")
            }
            seen[element] = seen[element] ?? index
        }
    }
}
