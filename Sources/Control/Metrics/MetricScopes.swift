// Which names have blocks of counters: bounded, and the same as long as a name is in use, so that a reload disturbs no series.
import MartletProxy
import MartletProxyConfig
import MartletTelemetry
import Synchronization

/// Gives blocks of counters to names. There is one for a proxy, which each of its models is compiled with.
package final class MetricScopes: Sendable {
    /// What a name is given.
    private struct Blocks {
        /// By block, those that are reserved aside.
        var names: [String?]
        var places: [String: Int] = [:]
        /// What a block had counted when its name changed.
        var earlier: [Int: [UInt64]] = [:]
        /// What was asked for last, and given.
        var last: (names: [String], assignment: Assignment)?
    }

    /// The block of each name, in order, the names that have one, and how many have none.
    typealias Assignment = (blocks: [Int], entries: [ScopeLabels.Entry], beyond: Int)

    let layout: MetricsLayout
    /// Who counts.
    let loops: [LoopMetrics]
    private let blocks: Mutex<[Blocks]>

    /// - Parameter loops: how many count.
    package init(_ layout: MetricsLayout, loops: Int) {
        self.layout = layout
        self.loops = (0..<loops).map { _ in LoopMetrics(layout) }
        blocks = Mutex(
            Scope.allCases.map { scope in
                Blocks(names: Array(repeating: nil, count: layout.blocks(scope) - Scope.reserved))
            })
    }

    /// Gives a block to each of a config's names, those first that come first. A name that has one keeps it; blocks whose names
    /// are not among them are free to be taken. What finds none is counted with all others.
    func assign(_ names: [String], _ scope: Scope) -> Assignment {
        blocks.withLock { all in
            // A reload changes few of many names, and mostly none.
            if let last = all[scope.rawValue].last, last.names == names { return last.assignment }
            let assignment = assign(names, &all[scope.rawValue], scope)
            all[scope.rawValue].last = (names, assignment)
            return assignment
        }
    }

    private func assign(_ names: [String], _ blocks: inout Blocks, _ scope: Scope) -> Assignment {
        var given: [String: Int] = [:]
        given.reserveCapacity(names.count)
        var found: [Int] = []
        found.reserveCapacity(names.count)
        var entries: [ScopeLabels.Entry] = []
        var spare: [Int]?
        for name in names {
            if let block = given[name] {
                found.append(block)
                continue
            }
            let known = blocks.places[name]
            if known == nil && spare == nil { spare = Self.spare(blocks, besides: names) }
            guard let place = known ?? spare?.popLast() else {
                given[name] = Scope.other
                found.append(Scope.other)
                continue
            }
            if known == nil { take(place, for: name, &blocks, scope) }
            given[name] = place + Scope.reserved
            found.append(place + Scope.reserved)
            entries.append(.init(name: name, block: place + Scope.reserved))
        }
        return (found, entries, given.count - entries.count)
    }

    /// The blocks that have no name, and then those whose name is not wanted any more; the first one last.
    private static func spare(_ blocks: Blocks, besides wanted: [String]) -> [Int] {
        var unwanted = Set(blocks.places.keys)
        for name in wanted where !unwanted.isEmpty { unwanted.remove(name) }
        let free = blocks.names.indices.filter { blocks.names[$0] == nil }
        let given = blocks.names.indices.filter { place in blocks.names[place].map(unwanted.contains) ?? false }
        return (free + given).reversed()
    }

    private func take(_ place: Int, for name: String, _ blocks: inout Blocks, _ scope: Scope) {
        if let before = blocks.names[place] {
            blocks.places[before] = nil
            let block = place + Scope.reserved
            var sum = [UInt64](repeating: 0, count: MetricsLayout.blockCells)
            for loop in loops { for (cell, value) in loop.read(scope, block).enumerated() { sum[cell] &+= value } }
            blocks.earlier[place] = sum
        }
        blocks.names[place] = name
        blocks.places[name] = place
    }

    /// The same model, whose exchanges are counted under the names of its listeners, routes and upstreams. Routes that the config
    /// names come before those that it does not.
    package func label(_ model: Model) -> Model {
        let routes = model.names.lazy.filter(\.isGiven).map(\.text) + model.names.map(\.text)
        let listeners = assign(model.listeners.map(\.name), .listener)
        // Those that are not in the config any more keep what they have: exchanges of theirs may go on.
        let upstreams = assign(model.currentUpstreams.map(\.upstream.name), .upstream)
        var places = model.upstreams.map { Int($0.counters) }
        for (current, block) in zip(model.currentUpstreams, upstreams.blocks) { places[current.place] = block }
        let given = assign(routes, .route)
        var labels = ScopeLabels()
        for (scope, part) in [(Scope.listener, listeners), (.route, given), (.upstream, upstreams)] {
            labels[scope] = part.entries
            labels.setBeyond(part.beyond, scope)
        }
        return Model(model, labels: labels) { scope in
            switch scope {
            case .listener: listeners.blocks
            case .route: Array(given.blocks.suffix(model.names.count))
            case .upstream: places
            }
        }
    }

    /// Takes away from a snapshot what blocks had counted for other names.
    func settle(_ snapshot: inout MetricsSnapshot) {
        blocks.withLock { all in
            for scope in Scope.allCases {
                for (place, earlier) in all[scope.rawValue].earlier {
                    snapshot.subtract(earlier, scope, place + Scope.reserved)
                }
            }
        }
    }
}

extension MetricsLayout {
    /// The blocks that a config asks for.
    package init(_ configuration: Configuration, servers: Int) {
        let metrics = configuration.metrics
        self.init(
            servers: servers, listeners: metrics.listeners, routes: metrics.routes, upstreams: metrics.upstreams)
    }
}
