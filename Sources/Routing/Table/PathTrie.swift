// From a path to the best pattern that it matches.

/// Path patterns by their segments, with a root for each host pattern.
struct PathTrie: Sendable {
    struct Node: BitwiseCopyable, Sendable {
        /// The child by `*`; 0 for none, as no node has node 0 as its child.
        var wildcard: UInt32 = 0
        /// The routes for a path that ends here, as a value of `RouteChains`.
        var exact: Int32 = RouteChains.none
        /// The routes for paths that end here or go on.
        var prefix: Int32 = RouteChains.none
        /// Of a root: its group of expressions; -1 for none.
        var expressions: Int32 = -1
        /// There are patterns that go on from here.
        var branches = false
    }

    /// Node 0 stands for no node.
    private var nodes: [Node] = [Node()]
    private var segments: SegmentTable
    private var chains = RouteChains()
    private var expressions: ExpressionIndex

    init(seed: UInt64) {
        segments = SegmentTable(seed: seed, isCaseless: false)
        expressions = ExpressionIndex(seed: seed)
    }

    /// A new root, or a place below one.
    mutating func addNode() -> UInt32 {
        nodes.append(Node())
        return UInt32(nodes.count - 1)
    }

    /// Adds a route, which comes behind those of the same pattern that are there.
    mutating func insert(_ path: RoutePath, below root: UInt32, route: Int, isConditional: Bool) {
        precondition(route >= 0, "values of routes are 0 or more")
        switch path {
        case .pattern(let pattern): insert(pattern, below: root, Int32(route), isConditional)
        case .expression(let expression):
            if nodes[Int(root)].expressions < 0 { nodes[Int(root)].expressions = expressions.addGroup() }
            expressions.insert(
                expression, group: nodes[Int(root)].expressions, route: Int32(route), isConditional: isConditional)
        }
    }

    private mutating func insert(
        _ pattern: PathPattern, below root: UInt32, _ route: Int32, _ isConditional: Bool
    ) {
        var node = root
        for segment in pattern.segments {
            if let segment { node = child(of: node, segment) } else { node = wildcard(of: node) }
        }
        let old = pattern.isPrefix ? nodes[Int(node)].prefix : nodes[Int(node)].exact
        let new = chains.add(route, isConditional: isConditional, to: old)
        if pattern.isPrefix { nodes[Int(node)].prefix = new } else { nodes[Int(node)].exact = new }
    }

    /// To be called when all routes are there.
    mutating func finish() { chains.finish() }

    private mutating func child(of node: UInt32, _ segment: String) -> UInt32 {
        var steps = 0
        if let child = segments.child(of: node, segment.utf8.span, steps: &steps) { return child }
        let child = addNode()
        nodes[Int(node)].branches = true
        segments.insert(segment.utf8.span, under: node, child: child)
        return child
    }

    private mutating func wildcard(of node: UInt32) -> UInt32 {
        if nodes[Int(node)].wildcard == 0 {
            let new = addNode()
            nodes[Int(node)].wildcard = new
            nodes[Int(node)].branches = true
        }
        return nodes[Int(node)].wildcard
    }

    /// The best route without conditions below `root` for a path that begins with "/"; `RouteChains.none` if there is none.
    /// Those with conditions that are better are added to the candidates.
    func find(_ path: Span<UInt8>, below root: UInt32, _ memory: inout RouteMemory) -> Int32 {
        let group = nodes.span[Int(root)].expressions
        if group >= 0 {
            let literal = findLiteral(path, below: root, &memory)
            if literal >= 0 { return literal }
            let found = expressions.find(path, group: group, &memory)
            if found >= 0 { return found }
        }
        return find(path, from: 1, below: root, &memory)
    }

    /// The same for paths that are written out as a whole.
    private func findLiteral(_ path: Span<UInt8>, below root: UInt32, _ memory: inout RouteMemory) -> Int32 {
        var node = root
        var start = 1
        while start <= path.count {
            let end = segmentEnd(path, from: start)
            guard let child = segments.child(of: node, path.extracting(start..<end), steps: &memory.steps) else {
                return RouteChains.none
            }
            node = child
            start = end + 1
        }
        return settle(nodes.span[Int(node)].exact, &memory)
    }

    private func segmentEnd(_ path: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < path.count && path[end] != 0x2F { end += 1 }
        return end
    }

    /// The route without conditions that a place has, whose others become candidates.
    @inline(__always)
    private func settle(_ value: Int32, _ memory: inout RouteMemory) -> Int32 {
        RouteChains.isList(value) ? chains.collect(value, into: &memory.candidates) : value
    }

    /// The same as `find` for the rest of a path, whose next segment begins at `start`; behind the path's end there is none.
    /// It goes as deep as the patterns do, not as the path.
    private func find(
        _ path: Span<UInt8>, from start: Int, below node: UInt32, _ memory: inout RouteMemory
    ) -> Int32 {
        memory.steps += 1
        let here = nodes.span[Int(node)]
        if start > path.count {
            let exact = settle(here.exact, &memory)
            return exact >= 0 ? exact : settle(here.prefix, &memory)
        }
        if !here.branches { return settle(here.prefix, &memory) }
        let end = segmentEnd(path, from: start)
        if let child = segments.child(of: node, path.extracting(start..<end), steps: &memory.steps) {
            let value = find(path, from: end + 1, below: child, &memory)
            if value >= 0 { return value }
        }
        if here.wildcard != 0 && start < end {
            let value = find(path, from: end + 1, below: here.wildcard, &memory)
            if value >= 0 { return value }
        }
        return settle(here.prefix, &memory)
    }
}
