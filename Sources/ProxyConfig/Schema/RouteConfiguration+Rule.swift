// From the routes of a config to those of the table.
import MartletHTTPCore
import MartletRouting

extension RouteConfiguration {
    /// What it says of the requests that it is for.
    /// - Throws: when a pattern is none. The loader has refused such a config already; one made in code may have them.
    package func rule() throws(PatternError) -> RouteRule {
        var hosts: [HostPattern] = []
        for host in host { hosts.append(try HostPattern(parsing: host)) }
        let path: RoutePath =
            if let regex { .expression(try Expression(parsing: regex)) } else {
                .pattern(try PathPattern(parsing: path))
            }
        return RouteRule(hosts: hosts, path: path, condition: try condition.compiled())
    }

    /// Whether it is for the same requests as another route.
    package func isForSameRequests(as other: RouteConfiguration) -> Bool {
        host == other.host && path == other.path && regex == other.regex && condition == other.condition
    }

    /// What it asks for apart from host and path.
    var condition: ConditionConfiguration {
        var condition = ConditionConfiguration()
        condition.methods = methods
        condition.scheme = scheme
        condition.headers = headers
        condition.query = query
        condition.cookies = cookies
        condition.certificate = certificate
        condition.clients = clients
        condition.any = any
        condition.all = all
        condition.not = not
        return condition
    }
}

extension ConditionConfiguration {
    /// The condition as routing has it.
    func compiled() throws(PatternError) -> RouteCondition {
        var parts: [RouteCondition] = []
        if !methods.isEmpty { parts.append(.methods(methods)) }
        if let scheme { parts.append(.scheme(isSecure: scheme == .https)) }
        for match in headers { parts.append(try match.compiled { .field(match.name, $0) }) }
        for match in query { parts.append(try match.compiled { .parameter(match.name, $0) }) }
        for match in cookies { parts.append(try match.compiled { .cookie(match.name, $0) }) }
        for match in certificate {
            // The decoder lets no other name pass.
            guard let part = CertificatePart(name: match.name) else { continue }
            parts.append(try match.compiled { .certificate(part, $0) })
        }
        if !clients.isEmpty { parts.append(.client(clients)) }
        if !any.isEmpty { parts.append(.any(try Self.compiled(any))) }
        if !all.isEmpty { parts.append(.all(try Self.compiled(all))) }
        for condition in not { parts.append(.not(try condition.compiled())) }
        return .all(parts)
    }

    private static func compiled(_ conditions: [ConditionConfiguration]) throws(PatternError) -> [RouteCondition] {
        var parts: [RouteCondition] = []
        for condition in conditions { parts.append(try condition.compiled()) }
        return parts
    }
}

extension ValueMatchConfiguration {
    /// The test, made a condition by `make`.
    fileprivate func compiled(_ make: (ValueTest) -> RouteCondition) throws(PatternError) -> RouteCondition {
        if let exact { return make(.exact(exact)) }
        if let prefix { return make(.prefix(prefix)) }
        if let regex { return make(.expression(try Expression(parsing: regex))) }
        return present == false ? .not(make(.present)) : make(.present)
    }
}
