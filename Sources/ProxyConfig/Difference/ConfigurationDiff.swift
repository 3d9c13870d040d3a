// What a new config changes, in words.
import MartletHTTPCore

/// The difference of two configs.
package struct ConfigurationDiff: Sendable, Equatable {
    /// How many changes are said; the rest is only counted.
    package static let most = 50
    /// The longest name that is shown, in characters.
    private static let longest = 80

    /// One change.
    package struct Change: Sendable, Equatable, CustomStringConvertible {
        /// What has happened to it.
        package enum Kind: String, Sendable {
            case added = "+"
            case removed = "-"
            case changed = "~"
        }

        package let kind: Kind
        /// What it is: `listener`, `upstream`, `server`, `route`, or `setting`.
        package let what: String
        /// Which one: `:8080`, `api`, `api/127.0.0.1:9001`, `example.com/v2`, `limits`.
        package let name: String
        /// The keys that differ.
        package let keys: [String]

        /// `~ route /v2 (upstream, rewrite)`.
        package var description: String {
            let subject = what == "setting" ? name : "\(what) \(name)"
            // Servers are counted: it is how many there are that matters.
            let sign = kind.rawValue + (what == "server" && kind != .changed ? "1" : "")
            return "\(sign) \(subject)" + (keys.isEmpty ? "" : " (\(keys.joined(separator: ", ")))")
        }
    }

    /// All changes: listeners, upstreams, servers, routes, then the other keys of the top level.
    package private(set) var changes: [Change] = []

    package init(from old: Configuration, to new: Configuration) {
        compareListeners(old.listeners, new.listeners)
        compareUpstreams(old.upstreams, new.upstreams)
        compareRoutes(old.routes, new.routes)
        compareSettings(old, new)
    }

    /// Whether nothing differs.
    package var isEmpty: Bool { changes.isEmpty }

    /// A line for each change, the first ones in full; `no change` when there is none.
    package var lines: [String] {
        if changes.isEmpty { return ["no change"] }
        var lines = changes.prefix(Self.most).map(\.description)
        if changes.count > Self.most { lines.append("and \(changes.count - Self.most) more") }
        return lines
    }

    /// All in one line.
    package var summary: String { lines.joined(separator: ", ") }

    fileprivate mutating func note(_ kind: Change.Kind, _ what: String, _ name: String, _ keys: [String] = []) {
        let name = name.count > Self.longest ? String(name.prefix(Self.longest - 3)) + "..." : name
        changes.append(Change(kind: kind, what: what, name: Quoting.clean(name), keys: keys))
    }

    /// Those that are gone, those that differ, and those that are new, each in the order of its list.
    private mutating func compare<Element: Section & Equatable>(
        _ what: String, _ old: [Element], _ new: [Element], except: Set<String> = [], name: (Element) -> String
    ) {
        if old == new { return }
        let table = KeyTable<Element>()
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
        let after = Set(new.map(name))
        for element in old where !after.contains(name(element)) { note(.removed, what, name(element)) }
        for element in new {
            guard let other = before[name(element)] else { continue }
            let keys = SectionDifference.keys(other, element, table: table, except: except)
            if !keys.isEmpty { note(.changed, what, name(element), keys) }
        }
        for element in new where before[name(element)] == nil { note(.added, what, name(element)) }
    }

    private mutating func compareListeners(_ old: [ListenerConfiguration], _ new: [ListenerConfiguration]) {
        compare("listener", old, new) { $0.address.description }
    }

    private mutating func compareUpstreams(_ old: [UpstreamConfiguration], _ new: [UpstreamConfiguration]) {
        if old == new { return }
        compare("upstream", old, new, except: ["servers"], name: \.name)
        let before = Dictionary(old.map { ($0.name, $0.servers) }, uniquingKeysWith: { first, _ in first })
        for upstream in new {
            guard let servers = before[upstream.name] else { continue }
            compare("server", servers, upstream.servers) { "\(upstream.name)/\($0.address)" }
        }
    }

    private mutating func compareSettings(_ old: Configuration, _ new: Configuration) {
        let lists: Set<String> = ["include", "listeners", "upstreams", "routes"]
        for key in Configuration.keys where !lists.contains(key.name) && key.differs(old, new) {
            note(.changed, "setting", key.name, key.innerDifferences(old, new))
        }
    }
}

extension ConfigurationDiff {
    /// Routes are the same when they are for the same requests.
    private mutating func compareRoutes(_ old: RouteList, _ new: RouteList) {
        // Most of a large file stays as it is.
        let places = new.places(in: old)
        var matcher = RouteMatcher(old, besides: places)
        let partners = new.indices.map { places[$0] ?? matcher.take(new[$0]) }
        for index in matcher.left.sorted() { note(.removed, "route", old[index].place) }
        let others = new.indices.filter { places[$0] == nil }
        let table = KeyTable<RouteConfiguration>()
        for index in others {
            guard let partner = partners[index], old[partner] != new[index] else { continue }
            note(
                .changed, "route", new[index].place, SectionDifference.keys(old[partner], new[index], table: table))
        }
        for index in others where partners[index] == nil { note(.added, "route", new[index].place) }
        let order = partners.compactMap(\.self)
        if zip(order, order.dropFirst()).contains(where: { $0 > $1 }) { note(.changed, "setting", "routes", ["order"]) }
    }
}

/// Finds the old route for a new one.
private struct RouteMatcher {
    /// How many routes for the same paths are looked at: those that differ in their conditions alone are few, or their
    /// order is the same as before.
    private static let mostLooks = 100

    private let routes: RouteList
    private var places: [String: [Int]] = [:]
    /// Those that no new route was found for.
    private(set) var left: Set<Int>

    /// - Parameter known: the places of those that are the same as before.
    init(_ routes: RouteList, besides known: [Int?]) {
        self.routes = routes
        var isKnown = Array(repeating: false, count: routes.count)
        for case let place? in known { isKnown[place] = true }
        left = Set(routes.indices.filter { !isKnown[$0] })
        // The last ones first: what is found first is then cheap to take away.
        for index in routes.indices.reversed() where !isKnown[index] {
            places[routes[index].place, default: []].append(index)
        }
    }

    /// The route that was for the same requests; each is found once.
    mutating func take(_ route: RouteConfiguration) -> Int? {
        let (place, condition) = (route.place, route.condition)
        guard let candidates = places[place]?.suffix(Self.mostLooks),
            let index = candidates.lastIndex(where: { routes[$0].condition == condition })
        else { return nil }
        let found = candidates[index]
        places[place]?.remove(at: index)
        left.remove(found)
        return found
    }
}

extension RouteConfiguration {
    /// The requests that it is for, apart from what it asks for beside host and path: `example.com/v2`.
    fileprivate var place: String { host.joined(separator: ",") + (regex.map { "~" + $0 } ?? path) }
}
