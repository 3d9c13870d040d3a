// Routes that can never be taken, because another one is asked before that is for all their requests.

/// A route that is never taken for one of its hosts.
package struct RouteShadow: Equatable, Sendable {
    package let route: Int
    /// The place among the route's hosts; `nil` for a route for any host.
    package let host: Int?
    /// The route that is asked before.
    package let other: Int
    /// Both are for the same paths, with the same conditions.
    package let isTwin: Bool
}

/// Finds routes that can never be taken.
package struct RouteShadows {
    private struct Entry {
        let route: Int
        let host: Int?
        let path: RoutePath
        /// What it asks for apart from host and path.
        let parts: Set<String>
    }

    private var found: [RouteShadow] = []
    private var coverage = PathCoverage()

    /// All such routes, in order.
    package static func find(in rules: [RouteRule]) -> [RouteShadow] {
        var shadows = RouteShadows()
        for entries in groups(rules).values { shadows.search(entries) }
        return shadows.found.sorted { ($0.route, $0.host ?? -1) < ($1.route, $1.host ?? -1) }
    }

    /// The routes of each host, in the order in which those for the same path are asked.
    private static func groups(_ rules: [RouteRule]) -> [String: [Entry]] {
        var groups: [String: [Entry]] = [:]
        for route in RoutePrecedence.order(of: rules) {
            let rule = rules[route]
            let parts = rule.condition.parts
            for host in rule.hosts.isEmpty ? [nil] : rule.hosts.indices.map({ Optional($0) }) {
                let entry = Entry(route: route, host: host, path: rule.path, parts: parts)
                groups[host.map { rule.hosts[$0].description } ?? "", default: []].append(entry)
            }
        }
        return groups
    }

    private mutating func search(_ entries: [Entry]) {
        // Those that are asked before, by their paths: the first of each, and for each entry the next one.
        var first: [String: Int] = [:]
        first.reserveCapacity(entries.count)
        var next = Array(repeating: -1, count: entries.count)
        var expressions: [Entry] = []
        var rest: [Entry] = []
        for (index, entry) in entries.enumerated() {
            let key = entry.path.key
            if let head = first[key] {
                var last = head
                while !entries[last].parts.isSubset(of: entry.parts), next[last] >= 0 { last = next[last] }
                if entries[last].parts.isSubset(of: entry.parts) {
                    note(entry, entries[last], isTwin: entries[last].parts == entry.parts)
                    continue
                }
                next[last] = index
            } else {
                first[key] = index
            }
            guard case .expression = entry.path else {
                if RoutePrecedence.rank(entry.path) > 1 { rest.append(entry) }
                continue
            }
            if !noteCovered(entry, by: expressions) { expressions.append(entry) }
        }
        if expressions.isEmpty { return }
        // Expressions are asked before all patterns but those that are written out.
        for entry in rest { _ = noteCovered(entry, by: expressions) }
    }

    /// Notes an entry if one of the expressions matches all its paths; whether that is so.
    private mutating func noteCovered(_ entry: Entry, by expressions: [Entry]) -> Bool {
        for other in expressions where other.parts.isSubset(of: entry.parts) {
            if coverage.includes(other.path, entry.path) {
                note(entry, other, isTwin: false)
                return true
            }
        }
        return false
    }

    private mutating func note(_ entry: Entry, _ other: Entry, isTwin: Bool) {
        found.append(RouteShadow(route: entry.route, host: entry.host, other: other.route, isTwin: isTwin))
    }
}

extension RoutePath {
    /// The same for routes that are for the same paths.
    fileprivate var key: String {
        switch self {
        case .pattern(let pattern): pattern.key
        case .expression(let expression): "~" + expression.description
        }
    }
}
