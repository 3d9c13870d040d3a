// The routes of a config. There may be tens of thousands, of which a reload changes a few: each is an object, so that lists share
// those that are the same, and it costs a look to see that they are.
import MartletRouting

/// A route, with what follows from it alone.
package final class RouteEntry: Sendable {
    package let route: RouteConfiguration
    /// See `RouteConfiguration.isPlain`.
    package let isPlain: Bool
    /// `nil` where a pattern is none.
    private let compiled: RouteRule?

    init(_ route: RouteConfiguration) {
        self.route = route
        isPlain = route.isPlain
        compiled = try? route.rule()
    }

    /// Which requests it is for.
    /// - Throws: as `RouteConfiguration.rule` does.
    package func rule() throws(PatternError) -> RouteRule {
        if let compiled { return compiled }
        return try route.rule()
    }

    /// Whether it is for one of these hosts; false where a pattern is none.
    func isFor(anyOf hosts: HostSet) -> Bool { compiled.map { hosts.contains(anyOf: $0.hosts) } ?? false }

    /// Whether it is the same route.
    func isSame(as other: RouteEntry) -> Bool { self === other || route == other.route }
}

/// Hosts that routes are for.
struct HostSet {
    /// Whether any host is among them.
    private var hasAny = false
    private var hosts: Set<HostPattern> = []

    var isEmpty: Bool { !hasAny && hosts.isEmpty }

    /// - Parameter others: the hosts of a route; none is any host.
    mutating func insert(_ others: [HostPattern]) {
        if others.isEmpty { hasAny = true }
        hosts.formUnion(others)
    }

    /// Whether one of the hosts of a route is among them.
    func contains(anyOf others: [HostPattern]) -> Bool {
        if others.isEmpty { return hasAny }
        return !hosts.isEmpty && others.contains { hosts.contains($0) }
    }
}

/// Routes in their order.
package struct RouteList: Sendable {
    /// For whoever looks at all of them: a route is large, and need not be copied.
    package private(set) var entries: [RouteEntry] = []

    package init(_ routes: some Sequence<RouteConfiguration>) {
        entries = routes.map { RouteEntry($0) }
    }

    /// An empty list with room for so many.
    init(capacity: Int) { entries.reserveCapacity(capacity) }

    mutating func append(_ route: RouteConfiguration) { entries.append(RouteEntry(route)) }

    /// Adds a route that another list may have as well.
    mutating func append(_ entry: RouteEntry) { entries.append(entry) }

    /// For each route, the place of the same one in the list before; `nil` for one that is new. Between the front and the end that are
    /// the same, only what the lists share is found.
    package func places(in old: RouteList) -> [Int?] {
        let same = unchanged(since: old)
        var known: [ObjectIdentifier: Int] = [:]
        for place in same.front..<old.count - same.back { known[ObjectIdentifier(old.entries[place])] = place }
        return indices.map { index in
            if index < same.front { return index }
            if index >= count - same.back { return index + old.count - count }
            return known[ObjectIdentifier(entries[index])]
        }
    }

    /// How many routes at the front of this list and of the one before, and how many of the others at their end, are the same.
    private func unchanged(since old: RouteList) -> (front: Int, back: Int) {
        let most = Swift.min(count, old.count)
        let last = (own: count - 1, old: old.count - 1)
        var (front, back) = (0, 0)
        while front < most && entries[front].isSame(as: old.entries[front]) { front += 1 }
        while back < most - front && entries[last.own - back].isSame(as: old.entries[last.old - back]) { back += 1 }
        return (front, back)
    }
}

extension RouteList: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }
    package subscript(index: Int) -> RouteConfiguration { entries[index].route }
}

extension RouteList: ExpressibleByArrayLiteral {
    package init(arrayLiteral routes: RouteConfiguration...) { self.init(routes) }
}

extension RouteList: Equatable {
    package static func == (left: RouteList, right: RouteList) -> Bool {
        left.count == right.count && zip(left.entries, right.entries).allSatisfy { $0.isSame(as: $1) }
    }
}
