// From host and path to a route, in time that does not depend on the number of routes.
import MartletHTTPCore

/// A compiled set of routes.
///
/// Precedence does not depend on the order of the list. The host comes first: an exact name, then wildcards from the
/// longest to the shortest, then routes for any host; if the routes of one host do not have the path, the next is asked.
/// Among paths, segments are compared from the left: a literal is taken before `*`, and the longest match wins; an
/// exact path before a prefix.
///
/// Hosts and path segments are the edges of tries that share one hash table, so a look-up costs a probe for each label
/// and each segment. Patterns with `*` may make it look into two branches; each node is visited once at most.
package struct RouteTable: Sendable {
    /// A place in a path trie.
    struct Node: BitwiseCopyable, Sendable {
        /// The child by `*`; 0 for none, as no node has the root of all as its child.
        var wildcard: UInt32 = 0
        /// The route for a path that ends here; -1 for none.
        var exact: Int32 = -1
        /// The route for paths that end here or go on; -1 for none.
        var prefix: Int32 = -1
    }

    /// Node 0 stands for no node: hosts' tries are reached from it.
    private var nodes: [Node] = [Node()]
    private var edges: SegmentTable
    /// The root of the routes for any host; 0 for none.
    private var anyHost: UInt32 = 0
    private var hasWildcardHosts = false

    /// - Parameters:
    ///   - routes: pairs of patterns with the value that a look-up returns; `nil` is any host. Of two with the same
    ///     patterns the first counts.
    ///   - seed: for the hash table; a random one unless given.
    package init(
        _ routes: [(host: HostPattern?, path: PathPattern, value: Int)],
        seed: UInt64 = .random(in: 0 ... .max)
    ) {
        edges = SegmentTable(seed: seed)
        for route in routes {
            let root = root(for: route.host)
            let node = node(for: route.path, below: root)
            if route.path.isPrefix {
                if nodes[Int(node)].prefix < 0 { nodes[Int(node)].prefix = Int32(route.value) }
            } else if nodes[Int(node)].exact < 0 {
                nodes[Int(node)].exact = Int32(route.value)
            }
        }
    }

    /// The value of the route for a request; `nil` if there is none.
    /// - Parameters:
    ///   - host: the authority as it was sent, port and all.
    ///   - path: without the query; empty means "/".
    package func lookup(host: Span<UInt8>, path: Span<UInt8>) -> Int? {
        var steps = 0
        return lookup(host: host, path: path, steps: &steps)
    }

    /// The same, and how many slots were looked at.
    func lookup(host: Span<UInt8>, path: Span<UInt8>, steps: inout Int) -> Int? {
        let name = host.extracting(0..<Self.nameLength(of: host))
        // A name that begins with a dot is none; the table keeps `*.example.com` under such a key.
        if name.isEmpty || name[0] != 0x2E,
            let root = edges.child(of: 0, name, isCaseless: true, steps: &steps),
            let value = find(path, from: 1, below: root, steps: &steps)
        {
            return value
        }
        if hasWildcardHosts, let value = lookupWildcards(name, path, &steps) { return value }
        return anyHost == 0 ? nil : find(path, from: 1, below: anyHost, steps: &steps)
    }

    private func lookupWildcards(_ name: Span<UInt8>, _ path: Span<UInt8>, _ steps: inout Int) -> Int? {
        // A label must stand in front of the dot.
        for index in 0..<name.count where index > 0 && name[index] == 0x2E {
            if let root = edges.child(of: 0, name.extracting(index..<name.count), isCaseless: true, steps: &steps),
                let value = find(path, from: 1, below: root, steps: &steps)
            {
                return value
            }
        }
        return nil
    }

    /// The best match at or below `node` for the rest of the path, whose next segment begins at `start`.
    private func find(_ path: Span<UInt8>, from start: Int, below node: UInt32, steps: inout Int) -> Int? {
        steps += 1
        let here = nodes.span[Int(node)]
        if start > path.count && path.count > 0 {
            if here.exact >= 0 { return Int(here.exact) }
            return here.prefix >= 0 ? Int(here.prefix) : nil
        }
        var end = min(start, path.count)
        while end < path.count && path[end] != 0x2F { end += 1 }
        let segment = path.extracting(min(start, end)..<end)
        // An empty path is "/": one empty segment, and then the end.
        let next = path.count == 0 ? 2 : end + 1
        if let child = edges.child(of: node, segment, isCaseless: false, steps: &steps),
            let value = path.count == 0 ? leaf(child) : find(path, from: next, below: child, steps: &steps)
        {
            return value
        }
        if here.wildcard != 0 && !segment.isEmpty,
            let value = find(path, from: next, below: here.wildcard, steps: &steps)
        {
            return value
        }
        return here.prefix >= 0 ? Int(here.prefix) : nil
    }

    private func leaf(_ node: UInt32) -> Int? {
        let here = nodes[Int(node)]
        if here.exact >= 0 { return Int(here.exact) }
        return here.prefix >= 0 ? Int(here.prefix) : nil
    }

    /// How much of an authority is the name: without port and final dot.
    private static func nameLength(of host: Span<UInt8>) -> Int {
        var end = host.count
        var index = end - 1
        while index >= 0 && host[index] >= 0x30 && host[index] <= 0x39 { index -= 1 }
        if index >= 0 && host[index] == 0x3A { end = index }
        if end > 1 && host[end - 1] == 0x2E { end -= 1 }
        return end
    }

    private mutating func root(for host: HostPattern?) -> UInt32 {
        guard let host else {
            if anyHost == 0 { anyHost = addNode() }
            return anyHost
        }
        if host.isWildcard { hasWildcardHosts = true }
        return child(of: 0, host.name, isCaseless: true)
    }

    private mutating func node(for path: PathPattern, below root: UInt32) -> UInt32 {
        var node = root
        for segment in path.segments {
            if let segment {
                node = child(of: node, segment, isCaseless: false)
            } else {
                if nodes[Int(node)].wildcard == 0 {
                    let new = addNode()
                    nodes[Int(node)].wildcard = new
                }
                node = nodes[Int(node)].wildcard
            }
        }
        return node
    }

    private mutating func child(of node: UInt32, _ key: String, isCaseless: Bool) -> UInt32 {
        var steps = 0
        let bytes = key.utf8.span
        if let child = edges.child(of: node, bytes, isCaseless: isCaseless, steps: &steps) { return child }
        let child = addNode()
        edges.insert(bytes, under: node, child: child, isCaseless: isCaseless)
        return child
    }

    private mutating func addNode() -> UInt32 {
        nodes.append(Node())
        return UInt32(nodes.count - 1)
    }
}
