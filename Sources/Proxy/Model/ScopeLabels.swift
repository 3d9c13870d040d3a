// Under which names exchanges are counted: listeners, routes and upstreams with their blocks of counters.
import MartletTelemetry

/// The names of a model, each with its block. A name keeps its block when the config changes.
package struct ScopeLabels: Sendable, Equatable {
    /// A name and its block of counters.
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let block: Int

        package init(name: String, block: Int) {
            self.name = name
            self.block = block
        }
    }

    private var entries: [[Entry]] = Scope.allCases.map { _ in [] }
    private var counts: [Int] = Scope.allCases.map { _ in 0 }

    package init() {}

    /// The names of a scope that have blocks of their own, in the order of the config.
    package subscript(scope: Scope) -> [Entry] {
        get { entries[scope.rawValue] }
        set { entries[scope.rawValue] = newValue }
    }

    /// How many names of a scope have none of their own, as there are too many.
    package func beyond(_ scope: Scope) -> Int { counts[scope.rawValue] }

    package mutating func setBeyond(_ count: Int, _ scope: Scope) { counts[scope.rawValue] = count }
}

/// What a route is called in logs and metrics.
package struct RouteName: Sendable, Equatable {
    /// Its name in the config, or else what it is for.
    package let text: String
    /// Whether the config names it.
    package let isGiven: Bool
    /// The path that it is for: a template or an expression.
    package let path: String

    package init(text: String, path: String, isGiven: Bool) {
        self.text = text
        self.path = path
        self.isGiven = isGiven
    }
}
