// What is counted by listener, route and upstream, for programs that show it live.
import MartletProxy
import MartletProxyConfig
import MartletTelemetry

extension AdminAPI {
    /// The bounds of the buckets that these counts have, and the counts.
    func scopes(_ view: AdminScene.View, _ snapshot: MetricsSnapshot) -> [(String, JSONText)] {
        var kinds: [String: String] = [:]
        for listener in view.model.listeners { kinds[listener.name] = listener.kind }
        func entries(_ scope: Scope) -> [JSONText] {
            names(scope, view.model.labels).map { name, block in
                var members = [("name", JSONText.string(name))]
                if scope == .listener { members.append(("kind", .string(kinds[name] ?? "http"))) }
                return .object(members + figures(scope, block, snapshot))
            }
        }
        return [
            ("bucketBounds", .array(DurationBuckets.bounds.map { .integer(Int(clamping: $0)) })),
            ("listeners", .array(entries(.listener))), ("routes", .array(entries(.route))),
            ("upstreams", .array(entries(.upstream))),
        ]
    }

    /// As the metrics call them.
    private func names(_ scope: Scope, _ labels: ScopeLabels) -> [(String, Int)] {
        var names = labels[scope].map { ($0.name, $0.block) }
        if labels.beyond(scope) > 0 { names.append(("(other)", Scope.other)) }
        if scope == .route { names.append(("(none)", Scope.none)) }
        return names
    }

    private func figures(_ scope: Scope, _ block: Int, _ snapshot: MetricsSnapshot) -> [(String, JSONText)] {
        let classes: [(String, ScopeCounter)] = [
            ("none", .unanswered), ("1xx", .responses1xx), ("2xx", .responses2xx), ("3xx", .responses3xx),
            ("4xx", .responses4xx), ("5xx", .responses5xx),
        ]
        let counts = classes.map { ($0.0, snapshot.read($0.1, scope, block)) }
        return [
            ("requests", count(counts.reduce(0) { $0 &+ $1.1 })),
            ("responses", .object(counts.map { ($0.0, count($0.1)) })),
            ("failures", count(snapshot.read(.failures, scope, block))),
            ("microseconds", count(snapshot.read(.microseconds, scope, block))),
            ("buckets", .array((0..<DurationBuckets.count).map { count(snapshot.bucket($0, scope, block)) })),
        ]
    }
}
