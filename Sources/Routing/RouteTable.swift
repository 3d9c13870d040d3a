// From host and path to a route, in time that does not depend on the number of routes.
import MartletHTTPCore

/// A compiled set of routes.
///
/// Precedence does not depend on the order of the list. The host comes first: an exact name, then wildcards from the
/// longest to the shortest, then routes for any host; if the routes of one host do not have the path, the next is asked.
/// Among paths, segments are compared from the left: a literal is taken before `*`, and the longest match wins; an
/// exact path before a prefix.
///
/// Labels of hosts and segments of paths are the edges of tries, kept in hash tables, so a look-up costs a probe for each
/// label and each segment that some route has. Each is read once for each place of a trie that it leads to: patterns with
/// `*` may make a look-up follow two branches, but it visits no node twice, and what a client sends cannot add nodes.
package struct RouteTable: Sendable {
    private var hosts: HostTrie
    private var paths: PathTrie
    /// Where the paths of the routes for any host begin; 0 for none.
    private var anyHost: UInt32 = 0

    /// - Parameters:
    ///   - routes: pairs of patterns with the value that a look-up returns, 0 or more; `nil` is any host. Of two with the
    ///     same patterns the first counts.
    ///   - seed: for the hash tables; a random one unless given.
    package init(
        _ routes: [(host: HostPattern?, path: PathPattern, value: Int)],
        seed: UInt64 = .random(in: 0 ... .max)
    ) {
        hosts = HostTrie(seed: seed)
        paths = PathTrie(seed: seed)
        for route in routes { paths.insert(route.path, below: root(for: route.host), value: route.value) }
    }

    private mutating func root(for host: HostPattern?) -> UInt32 {
        if let host { return hosts.root(for: host) { paths.addNode() } }
        if anyHost == 0 { anyHost = paths.addNode() }
        return anyHost
    }

    /// The value of the route for a request; `nil` if there is none.
    /// - Parameters:
    ///   - host: the authority as it was sent, port and all.
    ///   - path: without the query; empty means "/". What does not begin with "/", such as "*", matches nothing.
    package func lookup(host: Span<UInt8>, path: Span<UInt8>) -> Int? {
        var steps = 0
        return lookup(host: host, path: path, steps: &steps)
    }

    /// The same, and how many slots and nodes were looked at.
    func lookup(host: Span<UInt8>, path: Span<UInt8>, steps: inout Int) -> Int? {
        if path.isEmpty { return lookup(host: host, path: StaticString("/").bytes, steps: &steps) }
        if path[0] != 0x2F { return nil }
        var match = hosts.match(host, steps: &steps)
        while let root = hosts.next(&match, steps: &steps) {
            if let value = paths.find(path, below: root, steps: &steps) { return value }
        }
        return anyHost == 0 ? nil : paths.find(path, below: anyHost, steps: &steps)
    }
}
