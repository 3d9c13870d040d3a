// Which of several routes for the same request is taken.

/// The order in which routes are asked.
package enum RoutePrecedence {
    /// The routes in the order in which those for the same path are asked: more conditions first, then as they are listed.
    static func order(of rules: [RouteRule]) -> [Int] {
        let weights = rules.indices.map { rules[$0].condition.weight }
        if weights.allSatisfy({ $0 == weights.first }) { return Array(rules.indices) }
        return rules.indices.sorted { (weights[$0], $1) > (weights[$1], $0) }
    }

    /// Whether `first` is asked before `second` for a request whose path both match, as far as paths decide.
    /// - Returns: `nil` if they do not.
    package static func precedes(_ first: RoutePath, _ second: RoutePath) -> Bool? {
        let ranks = (rank(first), rank(second))
        if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
        guard case .pattern(let one) = first, case .pattern(let other) = second else { return nil }
        for (left, right) in zip(one.segments, other.segments) where (left == nil) != (right == nil) {
            return left != nil
        }
        if one.segments.count != other.segments.count { return one.segments.count > other.segments.count }
        return one.isPrefix == other.isPrefix ? nil : other.isPrefix
    }

    /// Paths that are written out, then expressions, then patterns.
    static func rank(_ path: RoutePath) -> Int {
        switch path {
        case .expression: 1
        case .pattern(let pattern): pattern.isLiteral ? 0 : 2
        }
    }

    /// Whether a host pattern is asked before another one for a host that both match; `nil` is any host.
    package static func precedes(_ first: HostPattern?, _ second: HostPattern?) -> Bool? {
        guard let first, let second else { return first == nil && second == nil ? nil : first != nil }
        if first.isWildcard != second.isWildcard { return second.isWildcard }
        return first.name.utf8.count == second.name.utf8.count
            ? nil : first.name.utf8.count > second.name.utf8.count
    }

    /// What makes one route come before another one.
    package enum Reason: String, Sendable {
        /// Its host is more exact.
        case host
        /// Its path is more exact, or of a kind that comes first.
        case path
        /// It has more conditions.
        case conditions
        /// It stands before it in the list.
        case order
    }

    /// A route that a request matches.
    struct Candidate {
        let route: Int
        /// The most exact of its patterns that the host matches; `nil` for any host.
        let host: HostPattern?
        let rule: RouteRule

        /// Why it comes before `other`; `nil` if it does not.
        func reason(before other: Candidate) -> Reason? {
            if let isFirst = RoutePrecedence.precedes(host, other.host) { return isFirst ? .host : nil }
            if let isFirst = RoutePrecedence.precedes(rule.path, other.rule.path) { return isFirst ? .path : nil }
            let (mine, others) = (rule.condition.weight, other.rule.condition.weight)
            if mine != others { return mine > others ? .conditions : nil }
            return route < other.route ? .order : nil
        }
    }
}
