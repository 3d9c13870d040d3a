// Who is let in.

extension Validator {
    /// Rules have names of their own, and none stands behind one that decides everything.
    mutating func checkGuarding() {
        var names: [String: String] = [:]
        check(configuration.access, at: "access", &names)
        if let auth = configuration.auth { check(auth, at: "auth") }
        for (index, route) in configuration.routes.enumerated() where isReadable("routes[\(index)]") {
            check(route.access, at: "routes[\(index)].access", &names)
            if let auth = route.auth ?? nil {
                check(auth, at: "routes[\(index)].auth")
                if route.redirect != nil || route.respond != nil {
                    error(
                        "routes[\(index)].auth", "nobody is asked who gets what Martlet answers by itself",
                        isAboutKey: true)
                }
            }
        }
    }

    /// The fields in which servers are told who a client has proved to be, as `spelling` has them: what comes from a client must
    /// not get into them by another way.
    var identityFields: Set<String> {
        let all = [configuration.auth] + configuration.routes.map { $0.auth ?? nil }
        let names = all.flatMap { [$0?.basic?.userField, $0?.apiKeys?.nameField] }
        return Set(names.compactMap { $0.map(Self.spelling) })
    }

    /// A field's name in small letters, with "-" for "_": servers may take the two for the same.
    static func spelling(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    }

    private mutating func check(_ auth: AuthConfiguration, at path: String) {
        guard isReadable(path + ".basic"), isReadable(path + ".apiKeys") else { return }
        if (auth.basic == nil) == (auth.apiKeys == nil) {
            let message = auth.basic == nil ? "nothing says how clients prove who they are" : "two ways to prove it"
            error(path, message, hint: "there has to be one of 'basic' and 'apiKeys'")
        }
        if let keys = auth.apiKeys, keys.header == nil && keys.query == nil {
            error(path + ".apiKeys", "there is no place for the key", hint: "set 'header' or 'query'")
        }
    }

    private mutating func check(_ rules: [AccessRuleConfiguration], at path: String, _ names: inout [String: String]) {
        var last: Int?
        for (index, rule) in rules.enumerated() where isReadable("\(path)[\(index)]") {
            let element = "\(path)[\(index)]"
            if let last { warning(element, "this rule is never asked", hint: "\(path)[\(last)] decides everything") }
            if rule.isForAll && rule.action != .log && !rule.shadow && last == nil { last = index }
            if let name = rule.name {
                if let other = names[name] { error(element + ".name", "\(other) has the same name") }
                names[name] = names[name] ?? element
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
