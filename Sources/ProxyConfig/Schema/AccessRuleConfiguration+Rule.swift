// From access rules to what they are for.
import MartletHTTPCore
import MartletRouting

extension AccessRuleConfiguration {
    /// Routes for the same hosts and paths; `nil` when those are all.
    /// - Throws: when a pattern is none. The loader has refused such a config already; one made in code may have them.
    package func places() throws(PatternError) -> [RouteRule]? {
        if host.isEmpty && path.isEmpty { return nil }
        var hosts: [HostPattern] = []
        for host in host { hosts.append(try HostPattern(parsing: host)) }
        var rules: [RouteRule] = []
        for path in path.isEmpty ? ["/*"] : path {
            rules.append(RouteRule(hosts: hosts, path: .pattern(try PathPattern(parsing: path))))
        }
        return rules
    }

    /// A route for everything that fulfils the condition; `nil` when there is none.
    package func condition() throws(PatternError) -> RouteRule? {
        guard let when else { return nil }
        return RouteRule(path: .pattern(try PathPattern(parsing: "/*")), condition: try when.compiled())
    }
}
