// What is said of what becomes of a request on its route.
import MartletProxy
import MartletProxyConfig

extension RouteOutcome {
    // MARK: For people

    /// Who lets it in, in front of where it goes.
    var gateLines: [String] {
        var lines = Self.section("access", rules.map(Self.text))
        lines += Self.section("pause", pauses.map(\.text))
        if let auth { lines += Self.section("auth", Self.text(auth)) }
        return lines
    }

    /// What comes of it.
    var lines: [String] {
        if let failure { return Self.section("answer", ["\(failure.status): \(failure.reason)"]) }
        if let answer {
            let content = answer.content > 0 ? ["\(answer.content) bytes of content"] : []
            let file = answer.file.map { Self.section("file", [$0]) } ?? []
            return file + Self.section("answer", ["\(answer.status)"] + answer.fields.map(Self.text) + content)
        }
        guard let request else { return [] }
        let target = request.path + (request.query.map { "?" + $0 } ?? "")
        var lines = Self.section(
            "gets",
            ["\(request.method) \(target)", "Host: \(request.host)"] + request.set.map(Self.text)
                + request.removed.map { "without \($0)" })
        if let mirror { lines += Self.section("copy", ["\(mirror.to), of \(mirror.share) in 100 requests"]) }
        return lines
    }

    private static func section(_ name: String, _ lines: [String]) -> [String] {
        lines.enumerated().map { index, line in
            let front = index == 0 ? name : ""
            return front + String(repeating: " ", count: 10 - front.count) + line
        }
    }

    private static func text(_ field: HeadText.Field) -> String { "\(field.name): \(field.value)" }

    private static func text(_ rule: Rule) -> String {
        switch (rule.action, rule.isShadow) {
        case (.deny, false): "\(rule.name) refuses it with \(rule.status)"
        case (.deny, true): "\(rule.name) would refuse it with \(rule.status), and is only tried out"
        case (.allow, false): "\(rule.name) lets it in"
        case (.allow, true): "\(rule.name) would let it in, and is only tried out"
        case (.challenge, false): "\(rule.name) wants it to come from a browser"
        case (.challenge, true): "\(rule.name) would want it to come from a browser, and is only tried out"
        case (.log, _): "\(rule.name) notes it"
        }
    }

    private static func text(_ auth: AuthConfiguration) -> [String] {
        if !auth.any.isEmpty {
            return auth.any.flatMap(text).enumerated().map { $0 == 0 ? $1 : "or " + $1 }
        }
        if let basic = auth.basic { return ["a name and a password of \(basic.file)"] }
        if let forward = auth.forward { return ["what \(forward.url) says"] }
        if let jwt = auth.jwt {
            return ["a token" + (jwt.issuer.isEmpty ? "" : " of " + jwt.issuer.joined(separator: ", "))]
        }
        guard let keys = auth.apiKeys else { return [] }
        let places = [keys.header, keys.query.map { "the parameter \($0)" }].compactMap(\.self)
        return ["a key of \(keys.file), in \(places.joined(separator: " or "))"]
    }

    // MARK: For programs

    var members: [(String, JSONText)] {
        var members: [(String, JSONText)] = []
        if !rules.isEmpty { members.append(("access", .array(rules.map(Self.json)))) }
        if let auth { members.append(("auth", Self.json(auth))) }
        if !pauses.isEmpty { members.append(("pauses", .array(pauses.map(Self.json)))) }
        if let failure { members.append(("refused", .string(failure.reason))) }
        if let answer {
            let file = answer.file.map { [("file", JSONText.string($0))] } ?? []
            members.append(
                (
                    "answer",
                    .object(
                        [
                            ("status", .integer(answer.status)), ("fields", .array(answer.fields.map(Self.json))),
                            ("content", .integer(answer.content)),
                        ] + file)
                ))
        }
        if let request { members.append(("gets", Self.json(request))) }
        if let mirror {
            members.append(("copy", .object([("upstream", .string(mirror.to)), ("percent", .integer(mirror.share))])))
        }
        return members
    }

    private static func json(_ pause: Pause) -> JSONText {
        var members: [(String, JSONText)] = [
            ("maintenance", .string(pause.keyPath)), ("on", .boolean(pause.isOn)), ("exempt", .boolean(pause.isExempt)),
        ]
        if let mark = pause.mark { members.append(("file", .string(mark))) }
        return .object(members)
    }

    private static func json(_ field: HeadText.Field) -> JSONText {
        .object([("name", .string(field.name)), ("value", .string(field.value))])
    }

    private static func json(_ rule: Rule) -> JSONText {
        var members: [(String, JSONText)] = [
            ("rule", .string(rule.name)), ("action", .string("\(rule.action)")), ("shadow", .boolean(rule.isShadow)),
        ]
        if rule.action == .deny { members.append(("status", .integer(rule.status))) }
        return .object(members)
    }

    private static func json(_ auth: AuthConfiguration) -> JSONText {
        if !auth.any.isEmpty { return .object([("any", .array(auth.any.map(json)))]) }
        if let forward = auth.forward {
            return .object([("by", .string("forward")), ("url", .string(forward.url))])
        }
        if let jwt = auth.jwt {
            return .object([("by", .string("jwt")), ("issuers", .array(jwt.issuer.map { .string($0) }))])
        }
        let kind = auth.basic == nil ? "apiKeys" : "basic"
        return .object([("by", .string(kind)), ("file", .string(auth.basic?.file ?? auth.apiKeys?.file ?? ""))])
    }

    private static func json(_ request: Request) -> JSONText {
        var members: [(String, JSONText)] = [("method", .string(request.method)), ("path", .string(request.path))]
        if let query = request.query { members.append(("query", .string(query))) }
        return .object(
            members + [
                ("host", .string(request.host)), ("set", .array(request.set.map(json))),
                ("removed", .array(request.removed.map { .string($0) })),
            ])
    }
}
