// Whom a page of metrics is about: names as labels, made once for a model.
import MartletProxy
import MartletTelemetry

/// The listeners, routes, upstreams and servers of a model, as labels.
package struct MetricNames: Sendable {
    /// A name of a scope, and its block of counters.
    struct Entry: Sendable {
        let text: [UInt8]
        let block: Int
    }

    private var entries: [[Entry]] = Scope.allCases.map { _ in [] }
    private var counts: [Int] = Scope.allCases.map { _ in 0 }
    private(set) var servers: [ServerGroup] = []

    package init() {}

    /// Names by hand.
    package init(servers: [(upstream: String, server: String)], labels: ScopeLabels = ScopeLabels()) {
        self.servers = ServerGroup.groups(of: servers[...])
        for scope in Scope.allCases {
            counts[scope.rawValue] = labels.beyond(scope)
            var entries = labels[scope]
            if labels.beyond(scope) > 0 { entries.append(.init(name: "(other)", block: Scope.other)) }
            if scope == .route { entries.append(.init(name: "(none)", block: Scope.none)) }
            self.entries[scope.rawValue] = entries.map { entry in
                let text = PrometheusWriter.text(of: [.init("\(scope)", entry.name)])
                return Entry(text: Array(text.utf8), block: entry.block)
            }
        }
    }

    package init(_ model: Model) {
        self.init(servers: model.serverNames, labels: model.labels)
    }

    func labels(_ scope: Scope) -> [Entry] { entries[scope.rawValue] }
    /// How many names of a scope are counted together.
    func beyond(_ scope: Scope) -> Int { counts[scope.rawValue] }
}
