// Why a request takes a route, and not another one. Slow and plain: each route is looked at by itself, without the tables that
// look-ups use, so that tests can compare both.
import MartletHTTPCore

/// What is to be said of a route.
package enum RouteVerdict: Equatable, Sendable {
    /// The request takes it.
    case taken
    /// It is for the request as well, but another route comes first.
    case behind(other: Int, reason: RoutePrecedence.Reason)
    /// It is for other hosts.
    case host
    /// It is for other paths.
    case path
    /// The request does not have what it asks for: the conditions that do not hold, in words.
    case conditions([String])
}

/// Explains what routes are for a request.
package struct RouteExplainer {
    private let rules: [RouteRule]

    package init(_ rules: [RouteRule]) { self.rules = rules }

    /// A verdict for each route. At most one is taken.
    /// - Parameters:
    ///   - request: whose ranges are of `arena`, and whose path is in the one form.
    package func explain(
        _ request: borrowing RequestHead, _ arena: Span<UInt8>, _ client: RouteClient
    ) -> [RouteVerdict] {
        var memory = RouteMemory()
        let host = Self.name(of: arena.extracting(request.authority))
        var path: [UInt8] = []
        PercentCode.decode(arena.extracting(request.path), onto: &path)
        if request.form == .asterisk || path.isEmpty { path = [0x2F] }
        var verdicts: [RouteVerdict] = []
        var candidates: [RoutePrecedence.Candidate] = []
        for (index, rule) in rules.enumerated() {
            var verdict = RouteVerdict.host
            if let matched = Self.hosts(of: rule, for: host).first {
                verdict = rule.path.matches(path, &memory) ? .taken : .path
                let unmet = verdict == .taken ? Self.unmet(rule.condition, request, arena, client, &memory) : []
                if !unmet.isEmpty { verdict = .conditions(unmet) }
                if verdict == .taken { candidates.append(.init(route: index, host: matched, rule: rule)) }
            }
            verdicts.append(verdict)
        }
        guard let best = candidates.min(by: { $0.reason(before: $1) != nil }) else { return verdicts }
        for candidate in candidates where candidate.route != best.route {
            verdicts[candidate.route] = .behind(other: best.route, reason: best.reason(before: candidate) ?? .order)
        }
        return verdicts
    }

    /// The name in an authority, in lower case, without port and final dot.
    private static func name(of authority: Span<UInt8>) -> String {
        let bytes = (0..<HostTrie.nameLength(of: authority)).map { ByteScan.lowercased(authority[$0]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The patterns that a host matches, the most exact first; `nil` is any host.
    private static func hosts(of rule: RouteRule, for host: String) -> [HostPattern?] {
        if rule.hosts.isEmpty { return [nil] }
        return rule.hosts.filter { $0.matches(host) }.sorted { RoutePrecedence.precedes($0, $1) == true }
    }

    /// The conditions that do not hold.
    private static func unmet(
        _ condition: RouteCondition, _ request: borrowing RequestHead, _ arena: Span<UInt8>, _ client: RouteClient,
        _ memory: inout RouteMemory
    ) -> [String] {
        guard case .all(let parts) = condition else {
            var table = ConditionTable()
            let index = Int(table.insert(condition))
            return table.holds(index, request, arena, client, &memory) ? [] : [condition.description]
        }
        var unmet: [String] = []
        for part in parts { unmet += Self.unmet(part, request, arena, client, &memory) }
        return unmet
    }
}

extension HostPattern {
    /// Whether a name in lower case is one of those that are meant.
    package func matches(_ host: String) -> Bool {
        if !isWildcard { return host == name }
        return host.utf8.count > name.utf8.count && host.hasSuffix(name)
    }
}

extension RoutePath {
    /// Whether a path, decoded, is one of those that are meant.
    func matches(_ path: [UInt8], _ memory: inout RouteMemory) -> Bool {
        guard path.first == 0x2F else { return false }
        switch self {
        case .expression(let expression): return expression.matches(path.span, &memory.expressions)
        case .pattern(let pattern): return pattern.matches(path)
        }
    }
}

extension PathPattern {
    fileprivate func matches(_ path: [UInt8]) -> Bool {
        let parts = path.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false)
        if isPrefix ? parts.count < segments.count : parts.count != segments.count { return false }
        for (part, segment) in zip(parts, segments) {
            if let segment {
                if !segment.utf8.elementsEqual(part) { return false }
            } else if part.isEmpty {
                return false
            }
        }
        return true
    }
}
