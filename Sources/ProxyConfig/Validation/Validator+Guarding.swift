// Who is let in.

extension Validator {
    /// Rules have names of their own, and none stands behind one that decides everything.
    mutating func checkGuarding() {
        check(configuration.access, at: "access")
        checkChallenge()
        if let auth = configuration.auth { check(auth, at: "auth") }
    }

    /// The same of a route.
    mutating func checkGuarding(of route: RouteConfiguration, at path: String) {
        if !route.access.isEmpty { check(route.access, at: path + ".access") }
        if let auth = route.auth ?? nil { check(auth, at: path + ".auth") }
    }

    /// The fields in which servers are told who a client has proved to be, as `spelling` has them: what comes from a client must
    /// not get into them by another way.
    static func identityFields(of configuration: Configuration) -> Set<String> {
        var all = configuration.auth.map { [$0] } ?? []
        for entry in configuration.routes.entries where !entry.isPlain {
            if let auth = entry.route.auth ?? nil { all.append(auth) }
        }
        return Set(all.flatMap(\.identityFields).map(spelling))
    }

    /// A field's name in small letters, with "-" for "_": servers may take the two for the same.
    static func spelling(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    }

    private mutating func check(_ auth: AuthConfiguration, at path: String) {
        let ways = [
            ("basic", auth.basic != nil), ("apiKeys", auth.apiKeys != nil), ("forward", auth.forward != nil),
            ("jwt", auth.jwt != nil), ("any", !auth.any.isEmpty),
        ]
        guard ways.allSatisfy({ isReadable("\(path).\($0.0)") }) else { return }
        let count = ways.count { $0.1 }
        if count != 1 {
            let message = count == 0 ? "nothing says how clients prove who they are" : "more than one way to prove it"
            let advice = count == 0 ? "there has to be one" : "put those of which one is enough into 'any', or keep one"
            error(path, message, hint: advice + " of 'basic', 'apiKeys', 'forward' and 'jwt'")
        }
        for (index, way) in auth.any.enumerated() where isReadable("\(path).any[\(index)]") {
            if !way.any.isEmpty {
                error(
                    "\(path).any[\(index)].any", "there is 'any' already", hint: "put its ways there", isAboutKey: true)
            } else if index >= AuthConfiguration.mostWays {
                error("\(path).any[\(index)]", "more than \(AuthConfiguration.mostWays) ways")
                break
            } else {
                check(way, at: "\(path).any[\(index)]")
            }
        }
        if let keys = auth.apiKeys, keys.header == nil && keys.query == nil {
            error(path + ".apiKeys", "there is no place for the key", hint: "set 'header' or 'query'")
        }
        if let forward = auth.forward { check(forward, at: path + ".forward") }
        if let jwt = auth.jwt { check(jwt, at: path + ".jwt") }
    }

    /// One cookie cannot say two things.
    private mutating func checkChallenge() {
        if !configuration.hasChallenges {
            if isWritten?("challenge") == true {
                warning("challenge", "no rule has the action 'challenge'", isAboutKey: true)
            }
            return
        }
        let cookie = configuration.challenge.cookie
        let sticky = configuration.upstreams.first { $0.sticky?.cookie == cookie }.map { "upstreams.\($0.name).sticky" }
        let split = configuration.routes.entries.firstIndex { $0.route.split?.sticky?.cookie == cookie }
        if let other = sticky ?? split.map({ "routes[\($0)].split.sticky" }) {
            error("challenge.cookie", "\(other) has a cookie of the same name", hint: "use another name")
        }
    }

    private mutating func check(_ jwt: JWTAuthConfiguration, at path: String) {
        let isPublic = !jwt.keyFiles.isEmpty || jwt.jwksFile != nil || jwt.jwksURL != nil
        for (index, algorithm) in jwt.algorithms.enumerated() {
            if algorithm.isSymmetric ? jwt.secretFile != nil : isPublic { continue }
            let hint = algorithm.isSymmetric ? "set 'secretFile'" : "set 'keyFiles', 'jwksFile' or 'jwksURL'"
            error("\(path).algorithms[\(index)]", "there is no key for \(algorithm.rawValue)", hint: hint)
        }
        if jwt.secretFile != nil && !jwt.algorithms.contains(where: \.isSymmetric) && !jwt.algorithms.isEmpty {
            error(path + ".secretFile", "none of 'algorithms' has a secret", isAboutKey: true)
        }
        if isPublic && !jwt.algorithms.isEmpty && jwt.algorithms.allSatisfy(\.isSymmetric) {
            let key = !jwt.keyFiles.isEmpty ? "keyFiles" : jwt.jwksFile != nil ? "jwksFile" : "jwksURL"
            error("\(path).\(key)", "none of 'algorithms' has public keys", isAboutKey: true)
        }
        if jwt.jwksCA != nil && jwt.jwksURL?.hasPrefix("https:") != true && isReadable(path + ".jwksURL") {
            error(path + ".jwksCA", "no keys are fetched by TLS", hint: "use 'https://' in 'jwksURL'", isAboutKey: true)
        }
        if jwt.header == nil && jwt.cookie == nil && jwt.query == nil {
            error(path, "there is no place for the token", hint: "set 'header', 'cookie' or 'query'")
        }
        for field in jwt.fields { checkIdentityField(field.name, at: "\(path).fields.\(field.name)") }
    }

    private mutating func check(_ forward: ForwardAuthConfiguration, at path: String) {
        if forward.ca != nil && !forward.url.hasPrefix("https:") && isReadable(path + ".url") {
            error(path + ".ca", "the service is asked without TLS", hint: "use 'https://' in 'url'", isAboutKey: true)
        }
        if forward.timeout >= configuration.timeouts.admission {
            warning(
                path + ".timeout", "requests wait no longer than 'timeouts.admission' says",
                hint: "make that one longer, or this one shorter")
        }
        let own = forward.copyFields.enumerated().map { ("copyFields[\($0)]", $1) }
        for (key, name) in own + (forward.userField.map { [("userField", $0)] } ?? []) {
            checkIdentityField(name, at: "\(path).\(key)")
        }
        if let fields = forward.clientFields, let cache = forward.cache {
            let sent = Set(fields.map { $0.lowercased() })
            for (index, name) in cache.fields.enumerated() where !sent.contains(name.lowercased()) {
                warning(
                    "\(path).cache.fields[\(index)]", "the service is not sent this field", hint: "see 'clientFields'")
            }
        }
    }

    /// A field that no client may send, on any route, cannot be one that clients need, or that Martlet writes.
    private mutating func checkIdentityField(_ name: String, at path: String) {
        let plain = Self.spelling(name)
        if ["authorization", "cookie"].contains(plain) {
            error(
                path, "the field \(Quoting.quote(name)) would be taken from all clients",
                hint: "use another name")
        } else if EditedField.isOwn(plain) {
            error(path, "the field \(Quoting.quote(name)) is Martlet's own", hint: "use another name")
        }
    }

    private mutating func check(_ rules: [AccessRuleConfiguration], at path: String) {
        var last: Int?
        for (index, rule) in rules.enumerated() where isReadable("\(path)[\(index)]") {
            let element = "\(path)[\(index)]"
            if let last { warning(element, "this rule is never asked", hint: "\(path)[\(last)] decides everything") }
            if rule.isForAll && rule.action != .log && !rule.shadow && last == nil { last = index }
            if let name = rule.name {
                if let other = ruleNames[name] { error(element + ".name", "\(other) has the same name") }
                ruleNames[name] = ruleNames[name] ?? element
            }
            let isStatusWritten = isWritten?(element + ".status") ?? (rule.status != 403)
            if rule.action != .deny && isStatusWritten {
                warning(element + ".status", "only rules that deny have an answer", isAboutKey: true)
            }
        }
    }
}

extension AccessRuleConfiguration {
    /// Whether it asks for nothing.
    fileprivate var isForAll: Bool {
        host.isEmpty && path.isEmpty && clients.isEmpty && clientFiles.isEmpty && when == nil
    }
}
